import type {
  AdmittedRead,
  Gap,
  JsonObject,
  JsonValue,
  Observed,
  Timestamp,
} from '../connectors/sdk/index.ts';
import { isGap } from '../connectors/sdk/index.ts';
import type { Cleared, ClearedRecord } from './cleared.ts';
import type { CompiledPolicy, FieldPlan, ObjectPlan, StreamPlan } from './compile.ts';
import { SCANNED_TYPES, VALIDATORS } from './field-types.ts';
import type { Keyed } from './keyed.ts';
import type { Scanner } from './redact.ts';
import { FieldProvenance, NOTHING_DROPPED, Trace } from './trace.ts';
import { count, generalize } from './treatments.ts';

/**
 * The second gate, and the only one that mints Cleared. It builds a new record from the fields that the policy's
 * plan names; nothing of the observed record is passed on by reference. What has the wrong shape, what cannot be
 * scanned, and what nobody declared is left out and counted.
 */
export interface Gate {
  clear(record: Observed | Gap, read: AdmittedRead, now: Timestamp): Cleared | Withheld;
  /** A refusal of ours as evidence: what was asked for, and why it was not done. */
  refuse(
    refusal: Refusal,
    read: Pick<AdmittedRead, 'connection' | 'connector' | 'read' | 'trigger'>,
    now: Timestamp,
  ): Cleared;
}

/** A record that may not pass at all; counted per run and reported as one refusal. */
export interface Withheld {
  readonly withheld: 'stream' | 'scope' | 'shape';
  readonly stream: string;
}

export interface Refusal {
  readonly code: string;
  readonly reason: string;
  readonly hint?: string;
  readonly count?: number;
}

export interface GateDeps {
  readonly policy: CompiledPolicy;
  readonly keyed: Keyed;
  /** High-precision detectors, over everything that is kept. */
  readonly net: Scanner;
  /** All detectors, over free text that a policy opened. */
  readonly text: Scanner;
}

/** Longer arrays and texts are cut and counted: nothing that explains an incident is this long. */
const MAX_ELEMENTS = 1_000;
const MAX_TEXT = 4_096;

const minted = new WeakSet<object>();

/** Whether `value` came out of a gate of this process, whatever its type claims. */
export function isCleared(value: object): value is Cleared {
  return minted.has(value);
}

export function isWithheld(result: Cleared | Withheld): result is Withheld {
  return 'withheld' in result;
}

export function makeGate(deps: GateDeps): Gate {
  const provenance = new Map<StreamPlan, FieldProvenance>();
  return {
    clear(record, read, now) {
      if (isGap(record)) return clearGap(record, read, now, deps.net);
      const plan = deps.policy.streams.get(`${read.connector}/${record.stream}`);
      if (plan === undefined || !read.streams.includes(record.stream))
        return withhold('stream', record.stream);
      if (!wellFormed(record, plan)) return withhold('shape', record.stream);
      for (const dimension in record.scope) {
        if (!read.scope.includes(dimension, record.scope[dimension] ?? ''))
          return withhold('scope', record.stream);
      }
      let fields = provenance.get(plan);
      if (fields === undefined) provenance.set(plan, (fields = new FieldProvenance(plan)));
      return clearObservation(record, plan, fields, deps);
    },
    refuse: (refusal, read, now) =>
      mint({
        class: 'refusal',
        kind: 'exhibit.refusal/v1',
        stream: 'refusals',
        entity: ownEntity(read),
        related: [],
        key: `${refusal.code}/${read.read}/${gapPeriod(read, now)}`,
        occurredAt: now,
        body: {
          code: refusal.code,
          ...(refusal.count === undefined ? {} : { count: refusal.count }),
          ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
          read: read.read,
          reason: refusal.reason,
        },
        fields: OWN_FIELDS,
        redactions: [],
        dropped: NOTHING_DROPPED,
      }),
  };
}

const OWN_FIELDS = Object.freeze({ body: 'exhibit#own-words' });

function mint(record: ClearedRecord): Cleared {
  minted.add(record);
  return record as Cleared;
}

function withhold(withheld: Withheld['withheld'], stream: string): Withheld {
  return { withheld, stream };
}

const ENTITY = /^[a-z][a-z0-9+.-]{0,31}:\/\/[A-Za-z0-9._~%!'()*-]+(\/[A-Za-z0-9._~%!'()*-]+)*$/;
const MAX_ENTITY = 1_024;

function wellFormed(record: Observed, plan: StreamPlan): boolean {
  return (
    plan.stream.classes.includes(record.class) &&
    isEntity(record.entity) &&
    typeof record.key === 'string' &&
    VALIDATORS.timestamp(record.occurredAt) &&
    record.body !== null &&
    typeof record.body === 'object'
  );
}

function isEntity(entity: string): boolean {
  return entity.length <= MAX_ENTITY && ENTITY.test(entity);
}

function clearObservation(
  record: Observed,
  plan: StreamPlan,
  fields: FieldProvenance,
  deps: GateDeps,
): Cleared {
  const trace = new Trace();
  const body = clearObject(plan.root, record.body, trace, deps);
  return mint({
    class: record.class,
    kind: plan.stream.kind,
    stream: record.stream,
    entity: clearEntity(record.entity, 'entity', trace, deps),
    related: (record.related ?? [])
      .filter(isEntity)
      .map((entity) => clearEntity(entity, 'related[]', trace, deps)),
    key: record.key,
    occurredAt: toTimestamp(record.occurredAt),
    ...(record.window === undefined
      ? {}
      : { window: { from: toTimestamp(record.window.from), to: toTimestamp(record.window.to) } }),
    body,
    fields: fields.of(trace),
    redactions: trace.redactions,
    dropped: trace.dropped(),
  });
}

