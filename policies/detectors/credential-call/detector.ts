import type { Detector, Span } from '../detector.ts';
import { isCode, isGenerated, isReference } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { CALLS, type Call, CLIENTS } from './calls.ts';
import { FORMS } from './forms.ts';

const REACH = 512;
/** What makes bytes, an option or an object of a string: the argument is the string in it. */
const WRAPPER = String.raw`(?:(?:new[ ])?(?:\[\]byte|Some|Secret(?:Str|String)?(?:::new)?|String(?:::from)?|bytes|(?:[\w.]{1,32}\.)?(?:GetBytes|getBytes)|Buffer\.from|to_bytes|b64decode|base64\.b64decode)\(\s{0,8}){0,2}`;
/** One argument: a string literal, or anything without a comma, bracket or quote, and a call in it. */
const ARGUMENT = new RegExp(
  String.raw`\s{0,64}(?:${WRAPPER}[brufBRUF@$]{0,2}(?:"(?<double>(?:[^"\\\n]|\\.){0,256})"?|'(?<single>(?:[^'\\\n]|\\.){0,256})'?)\)?(?:,[ ]?"?(?:utf-?8|UTF-?8|ascii)"?\))?|[^\s,()"'][^,()"'\n]{0,128}(?:\([^()\n]{0,64}\))?|)(?:\.[\w.]{1,32}\([^()]{0,64}\))?\)?\s{0,64}(?<end>[,)]|$)`,
  'dy',
);
const MIN_LENGTH = 3;
/** What a form has beside its fields, and what says nothing but how somebody signs in. */
const LABEL = /^(?:Password|Username|User|Login|Token|Bearer|Basic|bearer|basic|digest)$/;

const CALLED = new Map<string, Call>(CALLS.map((call) => [`${call.name}(`, call]));
const KEYWORDS: readonly string[] = [
  ...new Set([...CALLED.keys(), ...CLIENTS, ...FORMS.flatMap(({ words }) => words)]),
];
const LONGEST = Math.max(...KEYWORDS.map(({ length }) => length));
const NAMES_BY_START = Map.groupBy(CALLED.keys(), (name) => name.charAt(0));
const startsIn = keywordStarts(KEYWORDS);

function secrets(text: string, starts: readonly number[] = startsIn(text)): readonly Span[] {
  const spans: Span[] = [];
  const patterns = new Set<RegExp>();
  const covered = new Map<string, number>();
  for (const start of new Set(starts)) {
    const head = text.slice(start, start + LONGEST).toLowerCase();
    for (const name of NAMES_BY_START.get(head.charAt(0)) ?? []) {
      if (head.startsWith(name)) readCall(text, start, name, covered, spans);
    }
    for (const name of CLIENTS) if (head.startsWith(name)) readClient(text, start, name, covered, spans);
    for (const { words, pattern } of FORMS) {
      if (words.some((word) => head.startsWith(word))) patterns.add(pattern);
    }
  }
  for (const pattern of patterns) addForms(text, pattern, spans);
  return spans;
}

function readCall(text: string, at: number, name: string, covered: Map<string, number>, spans: Span[]): void {
  if (at < (covered.get(name) ?? 0)) return;
  if (isLetterAt(name, 0) && (isLetterAt(text, at - 1) || isDigitAt(text, at - 1))) return;
  const args = argumentsAt(text, at + name.length);
  covered.set(name, args.at(-1)?.end ?? at);
  const secret = CALLED.get(name)?.secret ?? [];
  const places = secret === 'last' ? [args.findLastIndex(({ isLiteral }) => isLiteral)] : secret;
  for (const place of places) {
    const arg = args[place];
    if (arg?.isLiteral === true && isSecret(text.slice(arg.start, arg.end))) spans.push(arg);
  }
}

function readClient(
  text: string,
  at: number,
  name: string,
  covered: Map<string, number>,
  spans: Span[],
): void {
  if (at < (covered.get(name) ?? 0)) return;
  const args = argumentsAt(text, at + name.length);
  covered.set(name, args.at(-1)?.end ?? at);
  for (const arg of args) if (arg.isLiteral && isKey(text.slice(arg.start, arg.end))) spans.push(arg);
}

function addForms(text: string, pattern: RegExp, spans: Span[]): void {
  for (const match of text.matchAll(pattern)) {
    const groups = match.indices?.groups;
    const [start, end] = groups?.['secret'] ?? groups?.['single'] ?? groups?.['raw'] ?? [0, 0];
    if (isSecret(text.slice(start, end))) spans.push({ start, end });
  }
}

function isSecret(value: string): boolean {
  if (value === 'secret') return true;
  return value.length >= MIN_LENGTH && !LABEL.test(value) && !isReference(value) && !isCode(value);
}

/** Where only a generated value tells: no URL, and nothing with words in it. */
function isKey(value: string): boolean {
  return value.length >= SHORTEST_KEY && KEY.test(value) && isGenerated(value);
}

const SHORTEST_KEY = 16;
const KEY = /^[A-Za-z0-9_+/=.:-]{16,256}$/;

interface Argument extends Span {
  readonly isLiteral: boolean;
}

function argumentsAt(text: string, from: number): Argument[] {
  const args: Argument[] = [];
  ARGUMENT.lastIndex = from;
  for (let match = ARGUMENT.exec(text); match !== null; match = ARGUMENT.exec(text)) {
    const groups = match.indices?.groups;
    const literal = groups?.['double'] ?? groups?.['single'];
    const [start, end] = literal ?? [match.index, ARGUMENT.lastIndex];
    args.push({ start, end, isLiteral: literal !== undefined });
    if (match.groups?.['end'] !== ',' || match.index > from + REACH) break;
  }
  return args;
}

export const detector: Detector = {
  id: 'credential-call',
  title: 'Secret given to a function that takes one',
  docs: 'CWE-798; the documentation of the libraries, see calls.ts and forms.ts',
  net: 'all',
  keywords: KEYWORDS,
  shapes: [],
  patterns: [ARGUMENT, KEY, LABEL, ...FORMS.map(({ pattern }) => pattern)],
  find: secrets,
};
