import type { Detector, Span } from '../detector.ts';
import { isReference, isStatus } from '../key-value-secret/value.ts';
import { keywordStarts } from '../keyword-starts.ts';
import { isDigitAt, isLetterAt } from '../letters.ts';
import { COMMANDS, type Command } from './commands.ts';
import { FORMS } from './forms.ts';

/** How far after its name a command's arguments are read. */
const REACH = 512;
const ARGUMENT =
  /[ \t]{1,64}(?:\\\n[ \t]{0,64})?(?<argument>(?:[^\s"'|;&]{1,256}|"[^"\n]{0,256}"?|'[^'\n]{0,256}'?){1,8})/dy;

const LONGEST = Math.max(
  ...[...COMMANDS, ...FORMS].map((one) => ('name' in one ? one.name : one.word).length),
);
/** The next of a list of arguments: of JSON, of `strace`, and of the records of `auditd`. */
const LISTED =
  /["'],?\s{0,16}(?:a[0-9]{1,2}=)?(?:"(?<double>(?:[^"\\\n]|\\.){0,256})(?=")|'(?<single>[^'\n]{0,256})(?='))/dy;
const KEYWORDS: readonly string[] = [
  ...new Set([
    ...COMMANDS.flatMap(({ name, keywords }) => keywords ?? [`${name} `, `${name}\t`]),
    ...COMMANDS.filter(isListable).flatMap(({ name }) => [`${name}"`, `${name}'`]),
    ...FORMS.map(({ word }) => word),
  ]),
];
const startsIn = keywordStarts(KEYWORDS);

/** Only where the name is that of a program and nothing else. */
function isListable({ name, place }: Command): boolean {
  return (
    place === undefined &&
    !/[ ]|^-|^(?:https?|zip|unzip|curl|wget|mongo|influx|plink|gpg2?|certutil|wmic|hydra|rar|putty|vertica)$/.test(
      name,
    )
  );
}

function passwords(text: string, starts: readonly number[] = startsIn(text)): readonly Span[] {
  const spans: Span[] = [];
  const covered = new Map<Command, number>();
  const patterns = new Set<RegExp>();
  for (const start of starts) {
    const head = text.slice(start, start + LONGEST).toLowerCase();
    for (const command of BY_HEAD.get(head.slice(0, HEAD)) ?? []) {
      if (head.startsWith(command.name)) readCommand(text, start, command, covered, spans);
    }
    for (const { word, pattern } of FORMS) if (head.startsWith(word)) patterns.add(pattern);
  }
  for (const pattern of patterns) addForms(text, pattern, spans);
  return spans;
}

function addForms(text: string, pattern: RegExp, spans: Span[]): void {
  for (const match of text.matchAll(pattern)) {
    const groups = match.indices?.groups;
    const [start, end] = groups?.['secret'] ?? groups?.['double'] ?? groups?.['single'] ?? [0, 0];
    if (end > start && !isReference(text.slice(start, end))) spans.push({ start, end });
  }
}

function readCommand(
  text: string,
  at: number,
  command: Command,
  covered: Map<Command, number>,
  spans: Span[],
): void {
  const end = at + command.name.length;
  if (at < (covered.get(command) ?? 0) || isInName(text, at - 1)) return;
  const isListed = isQuote(text, end) && isListable(command);
  if (!isListed && !isBlank(text, end)) return;
  const args = isListed ? listAt(text, end) : argumentsAt(text, end);
  covered.set(command, args.at(-1)?.end ?? end);
  spans.push(...secretsOf(text, command, args));
}

function argumentsAt(text: string, from: number): Span[] {
  const args: Span[] = [];
  ARGUMENT.lastIndex = from;
  for (let match = ARGUMENT.exec(text); match !== null; match = ARGUMENT.exec(text)) {
    const [start, end] = match.indices?.groups?.['argument'] ?? [0, 0];
    if (start > from + REACH) break;
    args.push({ start, end });
  }
  return args;
}

function listAt(text: string, from: number): Span[] {
  const args: Span[] = [];
  LISTED.lastIndex = from;
  for (let match = LISTED.exec(text); match !== null; match = LISTED.exec(text)) {
    const groups = match.indices?.groups;
    const [start, end] = groups?.['double'] ?? groups?.['single'] ?? [0, 0];
    if (start > from + REACH) break;
    args.push({ start, end });
  }
  return args;
}

function* secretsOf(text: string, command: Command, args: readonly Span[]): Generator<Span> {
  const { flags = [], glued = [], place, after } = command;
  let plain = 0;
  for (const [index, arg] of args.entries()) {
    const word = text.slice(arg.start, arg.end);
    const flag = flags.find(
      (name) => word === name || word.startsWith(`${name}=`) || word.startsWith(`${name}:`),
    );
    const prefix = glued.find((name) => word.startsWith(name) && word.length > name.length);
    if (flag !== undefined) {
      const value = word === flag ? args[index + 1] : { start: arg.start + flag.length + 1, end: arg.end };
      yield* secretIn(text, value, after ?? (flag.startsWith('-pass') ? 'pass:' : undefined));
    } else if (prefix !== undefined)
      yield* secretIn(text, { start: arg.start + prefix.length, end: arg.end }, after);
    else if (!word.startsWith('-') && ++plain === place) yield* secretIn(text, arg, after);
  }
}

/** The value without its quotes, from behind the sign that must stand before it. */
function* secretIn(text: string, value: Span | undefined, after: string | undefined): Generator<Span> {
  if (value === undefined) return;
  let { start, end } = value;
  if (/["']/.test(text.charAt(start))) start++;
  if (/["']/.test(text.charAt(end - 1))) end--;
  const word = text.slice(start, end);
  if (after !== undefined) {
    const sign = word.indexOf(after);
    // `C:\\certs`
    if (sign === -1 || word.charAt(sign + 1) === '\\') return;
    start += sign + after.length;
    const host = text.slice(start, end).lastIndexOf('@');
    if (after === '/' && host > 0) end = start + host;
  }
  const secret = text.slice(start, end);
  // `-p` at the end of what stands between backticks
  if (secret === '' || secret === '`' || secret.startsWith('-') || isReference(secret)) return;
  if (isStatus(secret) && !WORDS.test(secret)) return;
  yield { start, end };
}

/** Two words or more in capitals, which a person may have chosen. */
const WORDS = /^(?:[A-Z][a-z]{1,32}){2,6}$/;
const SPACE = 0x20;
const HEAD = 2;
const BY_HEAD = Map.groupBy(COMMANDS, ({ name }) => name.slice(0, HEAD));
const FORM_WORDS: ReadonlySet<string> = new Set(FORMS.map(({ word }) => word));

/** Then what stands there is the end of a longer name. */
function isInName(text: string, at: number): boolean {
  return isLetterAt(text, at) || isDigitAt(text, at) || (at >= 0 && '_.-'.includes(text.charAt(at)));
}

function isBlank(text: string, at: number): boolean {
  return text.charAt(at) === ' ' || text.charAt(at) === '\t';
}

function isQuote(text: string, at: number): boolean {
  return text.charAt(at) === '"' || text.charAt(at) === "'";
}

/** `HTTP probe failed`: the command of this name is in small letters. */
function isProtocol(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_PROTOCOL || (text.charCodeAt(start) | 32) !== SMALL_H) return false;
  return text.charCodeAt(start) !== SMALL_H;
}

const SMALL_H = 0x68;
/** `https` and the blank. */
const LONGEST_PROTOCOL = 6;

export const detector: Detector = {
  id: 'command-password',
  title: 'Password among the arguments of a command',
  docs: 'The manual pages of the commands; CWE-214',
  net: 'all',
  keywords: KEYWORDS,
  accepts: (text, start, end) =>
    text.charCodeAt(end - 1) > SPACE ||
    (!isInName(text, start - 1) && !isProtocol(text, start, end)) ||
    FORM_WORDS.has(text.slice(start, end).toLowerCase()),
  shapes: [],
  patterns: [ARGUMENT, LISTED, WORDS, ...FORMS.map(({ pattern }) => pattern)],
  find: passwords,
};
