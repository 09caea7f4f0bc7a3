import type { Detector, Span } from '../detector.ts';
import { isCode, isGenerated, isReference } from '../key-value-secret/value.ts';
import { CALLS, CLIENTS } from './calls.ts';

const REACH = 512;
/** One argument: a string literal, or anything without a comma, bracket or quote. */
const ARGUMENT =
  /\s{0,64}(?:[brufBRUF@$]{0,2}(?:"(?<double>(?:[^"\\\n]|\\.){0,256})"?|'(?<single>(?:[^'\\\n]|\\.){0,256})'?)|[^\s,()"'][^,()"'\n]{0,128}|)(?:\.[\w.]{1,32}\([^()]{0,64}\))?\s{0,64}(?<end>[,)]|$)/dy;
// PowerShell; requests
const PLAIN_TEXT = /ConvertTo-SecureString\s{1,8}(?:-String\s{1,8})?["'](?<secret>[^"'\n$]{1,256})["']/dgi;
const AUTH_TUPLE =
  /\bauth\s{0,4}=\s{0,4}\(\s{0,8}["'][^"'\n]{0,128}["']\s{0,4},\s{0,8}["'](?<secret>[^"'\n]{1,256})["']/dg;
const PATTERNS = [PLAIN_TEXT, AUTH_TUPLE];
const MIN_LENGTH = 3;
/** What a form has beside its fields. */
const LABEL = /^(?:Password|Username|User|Login|Token)$/;

function* secrets(text: string): Generator<Span> {
  const lower = text.toLowerCase();
  for (const { name, secret } of CALLS) {
    let covered = 0;
    for (let at = lower.indexOf(`${name}(`); at !== -1; at = lower.indexOf(`${name}(`, at + 1)) {
      if (at < covered || (/[a-z]/.test(name.charAt(0)) && /[a-z0-9]/.test(lower.charAt(at - 1)))) continue;
      const args = argumentsAt(text, at + name.length + 1);
      covered = args.at(-1)?.end ?? at;
      for (const [index, { start, end, isLiteral }] of args.entries()) {
        if (isLiteral && secret.includes(index) && isSecret(text.slice(start, end))) yield { start, end };
      }
    }
  }
  for (const name of CLIENTS) {
    let covered = 0;
    for (let at = lower.indexOf(name); at !== -1; at = lower.indexOf(name, at + 1)) {
      if (at < covered) continue;
      const args = argumentsAt(text, at + name.length);
      covered = args.at(-1)?.end ?? at;
      for (const { start, end, isLiteral } of args) {
        if (isLiteral && isKey(text.slice(start, end))) yield { start, end };
      }
    }
  }
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [0, 0];
      if (isSecret(text.slice(start, end))) yield { start, end };
    }
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
    const [start, end] = literal ?? [match.index, match.index];
    args.push({ start, end, isLiteral: literal !== undefined });
    if (match.groups?.['end'] !== ',' || match.index > from + REACH) break;
  }
  return args;
}

export const detector: Detector = {
  id: 'credential-call',
  title: 'Secret given to a function that takes one',
  docs: 'CWE-798; the documentation of the libraries, see calls.ts',
  net: 'all',
  keywords: [
    ...CALLS.map(({ name }) => `${name}(`),
    ...CLIENTS,
    'convertto-securestring',
    'auth=(',
    'auth = (',
  ],
  shapes: [],
  patterns: [ARGUMENT, KEY, LABEL, ...PATTERNS],
  find: secrets,
};