function toTimestamp(time: string): Timestamp {
  return time.length === 24 && time.endsWith('Z') ? time : new Date(time).toISOString();
}

/** Names of objects are evidence; a name that is itself a secret is replaced by its digest. */
function clearEntity(entity: string, path: string, trace: Trace, { net, keyed }: GateDeps): string {
  if (!net.hasFinding(entity)) return entity;
  const { findings } = net.scan(entity);
  for (const finding of findings) trace.redact(path, finding.detector, 'mask');
  const [origin = ''] = /^[a-z0-9+.-]+:\/\/[^/]+/.exec(entity) ?? [];
  const safe = net.hasFinding(origin) ? 'exhibit://redacted' : origin;
  return `${safe}/redacted/${encodeURIComponent(keyed.digest(entity))}`;
}

function clearObject(
  plan: ObjectPlan,
  source: Readonly<Record<string, unknown>>,
  trace: Trace,
  deps: GateDeps,
): JsonObject {
  const cleared: Record<string, JsonValue> = {};
  for (const { key, array, node } of plan.children) {
    const value = source[key];
    if (value === undefined) continue;
    const result = array ? clearArray(node, value, trace, deps) : clearNode(node, value, trace, deps);
    if (result !== undefined) cleared[key] = result;
  }
  for (const key in source) {
    if (!plan.known.has(key)) trace.undeclared += 1;
  }
  return cleared;
}

function clearArray(
  node: ObjectPlan | FieldPlan,
  value: unknown,
  trace: Trace,
  deps: GateDeps,
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
    const element = clearNode(node, value[index], trace, deps);
    if (element !== undefined) cleared.push(element);
  }
  trace.undeclared += value.length - length;
  return cleared;
}

function clearNode(
  node: ObjectPlan | FieldPlan,
  value: unknown,
  trace: Trace,
  deps: GateDeps,
): JsonValue | undefined {
  if ('treatment' in node) return clearField(node, value, trace, deps);
  if (value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value)) {
    return clearObject(node, value as Readonly<Record<string, unknown>>, trace, deps);
  }
  trace.undeclared += 1;
  return undefined;
}

function clearField(field: FieldPlan, value: unknown, trace: Trace, deps: GateDeps): JsonValue | undefined {
  if (field.treatment === 'drop') {
    if (value !== null) trace.drop(field);
    return undefined;
  }
  if (value === null) {
    trace.keep(field);
    return null;
  }
  const treated = field.valid(value) ? treat(field, value, trace, deps) : undefined;
  if (treated === undefined) trace.drop(field);
  else trace.keep(field);
  return treated;
}

function treat(field: FieldPlan, value: unknown, trace: Trace, deps: GateDeps): JsonValue | undefined {
  switch (field.treatment) {
    case 'keep':
      return typeof value === 'string' && SCANNED_TYPES.has(field.type)
        ? scanned(field, value, deps.net, trace)
        : (value as JsonValue);
    case 'generalize':
      trace.redact(field.path, 'generalize', 'generalize');
      return generalize(value);
    case 'pseudonymize':
      trace.redact(field.path, 'pseudonymize', 'pseudonymize');
      return deps.keyed.pseudonym(String(value));
    case 'digest':
      trace.redact(field.path, 'digest', 'digest');
      return deps.keyed.digest(value as JsonValue);
    case 'scan':
      return typeof value === 'string' ? scanned(field, value, deps.text, trace) : undefined;
    case 'count':
      trace.redact(field.path, 'count', 'count');
      return count(value);
    case 'drop':
      return undefined;
  }
}

function scanned(field: FieldPlan, value: string, scanner: Scanner, trace: Trace): string {
  if (value.length > MAX_TEXT) {
    trace.redact(field.path, 'too-long', 'mask');
    return '[REDACTED:too-long]';
  }
  if (!scanner.hasFinding(value)) return value;
  const { text, findings } = scanner.scan(value);
  for (const finding of findings) trace.redact(field.path, finding.detector, 'mask');
  return text;
}

function clearGap(gap: Gap, read: AdmittedRead, now: Timestamp, net: Scanner): Cleared {
  const trace = new Trace();
  const own = (path: string, text: string) => {
    if (!net.hasFinding(text)) return text;
    trace.redact(path, 'gap-text', 'mask');
    return net.scan(text).text;
  };
  const entity =
    gap.entity !== undefined && isEntity(gap.entity) && !net.hasFinding(gap.entity)
      ? gap.entity
      : ownEntity(read);
  return mint({
    class: 'gap',
    kind: 'exhibit.gap/v1',
    stream: gap.stream ?? 'gaps',
    entity,
    related: [],
    key: `${gap.gap}/${read.read}/${gap.missing}/${gapPeriod(read, now)}`,
    occurredAt: now,
    ...(gap.window === undefined ? {} : { window: gap.window }),
    body: {
      code: gap.gap,
      ...(gap.hint === undefined ? {} : { hint: own('body.hint', gap.hint) }),
      missing: own('body.missing', gap.missing),
      read: read.read,
      reason: own('body.reason', gap.reason),
    },
    fields: OWN_FIELDS,
    redactions: trace.redactions,
    dropped: NOTHING_DROPPED,
  });
}

/**
 * A gap that lasts is recorded once in five minutes, not on every run; an incident's own reads always record theirs.
 */
function gapPeriod(read: Pick<AdmittedRead, 'trigger'>, now: Timestamp): string {
  return read.trigger === 'interval' ? String(Math.floor(Date.parse(now) / 300_000)) : now;
}

function ownEntity(read: Pick<AdmittedRead, 'connection' | 'connector' | 'read'>): string {
  return `exhibit://${encodeURIComponent(read.connection)}/${read.connector}/read/${read.read}`;
}
