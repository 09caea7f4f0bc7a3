import type { Detector, Span } from '../detector.ts';

/** The words are 3 to 8 small letters; phrases have 12, 15, 18, 21 or 24 of them. */
const RUN = /(?<![A-Za-z0-9])[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23}(?![A-Za-z0-9])/g;
const LENGTHS: ReadonlySet<number> = new Set([12, 15, 18, 21, 24]);
/** Frequent words of English prose and logs that are not on the list. */
const NOT_LISTED: ReadonlySet<string> = new Set(
  'the and for was are not but had has his her its our out she him them their than those whom whose why how were been being would could did does done got such also from most which while your yours mine too yet nor both many here because through against down failed failing errors using used pods nodes files lines called calls return returns returned values names types users json yaml http https ports hosts servers requests connection closed opened timeout container images pulling pulled created started starting stopped killed running waiting pending'.split(
    ' ',
  ),
);
const CONTEXT = /mnemonic|seed|recovery|phrase|wallet|bip-?39|backup words/i;

function* phrases(text: string): Generator<Span> {
  for (const match of text.matchAll(RUN)) {
    const words = match[0].split(/[ ,]{1,2}/);
    const hasContext = CONTEXT.test(text.slice(Math.max(0, match.index - 64), match.index));
    if (isListed(words) && (hasContext || LENGTHS.has(words.length)))
      yield { start: match.index, end: match.index + match[0].length };
  }
}

function isListed(words: readonly string[]): boolean {
  return !words.some((word) => NOT_LISTED.has(word) || /(?:ing|ed|ly|tion|ies)$/.test(word));
}

export const detector: Detector = {
  id: 'seed-phrase',
  title: 'Recovery phrase of a wallet',
  docs: 'https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki',
  net: 'text',
  keywords: [
    'mnemonic',
    'seed',
    'recovery',
    'phrase',
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
  patterns: [RUN, CONTEXT],
  find: phrases,
};
