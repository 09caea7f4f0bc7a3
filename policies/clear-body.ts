import type { JsonObject, JsonValue } from '../connectors/sdk/index.ts';
import { marker } from './detectors/markers.ts';
import { SCANNED_TYPES } from './field-types.ts';
import type { Keyed } from './keyed.ts';
import type { FieldPlan, ObjectPlan, StreamPlan } from './plan.ts';
import type { Scanner, ScanResult } from './redact.ts';
import type { Trace } from './trace.ts';
import { count, generalize } from './treatments.ts';

/** What clearing the fields of one stream takes. */
export interface BodyGate {
  readonly plan: StreamPlan;
  readonly keyed: Keyed;
  /** High-precision detectors, over everything that is kept. */
  readonly net: Scanner;
  /** All detectors but those that the policy ignores here, over free text that a policy opened. */
  readonly text: Scanner;
}

/** Longer arrays and texts are cut and counted: nothing that explains an incident is this long. */
const MAX_ELEMENTS = 1_000;
const MAX_TEXT = 4_096;

/** A new body of the fields that the plan lets out, treated and scanned, in the order of RFC 8785. */
export function clearBody(
  source: Readonly<Record<string, unknown>>,
  trace: Trace,
  gate: BodyGate,
): JsonObject {
  const walk: Walk = { trace, gate, texts: [] };
  const body = clearObject(gate.plan.root, source, walk);
  if (walk.texts.length > 0) scanTexts(walk);
  return body;
}

/** One record on its way through the gate. */
interface Walk {
  readonly trace: Trace;
  readonly gate: BodyGate;
  /** Opened texts, in the order in which they stand in the body: a secret may be split over neighbours. */
  readonly texts: OpenText[];
}

interface OpenText {
  readonly field: FieldPlan;
  readonly value: string;
  /** The object or list of the new body in which the text has its place. */
  readonly holder: Record<string, JsonValue> | JsonValue[];
  readonly key: string | number;
}

/** Takes the place of an opened text until all of them are read together. */
const UNREAD = marker('unread');

function clearObject(plan: ObjectPlan, source: Readonly<Record<string, unknown>>, walk: Walk): JsonObject {
  const cleared: Record<string, JsonValue> = {};
  let declared = 0;
  for (const { key, array, node } of plan.children) {
    const value = source[key];
    if (value === undefined) continue;
    declared += 1;
    const result = array ? clearArray(node, value, walk) : clearNode(node, value, walk, cleared, key);
    if (result !== undefined) cleared[key] = result;
  }
  // Most records hold nothing else, and to count their properties takes less than to look up each.
  if (Object.keys(source).length !== declared) walk.trace.undeclared += countUndeclared(source, plan);
  return cleared;
}

function countUndeclared(source: Readonly<Record<string, unknown>>, plan: ObjectPlan): number {
  let undeclared = 0;
  for (const key in source) {
    if (!plan.known.has(key)) undeclared += 1;
  }
  return undeclared;
}

function clearArray(node: ObjectPlan | FieldPlan, value: unknown, walk: Walk): JsonValue[] | undefined {
  const { trace } = walk;
  if (value === null) return undefined;
  if (!Array.isArray(value)) {
    trace.undeclared += 1;
    return undefined;
  }
  if ('treatment' in node && node.treatment === 'drop') {
    if (value.length > 0) trace.drop(node);
    return undefined;
  }
  const cleared: JsonValue[] = [];
  const length = Math.min(value.length, MAX_ELEMENTS);
  for (let index = 0; index < length; index += 1) {
    const element = clearNode(node, value[index], walk, cleared, cleared.length);
    if (element !== undefined) cleared.push(element);
  }
  trace.undeclared += value.length - length;
  return cleared;
}

/** `holder` and `key` are where the result will stand. */
function clearNode(
  node: ObjectPlan | FieldPlan,
  value: unknown,
  walk: Walk,
  holder: OpenText['holder'],
  key: OpenText['key'],
): JsonValue | undefined {
  if ('treatment' in node) {
    if (node.treatment !== 'scan' || typeof value !== 'string') return clearField(node, value, walk);
    walk.texts.push({ field: node, value, holder, key });
    return UNREAD;
  }
  if (value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value)) {
    return clearObject(node, value as Readonly<Record<string, unknown>>, walk);
  }
  walk.trace.undeclared += 1;
  return undefined;
}

