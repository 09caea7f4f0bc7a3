import { isAlias, isMap, isNode, isScalar, LineCounter, type Node, visit, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { keyName, placesIn } from './yaml-places.ts';
import { composeYaml, type YamlDocument } from './yaml-source.ts';

/** One thing wrong with one file, where, and what to do about it. Never quotes values: they may be secrets. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** `connections[0].config.dsn`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

export interface YamlFile {
  readonly file: string;
  /** Plain data; undefined when there are problems. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
  /** Problems of a schema, placed at the lines that cause them. */
  readonly locate: (error: z.ZodError) => Problem[];
  /** A problem of ours, placed at a path. */
  readonly place: (path: readonly PropertyKey[], message: string) => Problem;
}

/** A config or policy file larger than this is a mistake or an attack. */
const MAX_BYTES = 1024 * 1024;

/** Nobody reads more at once, and each holds a place and a path. */
const MAX_PROBLEMS = 100;

/**
 * Reads YAML 1.2 for people to edit: one document, no anchors, aliases, tags, directives or duplicate keys (they hide
 * what a reviewer should see), no numbers that would not be what they look like. Whatever the text is, time is linear in
 * its length.
 */
export function readYaml(text: string, file: string): YamlFile {
  if (Buffer.byteLength(text) > MAX_BYTES) return failed(file, [atStart(file, 'is larger than 1 MiB')]);
  if (isOtherEncoding(text)) return failed(file, [inUtf16(file)]);
  const hidden = unprintables(text, file);
  if (hidden.length > 0) return failed(file, hidden);
  const lines = new LineCounter();
  const where = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const composed = composeYaml(text, lines);
  if ('message' in composed)
    return failed(file, [{ ...where(composed.offset), path: '', message: composed.message }]);
  const found = [
    ...composed.errors.map(({ code, pos }) => ({ at: pos[0], message: yamlMessage(code) })),
    ...hiddenMeaning(composed),
  ];
  if (found.length > 0) {
    const first = found.slice(0, MAX_PROBLEMS);
    const problems = first.map(({ at, message }) => ({ ...where(at), path: '', message }));
    return failed(file, [...problems, ...unsaid(found.length, problems.at(-1))]);
  }
  const places = placesIn(composed);
  const place = (path: readonly PropertyKey[], message: string): Problem => ({
    ...where(places(path)),
    path: formatPath(path),
    message,
  });
  return {
    file,
    data: composed.toJS({ maxAliasCount: 0 }),
    problems: [],
    locate: (error) => located(error, place),
    place,
  };
}

/** Says that there are more problems than are told. */
function unsaid(count: number, last: Problem | undefined): Problem[] {
  if (count <= MAX_PROBLEMS || last === undefined) return [];
  return [{ ...last, path: '', message: `is where the first ${MAX_PROBLEMS} of ${count} problems end` }];
}

/**
 * YAML 1.2.2, 5.1, says what may stand in a stream. Of that, this leaves out what hides something from a reviewer: marks
 * without a width, line ends that only some editors show, and what bytes become that are no UTF-8.
 */
const NOT_PRINTABLE =
  /(?!^\ufeff)(?:[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]|[\p{Cf}\u2028\u2029\u115f\u1160\u3164\uffa0]|\r(?!\n))/gu;
const REPLACEMENT = 0xfffd;

/** What the marks of UTF-16 become when they are read as UTF-8. */
function isOtherEncoding(text: string): boolean {
  return text.startsWith('\ufffd\ufffd') && text.includes('\0');
}

function inUtf16(file: string): Problem {
  return { ...atStart(file, 'is not UTF-8 (it looks like UTF-16)'), hint: 'save it as UTF-8' };
}

function unprintables(text: string, file: string): Problem[] {
  const problems: Problem[] = [];
  let count = 0;
  let line = 1;
  let lineStart = 0;
  let done = 0;
  for (const { index } of text.matchAll(NOT_PRINTABLE)) {
    count += 1;
    if (count > MAX_PROBLEMS) continue;
    for (const { index: end, 0: lineEnd } of text.slice(done, index).matchAll(/\r\n|\r|\n/g)) {
      line += 1;
      lineStart = done + end + lineEnd.length;
    }
    done = index;
    problems.push({ file, line, column: index - lineStart + 1, path: '', ...unprintable(text, index) });
  }
  return [...problems, ...unsaid(count, problems.at(-1))];
}

