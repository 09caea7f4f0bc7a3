import type { Detector, Span } from '../detector.ts';
import {
  isCode,
  isGenerated,
  isName,
  isReference,
  isSecretLooking,
  isStatus,
} from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';

/** Of one secret; `many` are of several, under names of their own. */
const ONE = String.raw`(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|account[_-]?key|credentials?|creds)`;
const MANY = String.raw`(?:passwords|passphrases|secrets|tokens|api[_-]?keys|access[_-]?keys|secret[_-]?keys|signing[_-]?keys|encryption[_-]?keys|private[_-]?keys|account[_-]?keys)`;
const TAIL = String.raw`[\w-]{0,24}\\{0,3}["']?[ \t]{0,8}`;
/** What the value is called in the object that is named. */
const VALUE = String.raw`(?:value|defaultValue|default|current|previous|S|plain|plaintext|plainText|stringValue|string_value|text|data|literal|raw|inline|content|secret|secretValue|#text|_text|_value|\$value|\$|primary|secondary|prod|production|staging|dev)`;
const STRING = String.raw`(?:\\{0,3}"(?<double>[^"\\\n]{1,512})|'(?<single>[^'\n]{1,512}))`;
/** Other fields of it, before the value. */
const OTHERS = String.raw`(?:\\{0,3}["']?(?:type|sensitive|description|metadata|name|id|encrypted|encoding|source|kind|format|version)\\{0,3}["']?\s{0,4}[:=]\s{0,4}(?:\\{0,3}"[^"\\\n]{0,96}\\{0,3}"|'[^'\n]{0,96}'|\{[^{}]{0,160}\}|[\w.-]{1,32})\s{0,4},?\s{0,32}){0,4}`;

/** `"adminPassword": {"value": "…"}` of ARM templates and Terraform's state, `{"S": "…"}` of DynamoDB. */
const IN_OBJECT = new RegExp(
  String.raw`${ONE}${TAIL}[:=]\s{0,8}\{\s{0,32}${OTHERS}\\{0,3}["']?${VALUE}\\{0,3}["']?\s{0,4}[:=]\s{0,4}${STRING}`,
  'dgi',
);
/** The same in YAML, over lines. */
const IN_BLOCK = new RegExp(
  String.raw`${ONE}${TAIL}:[ \t]{0,8}\r?\n[ ]{1,32}(?:(?:type|sensitive|description):[^\n]{0,96}\n[ ]{1,32}){0,2}["']?${VALUE}["']?:[ \t]{1,8}(?:"(?<double>[^"\n]{1,512})"|'(?<single>[^'\n]{1,512})'|(?<bare>[^\s"'#{[|>&*][^\n]{0,255}))`,
  'dgi',
);
/** `token: ['…', "…"]`, `X-Api-Key: ["…"]`, `credentials=[bob, …]` */
const LIST = new RegExp(
  String.raw`(?:${MANY}|${ONE}|authorization|x-api-key|x-auth-token)${TAIL}(?:[:=][ \t]{0,8}|\{\s{0,32}(?:(?:type|sensitive|description)[^\n]{0,96}\n\s{0,32}){0,3}default\s{0,8}=\s{0,8})\[\s{0,32}(?<list>[^\[\]{}]{3,1024})`,
  'dgi',
);
/** `apiKeys: {primary: "…", secondary: "…"}` */
const MAP = new RegExp(String.raw`${MANY}\\{0,3}["']?\s{0,8}[:=]\s{0,8}\{(?<list>[^\[\]{}]{3,1024})`, 'dgi');
/** `secrets:` and lines below it that stand further in, each with a value or as an item. */
const BLOCK = new RegExp(
  String.raw`(?<=^|\n)[ ]{0,32}(?:[\w.-]{1,32}[_.-])?${MANY}:[ \t]{0,4}\r?\n(?<list>(?:[ ]{0,32}(?:-[ ]|[ ][\w.-]{1,64}:[ ])[^\n]{1,512}(?:\n|$)){1,16})`,
  'dgi',
);
const ITEM =
  /(?<=^|[\s,:=[{(-])(?:\\{0,3}"(?<double>[^"\\\n]{1,512})\\{0,3}"(?!\s{0,4}[:=])|'(?<single>[^'\n]{1,512})'(?!\s{0,4}[:=])|(?<bare>[^\s"',:=[\]{}\\][^\s"',[\]{}\\]{5,255})(?=\s{0,8}(?:[,\n}\]]|$)))/dg;

const KEYWORDS = [
  'passw',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'token',
  'key',
  'cred',
  'authorization',
];
const startsIn = keywordStarts(KEYWORDS);
const LONGEST_NAME = 40;

