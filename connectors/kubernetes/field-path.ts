import { isRecord, list } from './kube-object.ts';

/**
 * Field paths as patterns (`spec.containers[name].env[name].value`) and as places (`…[name=app].env[name=MODE].value`).
 * In a place several identifying fields are joined by `:` (`[key=dedicated:effect=NoExecute]`). In a pattern `*` is every key of a map, `[*]` every element of a list by position, `[name]` or `[key,effect]` every
 * element of a list by the fields that identify it, and `["a.b/c"]` one key that is no plain word.
 */
type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'everyKey' }
  | { readonly kind: 'everyIndex' }
  | { readonly kind: 'everyElement'; readonly by: readonly string[] };

export type FieldPattern = readonly Step[];

export interface Found {
  /** The place: contains names and keys of the object, never values. */
  readonly path: string;
  /** The last key on the way, as it is in the object. */
  readonly key: string;
  readonly value: unknown;
}

const STEP = /\["([^"]+)"\]|\[(\*)\]|\[([^\]]+)\]|([^.[\]]+)/g;

export function fieldPattern(source: string): FieldPattern {
  const steps: Step[] = [];
  for (const [, literal, index, by, word] of source.matchAll(STEP)) {
    if (literal !== undefined) steps.push({ kind: 'key', key: literal });
    else if (index !== undefined) steps.push({ kind: 'everyIndex' });
    else if (by !== undefined) steps.push({ kind: 'everyElement', by: by.split(',') });
    else if (word === '*') steps.push({ kind: 'everyKey' });
    else if (word !== undefined) steps.push({ kind: 'key', key: word });
  }
  return steps;
}

/** Every place of `value` that the pattern names and that exists there. */
export function* find(value: unknown, pattern: FieldPattern, at = '', key = ''): Generator<Found> {
  const [step, ...rest] = pattern;
  if (step === undefined) {
    if (value !== undefined && value !== null) yield { path: at, key, value };
    return;
  }
  for (const [place, name, child] of children(value, step)) {
    yield* find(child, rest, join(at, place), name);
  }
}

/** The first value that the pattern names, or undefined. */
export function first(value: unknown, pattern: FieldPattern): unknown {
  for (const found of find(value, pattern)) return found.value;
  return undefined;
}

function* children(value: unknown, step: Step): Generator<[place: string, name: string, child: unknown]> {
  switch (step.kind) {
    case 'key':
      if (isRecord(value)) yield [keyPlace(step.key), step.key, value[step.key]];
      return;
    case 'everyKey':
      if (isRecord(value))
        for (const [key, child] of Object.entries(value)) yield [keyPlace(key), key, child];
      return;
    case 'everyIndex':
      for (const [index, child] of list(value).entries()) yield [`[${index}]`, String(index), child];
      return;
    case 'everyElement':
      for (const child of list(value)) {
        const identity = isRecord(child)
          ? step.by.map((field) => `${field}=${plain(child[field])}`).join(':')
          : '';
        if (identity !== '') yield [`[${identity}]`, identity, child];
      }
  }
}

const WORD = /^[A-Za-z0-9_-]+$/;
const PLAIN = /^[A-Za-z0-9_./:-]{1,120}$/;

function keyPlace(key: string): string {
  return WORD.test(key) ? key : `[${plain(key)}]`;
}

/** Names and keys are technical words; what is not one is not repeated. */
function plain(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && PLAIN.test(value) ? value : '~';
}

function join(at: string, place: string): string {
  if (at === '' || place.startsWith('[')) return `${at}${place}`;
  return `${at}.${place}`;
}

/** Is `path` the same place as `parent` or inside it? */
export function isWithin(path: string, parent: string): boolean {
  if (!path.startsWith(parent)) return false;
  const next = path[parent.length];
  return next === undefined || next === '.' || next === '[';
}

/** Splits a place into its steps: words, `[name=app]`, `[0]`, `[a.b/c]`. */
export function placeSteps(path: string): readonly string[] {
  return path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? [];
}
