import type { FieldType, Treatment } from '../connectors/sdk/index.ts';
import type { ClearedRedaction } from './cleared.ts';
import type { CompiledPolicy } from './compile.ts';
import { gained, representatives } from './name-patterns.ts';
import type { FieldPlan, StreamPlan } from './plan.ts';
import { type ReplayEffect, type ReplayReport, Tally } from './replay-tally.ts';

export type { ReplayReport } from './replay-tally.ts';

/** The parts of a stored item that replaying reads. */
interface StoredRecord {
  readonly id: string;
  readonly kind: string;
  readonly connection: string;
  readonly stream: string;
  readonly body: unknown;
  readonly provenance: {
    readonly connector: string;
    readonly policy: { readonly digest: string };
    readonly fields: Readonly<Record<string, string>>;
    readonly redactions: readonly ClearedRedaction[];
    readonly dropped: { readonly count: number; readonly names: readonly string[] };
  };
}

/** What both policies say of one stream of one connection: only where they differ. */
interface StreamCase {
  readonly stream: string;
  /** Whether a policy lets items of it out at all. */
  readonly was: boolean;
  readonly is: boolean;
  readonly cells: readonly Cell[];
  readonly actions: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
  readonly declared: ReadonlySet<string>;
}

interface Cell {
  /** `body.…` */
  readonly path: string;
  readonly type: FieldType;
  readonly from: Treatment;
  readonly to: Treatment;
  /** The policies take it for different types of values, as they do with columns of views. */
  readonly isRetyped: boolean;
}

/**
 * What would have become of stored items if `after` had been in force instead of `before`. An item tells which fields
 * its record held (those that were let out and the names of those that were dropped), not what the dropped ones were;
 * a dropped field that was null or an empty list left no trace. Nothing is guessed: what can not be told is counted as
 * unknown.
 */
export async function replay(
  items: AsyncIterable<{ readonly canonical: string }>,
  before: CompiledPolicy,
  after: CompiledPolicy,
): Promise<ReplayReport> {
  const tally = new Tally();
  const cases = new Map<string, StreamCase>();
  let [count, affected] = [0, 0];
  for await (const { canonical } of items) {
    count += 1;
    const item = JSON.parse(canonical) as StoredRecord;
    // Gaps and refusals are ours, and no policy decides about them.
    if (item.kind.startsWith('exhibit.')) continue;
    const [connector = ''] = item.provenance.connector.split('@');
    const stream = `${connector}/${item.stream}`;
    const plans = [before, after].map((policy) =>
      planOf(policy.of(item.connection).streams.get(stream), item),
    );
    const key = `${item.connection} ${stream} ${plans.some((plan) => plan?.isOfView) ? viewOf(item) : ''}`;
    const found = cases.get(key) ?? caseOf(stream, plans[0]?.plan, plans[1]?.plan);
    cases.set(key, found);
    if (replayItem(item, found, before.digest, tally)) affected += 1;
  }
  return { items: count, affected, ...tally.report(), notes: notesOn([...cases.keys()], before, after) };
}

/** A record of a view has the plan of that view; undefined where the policy does not name it. */
function planOf(
  plan: StreamPlan | undefined,
  item: StoredRecord,
): { readonly plan: StreamPlan | undefined; readonly isOfView: boolean } {
  const variants = plan?.variants;
  return variants === undefined
    ? { plan, isOfView: false }
    : { plan: variants.get(viewOf(item)), isOfView: true };
}

function viewOf({ body }: StoredRecord): string {
  return body !== null && typeof body === 'object' && 'view' in body ? String(body.view) : '';
}

function caseOf(stream: string, was: StreamPlan | undefined, is: StreamPlan | undefined): StreamCase {
  const [old, now] = [was, is].map((plan) => new Map(plan?.fields.map((field) => [field.path, field])));
  const paths = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])]);
  return {
    stream,
    was: was !== undefined,
    is: is !== undefined,
    cells: [...paths].flatMap((path) => cellOf(path, old?.get(path), now?.get(path))),
    actions: changedActions(was, is),
    declared: paths,
  };
}

function cellOf(path: string, was: FieldPlan | undefined, is: FieldPlan | undefined): Cell[] {
  const [from, to] = [was?.treatment ?? 'drop', is?.treatment ?? 'drop'];
  const type = (was ?? is)?.type;
  if (from === to || type === undefined) return [];
  return [{ path, type, from, to, isRetyped: to !== 'drop' && is !== undefined && is.type !== type }];
}

function changedActions(was: StreamPlan | undefined, is: StreamPlan | undefined): StreamCase['actions'] {
  const names = new Set([...(was?.actions.keys() ?? []), ...(is?.actions.keys() ?? [])]);
  return new Map(
    [...names].flatMap((detector) => {
      const [from, to] = [was?.actions.get(detector) ?? 'mask', is?.actions.get(detector) ?? 'mask'];
      return from === to ? [] : [[detector, { from, to }] as const];
    }),
  );
}

