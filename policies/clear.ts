import type { AdmittedRead, Gap, JsonObject, Observed, Timestamp, Window } from '../connectors/sdk/index.ts';
import { isGap } from '../connectors/sdk/index.ts';
import { GOOD_STANDING, type Standing } from './admit.ts';
import { rememberingClean } from './clean-values.ts';
import { type BodyGate, clearBody } from './clear-body.ts';
import type { Cleared, ClearedRecord } from './cleared.ts';
import { type CompiledPolicy, isStale } from './compile.ts';
import { isEntity } from './entity.ts';
import { VALIDATORS } from './field-types.ts';
import type { Keyed } from './keyed.ts';
import { gapRecord, noteRecord, type PolicyNote, type Refusal, refusalRecord } from './own-records.ts';
import type { StreamPlan } from './plan.ts';
import { makeScanner } from './redact.ts';
import { type Scanners, scannersWith } from './scanners.ts';
import { FieldProvenance, Trace } from './trace.ts';

export type { PolicyNote, Refusal } from './own-records.ts';

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
  /** That another policy came into force, as evidence: what is allowed to be seen is part of what was seen. */
  note(change: PolicyNote, now: Timestamp): Cleared;
}

/** A record that may not pass at all; counted per run and reported as one refusal. */
export interface Withheld {
  readonly withheld: 'stream' | 'scope' | 'shape' | 'detector' | 'stopped' | 'stale';
  readonly stream: string;
}

export interface GateDeps {
  readonly policy: CompiledPolicy;
  readonly keyed: Keyed;
  /** Streams that are stopped; default: none. */
  readonly standing?: Pick<Standing, 'isStopped'>;
  /** With the policy's own patterns; made here when they are not handed in. */
  readonly scanners?: Scanners;
}

/** What clearing a record of one stream takes. */
interface StreamGate extends BodyGate {
  readonly provenance: FieldProvenance;
}

/** Whether `value` came out of a gate of this process, whatever its type claims. */
export function isCleared(value: object): value is Cleared {
  return MintedRecord.isOne(value);
}

export function isWithheld(result: Cleared | Withheld): result is Withheld {
  return 'withheld' in result;
}

export function makeGate({ policy, keyed, standing = GOOD_STANDING, scanners }: GateDeps): Gate {
  const scanning = scanners ?? scannersWith(policy.patterns);
  const gateFor = streamGates(policy, keyed, scanning);
  return {
    clear(record, read, now) {
      if (isGap(record)) return mint(gapRecord(record, read, now, scanning.net));
      const { stream } = record;
      if (isStale(policy, now)) return withhold('stale', stream);
      const gate = gateFor(read, record);
      if (gate === undefined) return withhold('stream', stream);
      if (standing.isStopped(read.connection, stream)) return withhold('stopped', stream);
      if (!wellFormed(record, gate.plan)) return withhold('shape', stream);
      for (const dimension in record.scope) {
        if (!read.scope.includes(dimension, record.scope[dimension] ?? '')) return withhold('scope', stream);
      }
      return clearObservation(record, gate);
    },
    refuse: (refusal, read, now) => mint(refusalRecord(refusal, read, now)),
    note: (change, now) => mint(noteRecord(change, now)),
  };
}

/** By read and stream; undefined for a stream that the read does not feed or the policy does not let out. */
function streamGates(
  policy: CompiledPolicy,
  keyed: Keyed,
  { detectors, net, text }: Scanners,
): (read: AdmittedRead, record: Observed) => StreamGate | undefined {
  const kept = rememberingClean(net);
  const byPlan = new Map<StreamPlan, StreamGate>();
  const byRead = new WeakMap<AdmittedRead, Map<string, StreamGate>>();
  function gateOf(plan: StreamPlan): StreamGate {
    const known = byPlan.get(plan);
    if (known !== undefined) return known;
    const heard = detectors.filter(({ id }) => plan.actions.get(id) !== 'ignore');
    const own = heard.length === detectors.length ? text : makeScanner(heard, 'text');
    const gate = { plan, keyed, net: kept, text: own, provenance: new FieldProvenance(plan) };
    byPlan.set(plan, gate);
    return gate;
  }
  function gateFor(read: AdmittedRead, stream: string): StreamGate | undefined {
    const known = byRead.get(read)?.get(stream);
    if (known !== undefined) return known;
    const plan = policy.of(read.connection).streams.get(`${read.connector}/${stream}`);
    if (plan === undefined || !read.streams.includes(stream)) return undefined;
    const gate = gateOf(plan);
    byRead.set(read, (byRead.get(read) ?? new Map<string, StreamGate>()).set(stream, gate));
    return gate;
  }
  return (read, record) => {
    const gate = gateFor(read, record.stream);
    if (gate?.plan.variants === undefined) return gate;
    // Rows of a view: what it says it is the view of decides what becomes of them, and no view means no rows.
    const view: unknown = record.body?.['view'];
    const variant = typeof view === 'string' ? gate.plan.variants.get(view) : undefined;
    return variant === undefined ? undefined : gateOf(variant);
  };
}

