import {
  type Document,
  isAlias,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { z } from 'zod';

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

/**
 * Reads YAML 1.2 for people to edit: one document, no anchors, aliases, tags or duplicate keys (they hide what a
 * reviewer should see), no integers that would be rounded.
 */
export function readYaml(text: string, file: string): YamlFile {
  if (Buffer.byteLength(text) > MAX_BYTES) return failed(file, [atStart(file, 'is larger than 1 MiB')]);
  const hidden = text.search(NOT_PRINTABLE);
  if (hidden !== -1) return failed(file, [unprintable(text, hidden, file)]);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    version: '1.2',
  });
  if ('empty' in documents || documents.length === 0) return failed(file, [atStart(file, 'is empty')]);
  if (documents.length > 1) return failed(file, [atStart(file, 'holds more than one YAML document')]);
  const document = documents[0] as Document.Parsed<ParsedNode>;
  const problems = [
    ...document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { file, line, column: col, path: '', message: yamlMessage(error.code) };
    }),
    ...hiddenMeaning(document, lines, file),
  ];
  if (problems.length > 0) return failed(file, problems);
  return {
    file,
    data: document.toJS({ maxAliasCount: 0 }),
    problems: [],
    locate: (error) => error.issues.flatMap((issue) => placed(issue, document, lines, file)),
    place: (path, message) => at(path, message, document, lines, file),
  };
}

// YAML 1.2.2, 5.1: what may stand in a stream. Direction marks are printable there, and hide what a reviewer should see.
const NOT_PRINTABLE =
  /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function unprintable(text: string, at: number, file: string): Problem {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  const message = 'holds a character that can not be seen';
  const hint = `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}: remove it`;
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: '', message, hint };
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

function hiddenMeaning(document: Document, lines: LineCounter, file: string): Problem[] {
  const problems: Problem[] = [];
  const report = (node: Node, message: string) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    problems.push({ file, line, column: col, path: '', message });
  };
  visit(document, {
    Node(_key, node) {
      if (isAlias(node)) report(node, 'YAML aliases are not allowed: write the value out');
      else if ('anchor' in node && node.anchor !== undefined)
        report(node, 'YAML anchors are not allowed: write the value out');
      else if (node.tag !== undefined) report(node, 'YAML tags are not allowed');
      else if (
        isScalar(node) &&
        typeof node.value === 'number' &&
        Number.isInteger(node.value) &&
        !Number.isSafeInteger(node.value)
      )
        report(node, 'is too large for a number: put it in quotes');
    },
  });
  return problems;
}

function yamlMessage(code: string): string {
  return code === 'DUPLICATE_KEY'
    ? 'this key is there twice'
    : `is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
}

function placed(issue: z.core.$ZodIssue, document: Document, lines: LineCounter, file: string): Problem[] {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, errors) => (depth(errors) > depth(best) ? errors : best));
    if (depth(closest) > 0) {
      return closest.flatMap((inner) =>
        placed({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, document, lines, file),
      );
    }
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => at([...issue.path, key], 'is not a known key', document, lines, file));
  }
  return [at(issue.path, issue.message, document, lines, file)];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function at(
  path: readonly PropertyKey[],
  message: string,
  document: Document,
  lines: LineCounter,
  file: string,
): Problem {
  const { line, col } = lines.linePos(offsetOf(path, document));
  return { file, line, column: col, path: formatPath(path), message };
}

/** Where the value stands; where it is missing, where its nearest ancestor stands. */
function offsetOf(path: readonly PropertyKey[], document: Document): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (parent !== null && typeof parent === 'object' && 'items' in parent) {
      for (const item of parent.items as readonly unknown[]) {
        if (isPair(item) && isScalar(item.key) && item.key.value === last) return item.key.range?.[0] ?? 0;
      }
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

function isPair(item: unknown): item is { key: unknown } {
  return item !== null && typeof item === 'object' && 'key' in item;
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