/** Whether the item would be another one. */
function replayItem(item: StoredRecord, found: StreamCase, digest: string, tally: Tally): boolean {
  const { stream, was, is, cells, actions, declared } = found;
  const { fields, redactions, dropped } = item.provenance;
  if (!was && !is) {
    tally.unknown(
      item.id,
      stream,
      null,
      'neither policy lets this stream out, or no connector declares it any more',
    );
    return false;
  }
  if (was && !is) {
    tally.effect(item.id, stream, null, 'loses', 'stored', 'not collected');
    return true;
  }
  if (!was) tally.effect(item.id, stream, null, 'gains', 'not collected', 'stored');
  let isAffected = !was;
  if (dropped.count > 0 && dropped.names.length === 0) {
    tally.unknown(item.id, stream, null, 'something without a name was left out');
  }
  for (const path in fields) {
    if (!declared.has(path))
      tally.unknown(item.id, stream, path, 'no connector declares this field any more');
  }
  const isOwn = item.provenance.policy.digest === digest;
  for (const cell of cells) {
    const effect = fieldEffect(cell, item, isOwn);
    if (effect === undefined) continue;
    if ('why' in effect) tally.unknown(item.id, stream, cell.path, effect.why);
    else tally.effect(item.id, stream, cell.path, effect.effect, cell.from, cell.to);
    isAffected ||= 'effect' in effect;
  }
  if (actions.size === 0) return isAffected;
  for (const redaction of redactions)
    isAffected = replayFinding(item.id, redaction, found, tally) || isAffected;
  return isAffected;
}

type Verdict = { readonly effect: ReplayEffect['effect'] } | { readonly why: string } | undefined;

const DEPENDS = 'whether it passes depends on a value that is not stored';

/** What becomes of one field; undefined when nothing does, or the record did not hold it. */
function fieldEffect(
  { path, type, from, to, isRetyped }: Cell,
  { provenance }: StoredRecord,
  isOwn: boolean,
): Verdict {
  const isKept = Object.hasOwn(provenance.fields, path);
  if (!isKept && !provenance.dropped.names.includes(path.slice('body.'.length))) return undefined;
  if (isRetyped) return { why: DEPENDS };
  // Its policy wanted to let it out, and it was left out for what it held.
  if (isOwn && !isKept && from !== 'drop') return to === 'drop' ? undefined : { why: DEPENDS };
  const was = isOwn && isKept ? 'passes' : outcome(from, type);
  const is = outcome(to, type);
  if (was === 'depends' || is === 'depends') return { why: DEPENDS };
  if (was === 'drops') return is === 'drops' ? undefined : { effect: 'gains' };
  return { effect: is === 'drops' ? 'loses' : 'changes' };
}

const NUMBERS: ReadonlySet<FieldType> = new Set(['boolean', 'integer', 'number']);
/** Types whose values may be something else than texts. */
const MIXED: ReadonlySet<FieldType> = new Set(['scalar', 'quantity', 'duration']);

/** What a treatment does with any value that has its field's type. */
function outcome(treatment: Treatment, type: FieldType): 'passes' | 'drops' | 'depends' {
  if (treatment === 'drop') return 'drops';
  if (treatment === 'generalize') return NUMBERS.has(type) ? 'passes' : 'depends';
  if (treatment !== 'scan') return 'passes';
  return NUMBERS.has(type) ? 'drops' : MIXED.has(type) ? 'depends' : 'passes';
}

/** What becomes of something that a detector found, where the policies differ about that detector. */
function replayFinding(
  id: string,
  { path, rule }: ClearedRedaction,
  found: StreamCase,
  tally: Tally,
): boolean {
  const change = found.actions.get(rule);
  if (change === undefined) return false;
  const { from, to } = change;
  const words = [`${rule}: ${from}`, `${rule}: ${to}`] as const;
  if (to === 'withhold') tally.effect(id, found.stream, null, 'loses', ...words);
  else if (to === 'drop') tally.effect(id, found.stream, path, 'loses', ...words);
  else tally.effect(id, found.stream, path, from === 'drop' ? 'gains' : 'changes', ...words);
  return true;
}

function notesOn(keys: readonly string[], before: CompiledPolicy, after: CompiledPolicy): readonly string[] {
  const connections = new Set(keys.map((key) => key.slice(0, key.indexOf(' '))));
  const known = new Set(before.patterns.map(({ id }) => id));
  const notes: string[] = [];
  if ([...connections].some((id) => scopeDiffers(id, before, after))) {
    notes.push(
      'scope is not replayed: items do not say in which namespace, database or repository they were',
    );
  }
  if (after.patterns.some(({ id }) => !known.has(id))) {
    notes.push('patterns that are new are not looked for in what is stored');
  }
  return notes;
}

function scopeDiffers(connection: string, before: CompiledPolicy, after: CompiledPolicy): boolean {
  const rules = [before, after].flatMap(({ layers }) =>
    layers.flatMap(({ policy }) => Object.values(policy.scope)),
  );
  const names = representatives(rules.flatMap(({ allow, deny }) => [...allow, ...deny]));
  return (['namespace', 'database', 'repository'] as const).some((dimension) => {
    const [old, now] = [before, after].map(
      (policy) => (name: string) => policy.of(connection).scope.includes(dimension, name),
    );
    if (old === undefined || now === undefined) return false;
    return gained(names, old, now).length + gained(names, now, old).length > 0;
  });
}