function mint(record: ClearedRecord): Cleared {
  return new MintedRecord(record) as ClearedRecord as Cleared;
}

/**
 * Its private name can not be had by a cast or a copy. A WeakSet of what was minted would tell the same, but garbage
 * collection visits every entry of one, and that took a tenth of the time of clearing.
 */
class MintedRecord implements ClearedRecord {
  readonly #minted = true;
  readonly class: ClearedRecord['class'];
  readonly kind: string;
  readonly stream: string;
  readonly entity: string;
  readonly related: readonly string[];
  readonly key: string;
  readonly occurredAt: Timestamp;
  readonly window?: Window;
  readonly body: JsonObject;
  readonly fields: ClearedRecord['fields'];
  readonly redactions: ClearedRecord['redactions'];
  readonly dropped: ClearedRecord['dropped'];
  readonly breakGlass: readonly string[];

  constructor(record: ClearedRecord) {
    this.class = record.class;
    this.kind = record.kind;
    this.stream = record.stream;
    this.entity = record.entity;
    this.related = record.related;
    this.key = record.key;
    this.occurredAt = record.occurredAt;
    if (record.window !== undefined) this.window = record.window;
    this.body = record.body;
    this.fields = record.fields;
    this.redactions = record.redactions;
    this.dropped = record.dropped;
    this.breakGlass = record.breakGlass;
  }

  static isOne(value: object): boolean {
    return #minted in value && value.#minted;
  }
}

function withhold(withheld: Withheld['withheld'], stream: string): Withheld {
  return { withheld, stream };
}

function wellFormed(record: Observed, plan: StreamPlan): boolean {
  return (
    plan.stream.classes.includes(record.class) &&
    isEntity(record.entity) &&
    typeof record.key === 'string' &&
    isTime(record.occurredAt) &&
    (record.window === undefined || (isTime(record.window.from) && isTime(record.window.to))) &&
    record.body !== null &&
    typeof record.body === 'object'
  );
}

/** Also of another form than ours only one that there is: what has no place in time can not be brought into ours. */
function isTime(value: Timestamp): boolean {
  return VALIDATORS.timestamp(value) && (isOurs(value) || !Number.isNaN(Date.parse(value)));
}

function clearObservation(record: Observed, gate: StreamGate): Cleared | Withheld {
  const { plan, provenance } = gate;
  const trace = new Trace();
  const body = clearBody(record.body, trace, gate);
  const entity = clearEntity(record.entity, 'entity', trace, gate);
  const related = clearRelated(record.related, trace, gate);
  if (trace.mayNotPass) return withhold('detector', record.stream);
  const cleared: ClearedRecord = {
    class: record.class,
    kind: plan.stream.kind,
    stream: record.stream,
    entity,
    related,
    key: record.key,
    occurredAt: toTimestamp(record.occurredAt),
    body,
    fields: provenance.kept(trace),
    redactions: trace.redactions,
    dropped: provenance.dropped(trace),
    breakGlass: plan.breakGlass,
  };
  const { window } = record;
  if (window === undefined) return mint(cleared);
  return mint({ ...cleared, window: { from: toTimestamp(window.from), to: toTimestamp(window.to) } });
}

function toTimestamp(time: string): Timestamp {
  return isOurs(time) ? time : new Date(time).toISOString();
}

function isOurs(time: string): boolean {
  return time.length === 24 && time.endsWith('Z');
}

function clearRelated(
  named: readonly string[] | undefined,
  trace: Trace,
  gate: StreamGate,
): readonly string[] {
  if (named === undefined || named.length === 0) return NOTHING_RELATED;
  return named.filter(isEntity).map((entity) => clearEntity(entity, 'related[]', trace, gate));
}

const NOTHING_RELATED: readonly string[] = Object.freeze([]);

/** Names of objects are evidence; a name that is itself a secret is replaced by its digest. */
function clearEntity(entity: string, path: string, trace: Trace, { net, keyed, plan }: StreamGate): string {
  if (!net.hasFinding(entity)) return entity;
  const { findings } = net.scan(entity);
  for (const { detector } of findings) {
    if (plan.actions.get(detector) === 'withhold') trace.mayNotPass = true;
    trace.redact(path, detector, 'mask');
  }
  const [origin = ''] = /^[a-z0-9+.-]+:\/\/[^/]+/.exec(entity) ?? [];
  const safe = net.hasFinding(origin) ? 'exhibit://redacted' : origin;
  return `${safe}/redacted/${encodeURIComponent(keyed.digest(entity))}`;
}