function clearField(field: FieldPlan, value: unknown, { trace, gate }: Walk): JsonValue | undefined {
  if (field.treatment === 'drop') {
    if (value !== null) trace.drop(field);
    return undefined;
  }
  if (value === null) {
    trace.keep(field);
    return null;
  }
  const treated = field.valid(value) ? treat(field, value, trace, gate) : undefined;
  if (treated === undefined) trace.drop(field);
  else trace.keep(field);
  return treated;
}

function treat(field: FieldPlan, value: unknown, trace: Trace, gate: BodyGate): JsonValue | undefined {
  switch (field.treatment) {
    case 'keep':
      return typeof value === 'string' && SCANNED_TYPES.has(field.type) && gate.net.hasFinding(value)
        ? masked(field, gate.net.scan(value), trace, gate.plan)
        : (value as JsonValue);
    case 'generalize':
      trace.redact(field.path, 'generalize', 'generalize');
      return generalize(value);
    case 'pseudonymize':
      trace.redact(field.path, 'pseudonymize', 'pseudonymize');
      return gate.keyed.pseudonym(String(value));
    case 'digest':
      trace.redact(field.path, 'digest', 'digest');
      return gate.keyed.digest(value as JsonValue);
    case 'count':
      trace.redact(field.path, 'count', 'count');
      return count(value);
    case 'scan': // A text is read with its neighbours; anything else can not be.
    case 'drop':
      return undefined;
  }
}

/** Reads the opened texts, each by itself and with its neighbours, and puts what is left of them into their places. */
function scanTexts({ texts, trace, gate }: Walk): void {
  const readable: string[] = [];
  for (const { value } of texts) if (value.length <= MAX_TEXT) readable.push(value);
  const results = scanTogether(readable, gate.text);
  const left: (string | undefined)[] = [];
  let read = 0;
  for (const { field, value } of texts) {
    const result = (value.length <= MAX_TEXT ? results[read++] : undefined) ?? tooLong(field, trace);
    const safe = field.valid(value) ? masked(field, result, trace, gate.plan) : undefined;
    if (safe === undefined) trace.drop(field);
    else trace.keep(field);
    left.push(safe);
  }
  // From the end, because what is left out of a list moves what comes after it.
  for (let index = texts.length - 1; index >= 0; index--) settle(texts[index] as OpenText, left[index]);
}

function scanTogether(values: readonly string[], scanner: Scanner): readonly ScanResult[] {
  if (values.length > 1) return scanner.scanFields(values).fields;
  return values.map((value) => scanner.scan(value));
}

function tooLong({ path }: FieldPlan, trace: Trace): ScanResult {
  trace.redact(path, 'too-long', 'mask');
  return { text: marker('too-long'), findings: [] };
}

function settle({ holder, key }: OpenText, text: string | undefined): void {
  if (!Array.isArray(holder)) {
    if (text === undefined) delete holder[key];
    else holder[key] = text;
  } else if (text === undefined) holder.splice(Number(key), 1);
  else holder[Number(key)] = text;
}

/** The text without what was found in it; undefined when the policy wants none of it then. */
function masked(
  { path }: FieldPlan,
  { text, findings }: ScanResult,
  trace: Trace,
  { actions }: StreamPlan,
): string | undefined {
  let isDropped = false;
  for (const { detector, also = [] } of findings) {
    // The field goes because of the first that wants it gone, which need not be the one that names the finding.
    const dropping = [detector, ...also].find((id) => actions.get(id) === 'drop');
    if ([detector, ...also].some((id) => actions.get(id) === 'withhold')) trace.mayNotPass = true;
    if (dropping !== undefined) isDropped = true;
    trace.redact(path, dropping ?? detector, dropping === undefined ? 'mask' : 'drop');
  }
  return isDropped ? undefined : text;
}
