import { type Detector, type Span, spansOf } from '../detector.ts';
import { isReference } from '../key-value-secret/value.ts';

const KIND = /\\?["']?\bkind\\?["']?[ \t]{0,8}:[ \t]{0,8}\\?["']?Secret\b/g;
const DATA =
  /(?:^|[\n{,])(?<indent>[ \t]{0,64})\\?["']?(?:data|stringData)\\?["']?[ \t]{0,8}:[ \t]{0,8}(?<open>\{?)/g;
const YAML_ENTRY =
  /^(?<indent>[ \t]{0,64})["']?[\w.-]{1,253}["']?[ \t]{0,8}:[ \t]{0,8}(?:!!binary[ \t])?["']?(?<secret>[^\s"'][^\n"']{0,65536})?/d;
const JSON_ENTRY = /\\?"[\w.-]{1,253}\\?"\s{0,16}:\s{0,16}\\?"(?<secret>(?:[^"\\]|\\[^"]){1,65536})/dg;
const INDENTED = /^([ \t]{0,64})[^\s]/;
const BLOCK = /^[|>][+-]?$/;
/** A manifest is found within this distance of its kind. */
const REACH = 65_536;
/** Of `kubeadm`, six characters and sixteen. */
const BOOTSTRAP = /(?<![\w.-])(?<secret>[a-z0-9]{6}\.(?=[a-z]{0,15}[0-9])[a-z0-9]{16})(?![\w.-])/dg;

function* values(text: string): Generator<Span> {
  let covered = 0;
  for (const kind of text.matchAll(KIND)) {
    if (kind.index < covered) continue;
    const [from, to] = documentAround(text, kind.index);
    yield* valuesBetween(text, Math.max(from, covered), to);
    yield* valuesBehindPrefix(text, Math.max(from, covered), to, kind.index);
    covered = to;
  }
}

/** In a log or a diff each line has something in front of it, as wide as before `kind`. */
function* valuesBehindPrefix(text: string, from: number, to: number, kind: number): Generator<Span> {
  const before = text.slice(Math.max(from, kind - WIDEST_PREFIX), kind);
  const column = before.length - before.lastIndexOf('\n') - 1;
  if (!/[^\s{[,]/.test(before.slice(before.length - column))) return;
  const lines: { readonly start: number; readonly origin: number }[] = [];
  let plain = '';
  for (let start = from; start < to; ) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 || lineBreak >= to ? to : lineBreak + 1;
    lines.push({ start: plain.length, origin: Math.min(start + column, end) });
    plain += text.slice(Math.min(start + column, end), end);
    start = end;
  }
  let line = 0;
  for (const { start, end } of valuesBetween(plain, 0, plain.length)) {
    if ((lines[line]?.start ?? 0) > start) line = 0;
    while ((lines[line + 1]?.start ?? Number.POSITIVE_INFINITY) <= start) line++;
    const { start: lineStart, origin } = lines[line] ?? { start: 0, origin: 0 };
    yield { start: origin + start - lineStart, end: origin + end - lineStart };
  }
}

const WIDEST_PREFIX = 256;

function* valuesBetween(text: string, from: number, to: number): Generator<Span> {
  let covered = from;
  for (const data of text.slice(from, to).matchAll(DATA)) {
    const start = from + data.index + data[0].length;
    if (start < covered) continue;
    const isJson = data.groups?.['open'] === '{';
    covered = isJson ? closeOf(text, start, to) : endOfBlock(text, start, to, data.groups?.['indent'] ?? '');
    yield* isJson ? jsonValues(text, start, covered) : yamlValues(text, start, covered);
  }
}

/** Between the separators of documents. */
function documentAround(text: string, at: number): [number, number] {
  const before = text.lastIndexOf('\n---', at);
  const after = text.indexOf('\n---', at);
  return [Math.max(before, at - REACH, 0), Math.min(after === -1 ? text.length : after, at + REACH)];
}

function closeOf(text: string, start: number, to: number): number {
  const close = text.indexOf('}', start);
  return close === -1 || close > to ? to : close;
}

function* jsonValues(text: string, start: number, end: number): Generator<Span> {
  for (const match of text.slice(start, end).matchAll(JSON_ENTRY)) {
    const [from, until] = match.indices?.groups?.['secret'] ?? [0, 0];
    if (!isReference(text.slice(start + from, start + until)))
      yield { start: start + from, end: start + until };
  }
}

/** The lines that are indented further than `data:`. */
function endOfBlock(text: string, start: number, to: number, indent: string): number {
  for (let at = text.indexOf('\n', start); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) {
    const line = INDENTED.exec(text.slice(at + 1, at + 130));
    if (line !== null && (line[1] ?? '').length <= indent.length) return at;
  }
  return to;
}

/** Entries, and the lines of a block below one. */
function* yamlValues(text: string, start: number, end: number): Generator<Span> {
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; ) {
    const next = text.indexOf('\n', at + 1);
    const lineEnd = next === -1 || next > end ? end : next;
    const line = text.slice(at + 1, lineEnd);
    const entry = YAML_ENTRY.exec(line);
    const [from, until] =
      entry === null
        ? [line.length - line.trimStart().length, line.length]
        : (entry.indices?.groups?.['secret'] ?? [0, 0]);
    const value = line.slice(from, until);
    if (value !== '' && !BLOCK.test(value) && !isReference(value))
      yield { start: at + 1 + from, end: at + 1 + until };
    at = next;
  }
}

export const detector: Detector = {
  id: 'kubernetes-secret',
  title: 'Data of a Kubernetes Secret',
  docs: 'https://kubernetes.io/docs/concepts/configuration/secret/',
  net: 'all',
  keywords: ['secret', 'kubeadm', 'bootstrap'],
  shapes: [],
  patterns: [INDENTED, BLOCK, KIND, DATA, YAML_ENTRY, JSON_ENTRY, BOOTSTRAP],
  *find(text) {
    if (/kubeadm|bootstrap/i.test(text)) yield* spansOf(text, BOOTSTRAP);
    if (text.includes('Secret') && /[dD]ata/.test(text)) yield* values(text);
  },
};
