import type { JsonObject, JsonValue } from '../connectors/sdk/index.ts';
import { SCANNED_TYPES } from './field-types.ts';
import type { Keyed } from './keyed.ts';
import type { FieldPlan, ObjectPlan, StreamPlan } from './plan.ts';
import type { Scanner } from './redact.ts';
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
  return clearObject(gate.plan.root, source, trace, gate);
}

function clearObject(
  plan: ObjectPlan,
  source: Readonly<Record<string, unknown>>,
  trace: Trace,
  gate: BodyGate,
): JsonObject {
  const cleared: Record<string, JsonValue> = {};
  let declared = 0;
  for (const { key, array, node } of plan.children) {
    const value = source[key];
    if (value === undefined) continue;
    declared += 1;
    const result = array ? clearArray(node, value, trace, gate) : clearNode(node, value, trace, gate);
    if (result !== undefined) cleared[key] = result;
  }
  // Most records hold nothing else, and to count their properties takes less than to look up each.
  if (Object.keys(source).length !== declared) trace.undeclared += countUndeclared(source, plan);
  return cleared;
}

function countUndeclared(source: Readonly<Record<string, unknown>>, plan: ObjectPlan): number {
  let undeclared = 0;
  for (const key in source) {
    if (!plan.known.has(key)) undeclared += 1;
  }
  return undeclared;
}

function clearArray(
  node: ObjectPlan | FieldPlan,
  value: unknown,
  trace: Trace,
  gate: BodyGate,
): JsonValue[] | undefined {
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
    const element = clearNode(node, value[index], trace, gate);
    if (element !== undefined) cleared.push(element);
  }
  trace.undeclared += value.length - length;
  return cleared;
}

function clearNode(
  node: ObjectPlan | FieldPlan,
  value: unknown,
  trace: Trace,
  gate: BodyGate,
): JsonValue | undefined {
  if ('treatment' in node) return clearField(node, value, trace, gate);
  if (value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value)) {
    return clearObject(node, value as Readonly<Record<string, unknown>>, trace, gate);
  }
  trace.undeclared += 1;
  return undefined;
}

function clearField(field: FieldPlan, value: unknown, trace: Trace, gate: BodyGate): JsonValue | undefined {
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
        ? scanned(field, value, gate.net, trace, gate.plan)
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
    case 'scan':
      return typeof value === 'string' ? scanned(field, value, gate.text, trace, gate.plan) : undefined;
    case 'count':
      trace.redact(field.path, 'count', 'count');
      return count(value);
    case 'drop':
      return undefined;
  }
}

function scanned(
  field: FieldPlan,
  value: string,
  scanner: Scanner,
  trace: Trace,
  { actions }: StreamPlan,
): string | undefined {
  if (value.length > MAX_TEXT) {
    trace.redact(field.path, 'too-long', 'mask');
    return '[REDACTED:too-long]';
  }
  const { text, findings } = scanner.scan(value);
  let isDropped = false;
  for (const { detector } of findings) {
    const action = actions.get(detector);
    if (action === 'withhold') trace.mayNotPass = true;
    if (action === 'drop') isDropped = true;
    trace.redact(field.path, detector, action === 'drop' ? 'drop' : 'mask');
  }
  return isDropped ? undefined : text;
}
