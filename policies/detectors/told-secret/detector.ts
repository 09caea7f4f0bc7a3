import type { Detector, Span } from '../detector.ts';
import { VALUE_PATTERNS } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { isLetterAt } from '../letters.ts';
import { ACCOUNT_PATTERNS, mayBePair, pairsIn } from './accounts.ts';
import { ANSWER_PATTERNS, answersTo } from './answer.ts';
import { SEED_PATTERNS, seedsBehind } from './seed.ts';
import { inSentence, SENTENCE_PATTERNS, sentenceAround } from './sentence.ts';
import { TOKEN_PATTERNS } from './token.ts';

/** Words for a password that are no words for anything else. */
const WORDS: readonly string[] = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'credential',
  'creds',
  'passwort',
  'kennwort',
  'mot de passe',
  'wachtwoord',
  'contrase',
  'senha',
  'heslo',
];
/** Those which only a question makes one. */
const QUESTIONS: readonly string[] = [
  'pass?',
  'pass for',
  'pw?',
  'pw for',
  'pwd?',
  'pwd for',
  'pin?',
  'pin for',
  'login?',
  'login for',
];
const SEEDS: readonly string[] = [
  'mfa ',
  'mfa-',
  '2fa ',
  '2fa-',
  'totp',
  'authenticator',
  'otp seed',
  'otp secret',
];
const PAIRS: readonly string[] = [' / ', 'admin/', 'administrator/', 'root/'];
const KEYWORDS: readonly string[] = [...WORDS, ...QUESTIONS, ...SEEDS, ...PAIRS];
const startsIn = keywordStarts(KEYWORDS);
const LONGEST = Math.max(...KEYWORDS.map(({ length }) => length));

function* secrets(text: string, starts: readonly number[] = startsIn(text)): Generator<Span> {
  let hasPair = false;
  let read = 0;
  for (const start of new Set(starts)) {
    const head = text.slice(start, start + LONGEST).toLowerCase();
    const isHead = (word: string): boolean => head.startsWith(word);
    if (PAIRS.some(isHead)) hasPair = true;
    const word = WORDS.find(isHead);
    if (word !== undefined && isOfSentence(text, start, start + word.length)) {
      const end = start + word.length;
      if (end >= read) {
        const sentence = sentenceAround(text, start, end);
        yield* inSentence(text, start, end, sentence);
        read = sentence.to - OVERLAP;
      }
      yield* answersTo(text, start, end);
    }
    const question = QUESTIONS.find(isHead);
    if (question !== undefined && !isLetterAt(text, start - 1)) {
      yield* answersTo(
        text,
        start,
        start + (question.match(/[a-z]/g)?.length ?? 0) - (question.endsWith('for') ? 3 : 0),
      );
    }
    const seed = SEEDS.find(isHead);
    if (seed !== undefined) yield* seedsBehind(text, start + seed.length);
  }
  if (hasPair) yield* pairsIn(text);
}

/** A sentence is read once; of a long one, what is left behind another word for a password. */
const OVERLAP = 48;

/** No key of a file and no part of a name: blanks or signs of a sentence around it. */
function isOfSentence(text: string, start: number, end: number): boolean {
  if (IN_NAME[text.charCodeAt(start - 1)] === 1) return false;
  let at = end;
  while (at < end + LONGEST_ENDING && isLetterAt(text, at)) at++;
  return at === text.length || MAY_FOLLOW[text.charCodeAt(at)] === 1 || text.charCodeAt(at) > 127;
}

/** `credentials`, `contraseñas` */
const LONGEST_ENDING = 4;
const IN_NAME = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.$@/"<&=%{-]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const MAY_FOLLOW = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\s,.?!;:)'*\x60-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function accepts(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (last === STROKE || (last === SPACE && text.charCodeAt(start) === SPACE))
    return mayBePair(text, start, end);
  const word = text.slice(start, end).toLowerCase();
  if (WORDS.includes(word)) return isOfSentence(text, start, end);
  return !isLetterAt(text, start - 1);
}

const STROKE = 0x2f;
const SPACE = 0x20;

export const detector: Detector = {
  id: 'told-secret',
  title: 'Password told in a sentence, in an answer, or beside an account',
  docs: 'CWE-532, CWE-312: reports, tickets and chats in which people tell each other passwords; RFC 6238 for seeds',
  net: 'text',
  keywords: KEYWORDS,
  accepts,
  shapes: [],
  patterns: [
    ...TOKEN_PATTERNS,
    ...SENTENCE_PATTERNS,
    ...ANSWER_PATTERNS,
    ...ACCOUNT_PATTERNS,
    ...SEED_PATTERNS,
    ...VALUE_PATTERNS,
  ],
  find: secrets,
};