function unprintable(text: string, at: number): Pick<Problem, 'message' | 'hint'> {
  const code = text.codePointAt(at) ?? 0;
  const message =
    code === REPLACEMENT ? 'holds bytes that are not UTF-8' : 'holds a character that can not be seen';
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const hint =
    code === 0x0d ? `${name} without a line feed: end lines with \\n or \\r\\n` : `${name}: remove it`;
  return { message, hint };
}

/** `file:line:column path: message (hint)`, one line each. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, column, path, message, hint }) => {
      const where = path === '' ? '' : ` ${path}:`;
      return `${file}:${line}:${column}${where} ${message}${hint === undefined ? '' : ` (${hint})`}`;
    })
    .join('\n');
}

/** The candidate nearest to what was typed, when it is near enough to be a slip. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(typed.length - candidate.length) >= bestDistance) continue;
    const distance = editDistance(typed, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function failed(file: string, problems: readonly Problem[]): YamlFile {
  return {
    file,
    data: undefined,
    problems,
    locate: () => [],
    place: (_path, message) => atStart(file, message),
  };
}

function atStart(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', message };
}

interface Found {
  readonly at: number;
  readonly message: string;
}

function hiddenMeaning(document: YamlDocument): Found[] {
  const found: Found[] = [];
  const report = (node: Node, message: string) => {
    found.push({ at: node.range?.[0] ?? 0, message });
  };
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) report(node, 'YAML aliases are not allowed: write the value out');
      else if ('anchor' in node && node.anchor !== undefined)
        report(node, 'YAML anchors are not allowed: write the value out');
      else if (node.tag !== undefined) report(node, 'YAML tags are not allowed');
      else if (isScalar(node) && typeof node.value === 'number' && !isExact(node.value))
        report(node, 'is too large for a number: put it in quotes');
      if (isMap(node)) checkKeys(node, report);
    },
  });
  return found;
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** Keys that would be one property, and those that would be none that anybody wrote. */
function checkKeys(map: YAMLMap, report: (node: Node, message: string) => void): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    if (isScalar(key)) {
      const name = keyName(key.value);
      if (seen.has(name)) report(key, 'this key is there twice');
      seen.add(name);
    } else if (isNode(key) && !isAlias(key)) report(key, 'is no key: a key is one word');
  }
}

/** The parser's codes that say little. */
const YAML_WORDS: Readonly<Record<string, string>> = {
  MISSING_CHAR: 'a bracket, brace, quote, comma or colon is missing',
  BAD_INDENT: 'it is not indented like its neighbours',
  TAB_AS_INDENT: 'it is indented with a tab: use spaces',
  UNEXPECTED_TOKEN: 'nothing like this can stand here',
  BAD_SCALAR_START: 'a text that begins with this sign needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a colon too many, or a text with a colon that needs quotes',
  MULTILINE_IMPLICIT_KEY: 'a key has a line break in it, or a colon is missing',
  BLOCK_IN_FLOW: 'a list or mapping in brackets can not go on with dashes and indents',
  BAD_DQ_ESCAPE: 'there is no such escape in double quotes',
};

function yamlMessage(code: string): string {
  return `is not valid YAML (${YAML_WORDS[code] ?? code.toLowerCase().replaceAll('_', ' ')})`;
}

type Place = YamlFile['place'];

function located(error: z.ZodError, place: Place): Problem[] {
  const issues = error.issues.flatMap(innermost);
  const problems = issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => place(path, message));
  return [...problems, ...unsaid(issues.length, problems.at(-1))];
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

function innermost(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, errors) => (depth(errors) > depth(best) ? errors : best));
    if (depth(closest) > 0) {
      return closest.flatMap((inner) =>
        innermost({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue),
      );
    }
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a known key' }));
  }
  return [{ path: issue.path, message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((deepest, { path }) => Math.max(deepest, path.length), 0);
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

/** Levenshtein distance; inputs are keys, so quadratic is fine. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