function* secrets(text: string, starts = startsIn(text)): Generator<Span> {
  const places = starts.filter((start) => mayOpen(text, start));
  if (places.length === 0) return;
  for (const pattern of [IN_OBJECT, IN_BLOCK]) {
    for (const match of text.matchAll(pattern)) {
      const groups = match.indices?.groups;
      const [start, end] = groups?.['double'] ?? groups?.['single'] ?? groups?.['bare'] ?? [0, 0];
      const value = text.slice(start, end);
      if (isValue(value, groups?.['bare'] === undefined)) yield { start, end };
    }
  }
  for (const pattern of [LIST, MAP, BLOCK]) {
    for (const match of text.matchAll(pattern)) yield* itemsOf(text, match);
  }
}

function* itemsOf(text: string, match: RegExpMatchArray): Generator<Span> {
  const [from, to] = match.indices?.groups?.['list'] ?? [0, 0];
  const items = [...text.slice(from, to).matchAll(ITEM)];
  const isPair = items.length === 2 && /^cred/i.test(match[0]);
  const isOfPasswords = /passw|passphrase|pwd/i.test(match[0].slice(0, LONGEST_NAME));
  for (const [at, item] of items.entries()) {
    const groups = item.indices?.groups;
    const [start, end] = groups?.['double'] ?? groups?.['single'] ?? groups?.['bare'] ?? [0, 0];
    const value = text.slice(from + start, from + end);
    if (isItem(value, isOfPasswords || (isPair && at === 1))) yield { start: from + start, end: from + end };
  }
}

/** Under a name that says that it is one. */
function isValue(value: string, isQuoted: boolean): boolean {
  if (isReference(value) || value.length < SHORTEST || isPlain(value)) return false;
  return isQuoted || (!isStatus(value) && !isCode(value) && !/[ ]/.test(value));
}

/** Among others, of which some may be names. */
function isItem(value: string, isOfPasswords: boolean): boolean {
  if (isReference(value) || isStatus(value) || isPlain(value)) return false;
  if (isName(value) && !(isOfPasswords && /[0-9]/.test(value))) return false;
  return isOfPasswords ? isSecretLooking(value, 6) && !isCode(value) : isGenerated(value) || isMadeUp(value);
}

/** Letters, digits and a sign that names have not. */
function isMadeUp(value: string): boolean {
  return /^(?![+-])(?=[^0-9]{0,64}[0-9])(?=[^A-Za-z]{0,64}[A-Za-z])[^\s/:=(){}]{0,64}[!@#$%^&*?+~][^\s/:=(){}]{0,64}$/.test(
    value,
  );
}

/** A type, a path, an address. */
function isPlain(value: string): boolean {
  return /^(?:sha(?:1|256|384|512)-[A-Za-z0-9+/]{20,512}={0,2}|string|securestring|secureObject|object|array|bool|number|null|https?:\/\/.{0,256}|\/[\w./-]{0,256}|[\w.-]{1,64}\.(?:json|ya?ml|pem|crt|key|txt))$/i.test(
    value,
  );
}

const SHORTEST = 4;

/** The first look: a name, its sign, and a bracket or the end of the line. */
function mayOpen(text: string, start: number): boolean {
  let at = start;
  while (at < start + LONGEST_NAME && NAME[text.charCodeAt(at)] === 1) at++;
  while (at < start + LONGEST_NAME && QUOTES[text.charCodeAt(at)] === 1) at++;
  const sign = text.charCodeAt(at);
  if (sign === BRACE) return true;
  if (sign !== COLON && sign !== EQUALS) return false;
  at++;
  const gap = at;
  while (at < gap + LONGEST_GAP && (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB)) at++;
  const next = text.charCodeAt(at);
  return next === BRACE || next === BRACKET || next === LINE_FEED || next === RETURN;
}

const COLON = 0x3a;
const EQUALS = 0x3d;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const LONGEST_GAP = 8;
const NAME = tableOf(/[\w-]/);
const QUOTES = tableOf(/["'\\ \t]/);

function tableOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (characters.test(String.fromCharCode(code)) ? 1 : 0));
}

export const detector: Detector = {
  id: 'nested-secret',
  title: 'Value in an object or a list whose name says that it is a secret',
  docs: 'https://learn.microsoft.com/azure/azure-resource-manager/templates/parameter-files; https://developer.hashicorp.com/terraform/language/state; CWE-312',
  net: 'all',
  keywords: KEYWORDS,
  accepts: mayOpen,
  shapes: [],
  patterns: [IN_OBJECT, IN_BLOCK, LIST, MAP, BLOCK, ITEM],
  find: secrets,
};
