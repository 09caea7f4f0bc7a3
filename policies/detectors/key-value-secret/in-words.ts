import type { Assignment } from './assignment.ts';
import type { Key } from './keys.ts';
import { isChosenWord, isJoinedWords, isTechnique } from './states.ts';
import { PASSWORDS } from './words.ts';

/** Behind the value the clause ends: with the line, at a sign, or with a word that begins another one. */
const CLAUSE_END =
  /^["'`*_]{0,3}(?:[.!?)\]]{0,3}[ \t]{0,8}(?:$|\r?\n)|[ ]{0,2}[,;)|\]}<](?!\S)|\.[ ]|[ ]{1,2}(?:[-–—(|&+/@]|(?:for|on|in|and|not|but|so|now|thanks|thx|pls|please|btw|fyi|until|till|ask|if|it|then|valid|works?|today|yesterday|tomorrow|tonight|this|last|again|everyone|guys|team|um|für|auf|bei|pour|sur|para|en|em|voor|from|op|dla|na)(?=[ ,.!]|$)))/i;
/** The line ends there. */
const LINE_END = /^["'`*_]{0,3}[.!?)|\]]{0,3}[ \t|]{0,8}(?:$|\r?\n|\\n)/;
/** `set the root pw to …`, `from … to …`: without a verb, `the password to unlock` is no assignment. */
const CHANGES =
  /\b(?:re)?(?:set|chang|rotat|updat|switch|mov|made|make|revert|default|bump|replac)[a-z]{0,4}\b[^\n]{0,48}$/i;
const DIRECTED = /[ ](?:to|from)[ ]?:?[ ]{1,2}$/i;
/** A rule or a forecast, which has adjectives. */
const SHOULD = /[ ](?:should|must|will|shall)[ ]be\b/i;
const ONWARDS = /^[ ](?:to|->|→|=>)[ ]\S/;
/** A password that stands directly behind its name: what is in front of the two tells it from `password rotation`. */
const LEADS =
  /(?:\b(?:with|using|via|keystore|truststore|vpn|zip|wi-?fi|generated|setting|trying|tried|got|use|used|enter|entered|wrong|invalid|bad|temp|temporary|initial|one-time|default|admin|root|and|mit|con|avec|met)|[,;|/+&(]|\b(?:hard-?coded?|leak(?:ed|s)?|expos(?:ed|es)|user(?:name)?[ ][\w@.-]{1,40}|login[ ][\w@.-]{1,40}))[ ]?(?:the |a |new )?$|(?:^|\n)[ \t]{0,8}$/i;
/** Of the verb `pass` there are more. */
const LEADS_OF_PASS =
  /(?:\b(?:keystore|truststore|vpn|zip|wi-?fi|user(?:name)?[ ][\w@.-]{1,40}|login[ ][\w@.-]{1,40})|[,;|(])[ ]?$/i;
/** `the second pass is …` */
const ROUND =
  /\b(?:first|second|third|next|last|final|each|every|this|that|single|one|per|build|test|initial|previous|another)[ ]$/i;
/** `PASS: x` is what a test runner says. */
const REPORTS = /^PASS/;
const MIXED = /^(?=[^A-Za-z]{0,64}[A-Za-z])(?=[^0-9!@#$%^&*+=~?]{0,64}[0-9!@#$%^&*+=~?])[^\s"'`<>/\\]{5,64}$/;
const STRONG_START = /^(?:pass(?:wor|phr|cod)|pw|pswd|pwd|kenn|senha|mot|wacht|contr|sala|hesl|adga|senord)/;
const ORDINARY =
  /^[0-9.,:%-]{1,32}[a-z]{0,8}$|^[a-z]{1,12}[0-9]?\.[a-z]{2,4}$|^v[0-9]|^[A-Za-z0-9]{1,3}\)$|\($|&(?:quot|amp|lt|gt|#[0-9]{1,3});?/i;
const PASSPHRASE = /^pass[ _.-]?phrase$/;
const PHRASE = /^[a-z]{3,16}(?:[ ][a-z]{3,16}){2,11}(?=[.!]{0,2}[ \t]{0,4}(?:$|\r?\n|["'`]))/;

export const IN_WORDS_PATTERNS: readonly RegExp[] = [
  CLAUSE_END,
  LINE_END,
  CHANGES,
  DIRECTED,
  SHOULD,
  ONWARDS,
  LEADS,
  LEADS_OF_PASS,
  ROUND,
  REPORTS,
  MIXED,
  STRONG_START,
  ORDINARY,
  PASSPHRASE,
  PHRASE,
];

/** Whether words say that this is a password, where nothing but letters, or little more, tells it from a word of prose. */
export function isToldInWords(text: string, key: Key, value: string, found: Assignment): boolean {
  if (!PASSWORDS.has(key.word) || key.isLonger) return false;
  const { certainty, start, end, isQuoted } = found;
  if (certainty === 'sure' || certainty === 'bracket' || certainty === 'told') return false;
  const gap = text.slice(key.end, start);
  if (PASSPHRASE.test(key.word) && endOfPhrase(text, key, found) !== undefined) return true;
  const word = value.replace(/[.,;:!?)]{1,3}$/, '').replaceAll(/[“”„«»‘’]/g, '');
  if (isQuoted) return isQuotedWord(text, key, gap, value);
  if (/[-=]>/.test(gap) && !/[ ]$/.test(gap)) return false;
  const after = text.slice(end - (value.length - word.length), end + 24);
  const isWord = isChosenWord(word) || isJoinedWords(word);
  if (gap.includes('\n')) return isUnderItsName(text, key, gap, word, isWord, after);
  if (certainty === 'bare' && gap.trim() === '')
    return isWord && word.length >= 6 && isLed(text, key) && endsBare(word, after);
  if (gap.endsWith('(')) return isMixedWord(word);
  if (certainty === 'said' || certainty === 'vague') {
    if (key.word === 'pass' && ROUND.test(text.slice(Math.max(0, key.start - 16), key.start))) return false;
    if (DIRECTED.test(gap) && !isChange(text, key, gap, after)) return false;
    if (isMixedWord(word)) return true;
    if (gap === ':' || gap === '=') return isWord && word.length >= 6 && LINE_END.test(after);
    return (
      isWord && (CLAUSE_END.test(after) || ONWARDS.test(after)) && (!SHOULD.test(gap) || word.length >= 12)
    );
  }
  if (certainty === 'likely' && REPORTS.test(text.slice(key.start, key.start + 4))) return false;
  return isWord && LINE_END.test(after);
}

/** At the end of a line; a long word, also at that of its clause. */
function endsBare(word: string, after: string): boolean {
  return LINE_END.test(after) || (word.length >= 10 && CLAUSE_END.test(after));
}

/** Where the words of a passphrase end, of which the value is the first. */
export function endOfPhrase(text: string, key: Key, { start, certainty }: Assignment): number | undefined {
  if (!PASSPHRASE.test(key.word) || certainty === 'bare' || certainty === 'bracket') return undefined;
  const phrase = PHRASE.exec(text.slice(start, start + 160))?.[0];
  if (phrase === undefined) return undefined;
  const words = phrase.split(' ');
  return words.every((word) => word.length < 5 || isChosenWord(word)) &&
    words.filter(isChosenWord).length >= 2
    ? start + phrase.length
    : undefined;
}

/** `"kettle birch hazel"` */
export function isPassphrase(key: Key, value: string): boolean {
  return PASSPHRASE.test(key.word) && /^[a-z]{3,16}(?:[ ][a-z]{3,16}){1,11}$/i.test(value);
}

/** Letters with digits or signs, five characters or more: said of a password, or behind a label. */
export function isMixedWord(word: string): boolean {
  return MIXED.test(word) && !ORDINARY.test(word) && !isTechnique(word);
}

/** `password 'word'`, where the name is in no quotes of its own. */
function isQuotedWord(text: string, key: Key, gap: string, value: string): boolean {
  if (/^(?:[*_]{1,3}[ ]?:|:[*_]{1,3})[ ]{1,2}["'`]$/.test(gap))
    return isChosenWord(value) || isJoinedWords(value);
  if (!/^[ ]{1,2}["'`]$/.test(gap) || /["'`]/.test(text.charAt(key.start - 1))) return false;
  return key.word !== 'pass' && value.length >= 8 && (isChosenWord(value) || isJoinedWords(value));
}

function isChange(text: string, key: Key, gap: string, after: string): boolean {
  if (/[ ]from[ ]?:?[ ]{1,2}$/i.test(gap) && !ONWARDS.test(after)) return false;
  return CHANGES.test(gap) || CHANGES.test(text.slice(Math.max(0, key.start - 64), key.start));
}

/** The name alone in its line, and the value alone in the next. */
function isUnderItsName(
  text: string,
  key: Key,
  gap: string,
  word: string,
  isWord: boolean,
  after: string,
): boolean {
  if (
    !STRONG_START.test(key.word) ||
    !LINE_END.test(after) ||
    !/^[*_:]{0,4}[ \t]{0,4}\r?\n(?:[ \t]{0,4}\r?\n)?[ \t]{0,4}$/.test(gap)
  )
    return false;
  const line = text.slice(Math.max(0, key.start - 40), key.start);
  if (
    !/(?:^|\n)(?:[#>*_ \t-]|(?:the|here is|here's|this is|use|new|your|admin|root|default|temp|temporary|initial)[ ]){0,4}$/i.test(
      line,
    )
  )
    return false;
  return isMixedWord(word) || (isWord && word.length >= 10 && word === word.toLowerCase());
}

function isLed(text: string, key: Key): boolean {
  const leads = key.word === 'pass' ? LEADS_OF_PASS : LEADS;
  return leads.test(text.slice(Math.max(0, key.start - 48), key.start));
}
