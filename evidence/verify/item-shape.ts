import type { Item, Provenance } from '../item.ts';
import { itemSchema } from '../item-schema.ts';
import { type Problem, shapeProblems } from './report.ts';

/**
 * Whether a value has the shape of an item. Looks by hand first, which is ten times as fast as the schema: a bundle has
 * hundreds of thousands of items, nearly all of them good. Whatever the quick look does not accept is left to the
 * schema, so that the two can differ in nothing but speed.
 */
export function readItem(value: unknown, where: string): Item | readonly Problem[] {
  if (looksLikeItem(value)) return value;
  const shape = itemSchema.safeParse(value);
  return shape.success ? shape.data : shapeProblems('ITEM_SHAPE', shape.error, where);
}

export function isProblems(read: Item | readonly Problem[]): read is readonly Problem[] {
  return Array.isArray(read);
}

export type Members = Readonly<Record<string, unknown>>;

const ID = /^[A-Za-z0-9_-]{43}$/;
const KIND = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\/v\d+$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Days that every month has. */
const TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const CLASSES: ReadonlySet<unknown> = new Set(['change', 'symptom', 'state', 'gap', 'refusal']);
const STATES: ReadonlySet<unknown> = new Set(['complete', 'partial', 'unknown']);
const ACTIONS: ReadonlySet<unknown> = new Set([
  'mask',
  'drop',
  'generalize',
  'pseudonymize',
  'digest',
  'count',
]);

/** True only for what the schema accepts; false means that the schema has to say. */
function looksLikeItem(value: unknown): value is Item {
  return hasMembers(value, 11) && looksLikeProvenance(value['provenance']) && looksLikeRest(value);
}

/** Whether all but the provenance is that of an item without a window. */
export function looksLikeRest(value: Members): boolean {
  return (
    matches(value['id'], ID) &&
    matches(value['kind'], KIND) &&
    CLASSES.has(value['class']) &&
    isNamed(value['connection']) &&
    isNamed(value['stream']) &&
    isNamed(value['entity']) &&
    isListOf(value['related'], isNamed) &&
    matches(value['occurredAt'], TIME) &&
    matches(value['observedAt'], TIME) &&
    isObject(value['body'])
  );
}

/** What a `provenance` must be, by the quick look alone. */
export function looksLikeProvenance(value: unknown): value is Provenance {
  if (!hasMembers(value, 10)) return false;
  const { readDigest, policy, dropped } = value;
  return (
    isNamed(value['connector']) &&
    isNamed(value['read']) &&
    (matches(readDigest, DIGEST) || readDigest === 'unproven') &&
    isNamed(value['run']) &&
    hasMembers(policy, 2) &&
    matches(policy['digest'], DIGEST) &&
    isNamed(policy['version']) &&
    isFields(value['fields']) &&
    isListOf(value['redactions'], isRedaction) &&
    hasMembers(dropped, 2) &&
    isCount(dropped['count']) &&
    isListOf(dropped['names'], isText) &&
    isCompleteness(value['completeness']) &&
    isCost(value['cost'])
  );
}

function isFields(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const name in value) if (!isText(value[name])) return false;
  return true;
}

function isRedaction(value: unknown): boolean {
  return (
    hasMembers(value, 4) &&
    isNamed(value['path']) &&
    isNamed(value['rule']) &&
    ACTIONS.has(value['action']) &&
    isCount(value['count'])
  );
}

function isCompleteness(value: unknown): boolean {
  if (!hasMembers(value, 4)) return false;
  const { expected, reason } = value;
  return (
    STATES.has(value['state']) &&
    isCount(value['read']) &&
    (expected === null || isCount(expected)) &&
    (reason === null || isText(reason))
  );
}

function isCost(value: unknown): boolean {
  if (!isObject(value)) return false;
  const hasSource = 'sourceMs' in value;
  return (
    hasMembers(value, hasSource ? 5 : 4) &&
    isCount(value['durationMs']) &&
    isCount(value['rows']) &&
    isCount(value['bytes']) &&
    isCount(value['calls']) &&
    (!hasSource || isCount(value['sourceMs']))
  );
}

function isListOf(value: unknown, isOne: (element: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const element of value) if (!isOne(element)) return false;
  return true;
}

/** An item with a window has one more, and is left to the schema. */
export function hasMembers(value: unknown, count: number): value is Members {
  if (!isObject(value)) return false;
  let found = 0;
  for (const _ in value) found += 1;
  return found === count;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 4096;
}

function isNamed(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 4096;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
