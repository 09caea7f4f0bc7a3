import type { Span } from '../detector.ts';
import { isEncrypted } from '../encrypted.ts';
import { isMixedWord } from '../key-value-secret/in-words.ts';
import { isWordOrStronger, strengthOf } from './token.ts';

const BACK = 160;
const AHEAD = 200;
const SENTENCE_END = /[.!?;][)"'\x60]{0,2}[ \t]{1,4}(?=[A-Z0-9"'\x60(])/g;
/** A word with what stands around it: quotes, brackets, what ends a clause. */
const WORD =
  /(?<open>["'\x60([*<«„“]{0,3})(?<word>[^\s"'\x60«»“”]{5,128}?)(?<close>["'\x60)\]*>»”,.;:!?]{0,4})(?=\s|$)/dg;
/** What the word is said to be, right before it: then it is no password. */
const NAMED_BEFORE =
  /(?:^|[^a-z])(?:user|users|username|role|account|login|host|hosts|server|database|db|schema|table|column|image|tag|build|commit|version|release|pod|node|cluster|namespace|service|deployment|container|job|run|request|trace|span|session|transaction|correlation|ticket|incident|issue|case|change|order|id|ids|uuid|guid|hash|digest|checksum|sha|fingerprint|serial|revision|branch|file|path|key|arn|bucket|queue|topic|region|zone|code|error|sqlstate|event|rule|class|method|function|variable|parameter|field|property|attribute|module|package|library|algorithm|cipher|protocol|label|secret named|named|called|item|entry|vault|model)s?[ ]{0,2}[:=#]?[ ]{0,2}["'\x60(]{0,2}$/i;
/** `request_id=`, `id:`: the word has a name of its own. */
const LABELLED_BEFORE = /[\w)\]"'][:=][ ]{0,2}["'\x60(]{0,2}$/;
const PASSWORD_LABEL =
  /(?:passw\w{0,8}|passphrase|pass|pwd|pw|creds?|credentials?|one|this|value|heslo|senha)[:=][ ]{0,2}["'\x60(]{0,2}$/i;
/** Right before a word that only its place makes a password. */
const LEADS =
  /(?:^|[^a-z])(?:it(?:['’]?s| is| was)|that(?:['’]s| is| was)|is|was|est|ist|lautet|war|es|é|è|era|jest|je|är|er|being|namely|still|one|now|literally|just|simply|currently|actually|us(?:e|ed|ing)|typ(?:e|ed|ing)|enter(?:ed|ing)?|tr(?:y|ied|ying)|[ ][-–—]|passwords?|passwort|passphrase|passwd|kennwort|pwd|heslo|senha|wachtwoord|mot de passe|creds|credentials)[ ]?[:=]?[ ]["'\x60(*]{0,3}$/i;
/** Directly behind its name, words of a passphrase need what goes on behind them. */
const GOES_ON =
  /^[!?"'\x60)*,.]{0,4}(?:[ \t]{0,4}(?:$|\r?\n)|[ ][(–—-]|[ ](?:expires?|expired|works?|worked|is|was|has|had|does|did|until|till|valid|for|on|in|and|but|to|which|that|when|before|after|from|while|because|(?:still|no longer) )(?=[ \w]))/i;
const CHANGED =
  /(?:^|[ ])from[ ]["'\x60]?(?<first>[^\s"'\x60]{5,128})["'\x60]?[ ](?:to|into)[ ]["'\x60]?(?<second>[^\s"'\x60]{5,128}?)["'\x60]?(?=[\s.,;)!?]|$)/dgi;
const NOUN_AFTER =
  /^["'\x60)*]{0,3}[ ](?:user|role|account|host|server|database|table|column|image|pod|node|cluster|namespace|service|deployment|container|job|branch|file|library|package|module|class|method|endpoint|plugin|driver|algorithm|hash|hashes|policy|field|parameter|variable|encryption|encoding|format|secret)\b/i;

/** `password for the jump host, x,`: with a qualifier between. */
const APPOSED = /(?:passw\w{0,8}|passphrase|passwd|pwd|creds|credentials?)(?:[ ][\w.'-]{1,24}){1,6},[ ]$/i;
/** `das Passwort für den Server im Labor: x`: from the word to the sign nothing but what it is for. */
const FOR_WHAT =
  /^\p{L}{0,4}[ ](?:for|of|on|to|in|für|von|vom|auf|de|du|des|del|da|do|della|per|para|pour|sur|dla|na|k|ke|pro|van|voor|till|root|admin)(?:[ ][\p{L}\p{N}_./@'-]{1,40}){0,7}[ ]?:[ ]["'\x60(]{0,2}$/iu;

export const SENTENCE_PATTERNS: readonly RegExp[] = [
  SENTENCE_END,
  WORD,
  NAMED_BEFORE,
  LABELLED_BEFORE,
  PASSWORD_LABEL,
  LEADS,
  GOES_ON,
  CHANGED,
  NOUN_AFTER,
  APPOSED,
  FOR_WHAT,
];

interface Sentence {
  readonly from: number;
  readonly to: number;
}

/** Passwords in the sentence in which a word for one stands. */
export function* inSentence(
  text: string,
  start: number,
  end: number,
  { from, to }: Sentence,
): Generator<Span> {
  const sentence = text.slice(from, to);
  for (const match of sentence.matchAll(CHANGED)) yield* changed(sentence, from, match);
  for (const match of sentence.matchAll(WORD)) {
    const [at, stop] = match.indices?.groups?.['word'] ?? [0, 0];
    const [open, close] = [match.groups?.['open'] ?? '', match.groups?.['close'] ?? ''];
    const value = sentence.slice(at, stop);
    const strength = strengthOf(value);
    if (strength === 'none' || isEncrypted(text, value, from + at)) continue;
    const before = sentence.slice(0, match.index + open.length);
    const isTold = from + at > end && FOR_WHAT.test(before.slice(end - from));
    if (!isTold && isNamed(before, sentence.slice(stop))) continue;
    if (
      isTold ||
      strength === 'strong' ||
      isSaidBy(before, sentence.slice(stop), open, close, from + at > start)
    )
      yield { start: from + at, end: from + stop };
  }
}

/** It says whose, or what, it is. */
function isNamed(before: string, after: string): boolean {
  const near = before.slice(-48);
  if (NOUN_AFTER.test(after.slice(0, 32))) return true;
  return NAMED_BEFORE.test(near) || (LABELLED_BEFORE.test(near) && !PASSWORD_LABEL.test(near));
}

/** In brackets or between commas behind the word, or where a sentence says what it is. */
function isSaidBy(before: string, after: string, open: string, close: string, isBehind: boolean): boolean {
  if (!isBehind) return false;
  if (open.endsWith('(') && close.startsWith(')')) return true;
  if (
    /^[!?]?,/.test(close) &&
    /(?:passw\w{0,8}|passphrase|passwd|pwd|creds|credentials?|one)[ ]{0,1},[ ]$/i.test(before.slice(-24))
  )
    return true;
  if (/^[!?]?,/.test(close) && APPOSED.test(before.slice(-128))) return true;
  return LEADS.test(before.slice(-32)) && GOES_ON.test(after.slice(0, 24));
}

function* changed(sentence: string, from: number, { indices }: RegExpExecArray): Generator<Span> {
  const [first, second] = [indices?.groups?.['first'], indices?.groups?.['second']];
  if (first === undefined || second === undefined) return;
  const values = [first, second].map(([at, stop]) => sentence.slice(at, stop));
  if (
    !values.every((value) => isWordOrStronger(value) || isMixedWord(value)) ||
    !values.some((value) => strengthOf(value) !== 'none')
  )
    return;
  if (isNamed(sentence.slice(0, first[0]), '')) return;
  for (const [at, stop] of [first, second]) yield { start: from + at, end: from + stop };
}

/** Up to a line break or to what begins the next one, and no further than what is read. */
export function sentenceAround(text: string, start: number, end: number): Sentence {
  const before = text.slice(Math.max(0, start - BACK), start);
  const after = text.slice(end, end + AHEAD);
  const line = before.lastIndexOf('\n') + 1;
  const last = [...before.slice(line).matchAll(SENTENCE_END)].at(-1);
  const from = start - before.length + line + (last === undefined ? 0 : last.index + last[0].length);
  const newline = after.indexOf('\n');
  const rest = newline === -1 ? after : after.slice(0, newline);
  SENTENCE_END.lastIndex = 0;
  const stop = SENTENCE_END.exec(rest)?.index ?? rest.length;
  return { from, to: end + stop };
}
