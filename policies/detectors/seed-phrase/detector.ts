import { type Detector, type Span, spansOf } from '../detector.ts';
import { isStatus } from '../key-value-secret/value.ts';

/** The words are 3 to 8 small letters; phrases have 12, 15, 18, 21 or 24 of them. */
const RUN = /(?<![A-Za-z0-9])[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23}(?![A-Za-z0-9])/g;
const LENGTHS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);
/** Frequent words of English prose and logs that are not on the list. */
const NOT_LISTED: ReadonlySet<string> = new Set(
  'the and for was are not but had has his her its our out she him them their than those whom whose why how were been being would could did does done got such also from most which while your yours mine too yet nor both many here because through against down failed failing errors using used pods nodes files lines called calls return returns returned values names types users json yaml http https ports hosts servers requests connection closed opened timeout container images pulling pulled created started starting stopped killed running waiting pending'.split(
    ' ',
  ),
);
const NAMED = /(?:mnemonic|phrase|seed|backup words)["']?(?:[ ]is|[ ]?[:=])[ ]{0,4}["'`]?$/i;
/** Words in quotes behind a word for it. */
const PASSPHRASE =
  /(?:pass[ -]?phrase|pass[ -]?word)[^\n"'`]{0,48}?(?:\bis|:|=|->)[ ]{1,2}["'`](?<secret>[^\s"'`]{3,32}(?:[ ][^\s"'`]{3,32}){2,11})["'`]/dgi;
const CONTEXT = /mnemonic|seed|recovery|phrase|wallet|bip-?39|backup words/i;

function* phrases(text: string): Generator<Span> {
  for (const match of text.matchAll(RUN)) {
    const words = match[0].split(/[ ,]{1,2}/);
    const hasContext = CONTEXT.test(text.slice(Math.max(0, match.index - 64), match.index));
    if (isListed(words, isNamed(text, match.index)) && (hasContext || LENGTHS.has(words.length)))
      yield { start: match.index, end: match.index + match[0].length };
  }
  for (const span of spansOf(text, PASSPHRASE)) {
    if (!text.slice(span.start, span.end).split(' ').some(isStatus)) yield span;
  }
}

/** What stands right before it calls it so: then a few words may be of those that prose is full of. */
function isNamed(text: string, start: number): boolean {
  return NAMED.test(text.slice(Math.max(0, start - 40), start));
}

function isListed(words: readonly string[], isNamed: boolean): boolean {
  const others = words.filter((word) => NOT_LISTED.has(word) || /(?:ing|ed|ly|tion|ies)$/.test(word));
  return others.length <= (isNamed ? words.length / 4 : 0);
}

export const detector: Detector = {
  id: 'seed-phrase',
  title: 'Passphrase of several words, as the recovery phrase of a wallet',
  docs: 'https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki',
  net: 'text',
  keywords: [
    'mnemonic',
    'seed',
    'recovery',
    'phrase',
    'password is "',
    "password is '",
    'password: "',
    'wallet',
    'bip',
    // how the published test vectors start, and what test networks use
    'abandon abandon',
    'zoo zoo zoo',
    'legal winner thank',
    'letter advice cage',
    'test test test',
  ],
  shapes: [],
  patterns: [RUN, CONTEXT, NAMED, PASSPHRASE],
  find: phrases,
};
