import type { FieldType, Treatment } from '../connectors/sdk/index.ts';
import type { ClearedRedaction } from './cleared.ts';
import type { CompiledPolicy } from './compile.ts';
import { gained, representatives } from './name-patterns.ts';
import type { FieldPlan, StreamPlan } from './plan.ts';

/** What another policy does to what is stored, counted by stream and field. */
export interface ReplayReport {
  readonly items: number;
  /** Items that are not as they would be. */
  readonly affected: number;
  readonly effects: readonly ReplayEffect[];
  /** What the stored items do not tell. */
  readonly unknown: readonly ReplayUnknown[];
  /** Parts of the policies that stored items say nothing about. */
  readonly notes: readonly string[];
}

export interface ReplayEffect {
  /** `<connector>/<stream>` */
  readonly stream: string;
  /** `body.…`; null for items as a whole. */
  readonly field: string | null;
  readonly effect: 'gains' | 'loses' | 'changes';
  readonly from: string;
  readonly to: string;
  readonly items: number;
  /** Ids of a few of them. */
  readonly examples: readonly string[];
}

export interface ReplayUnknown extends Pick<ReplayEffect, 'stream' | 'field' | 'items' | 'examples'> {
  readonly why: string;
}

/** The parts of a stored item that replaying reads. */
interface StoredRecord {
  readonly id: string;
  readonly kind: string;
  readonly connection: string;
  readonly stream: string;
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
    const key = `${item.connection} ${connector}/${item.stream}`;
    const found = cases.get(key) ?? caseOf(item.connection, `${connector}/${item.stream}`, before, after);
    cases.set(key, found);
    if (replayItem(item, found, before.digest, tally)) affected += 1;
  }
  return { items: count, affected, ...tally.report(), notes: notesOn([...cases.keys()], before, after) };
}

function caseOf(
  connection: string,
  stream: string,
  before: CompiledPolicy,
  after: CompiledPolicy,
): StreamCase {
  const [was, is] = [before, after].map((policy) => policy.of(connection).streams.get(stream));
  const fields = was?.fields ?? is?.fields ?? [];
  return {
    stream,
    was: was !== undefined,
    is: is !== undefined,
    cells: fields.flatMap((field) => cellOf(field, was, is)),
    actions: changedActions(was, is),
    declared: new Set(fields.map(({ path }) => path)),
  };
}

function cellOf(
  { path, type, index }: FieldPlan,
  was: StreamPlan | undefined,
  is: StreamPlan | undefined,
): Cell[] {
  const [from, to] = [was?.fields[index]?.treatment ?? 'drop', is?.fields[index]?.treatment ?? 'drop'];
  return from === to ? [] : [{ path, type, from, to }];
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
function fieldEffect({ path, type, from, to }: Cell, { provenance }: StoredRecord, isOwn: boolean): Verdict {
  const isKept = Object.hasOwn(provenance.fields, path);
  if (!isKept && !provenance.dropped.names.includes(path.slice('body.'.length))) return undefined;
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

const EXAMPLES = 3;

interface Counted {
  items: number;
  examples: string[];
}

/** Counts by what happened to which field of which stream; an item counts once for each. */
class Tally {
  readonly #effects = new Map<string, Omit<ReplayEffect, 'items' | 'examples'> & Counted>();
  readonly #unknown = new Map<string, Omit<ReplayUnknown, 'items' | 'examples'> & Counted>();

  effect(
    id: string,
    stream: string,
    field: string | null,
    effect: ReplayEffect['effect'],
    from: string,
    to: string,
  ): void {
    const key = `${stream} ${field} ${effect} ${from} ${to}`;
    const entry = this.#effects.get(key) ?? { stream, field, effect, from, to, items: 0, examples: [] };
    this.#effects.set(key, entry);
    count(entry, id);
  }

  unknown(id: string, stream: string, field: string | null, why: string): void {
    const key = `${stream} ${field} ${why}`;
    const entry = this.#unknown.get(key) ?? { stream, field, why, items: 0, examples: [] };
    this.#unknown.set(key, entry);
    count(entry, id);
  }

  report(): Pick<ReplayReport, 'effects' | 'unknown'> {
    const sorted = (a: { readonly stream: string; readonly field: string | null }, b: typeof a) =>
      `${a.stream} ${a.field ?? ''}` < `${b.stream} ${b.field ?? ''}` ? -1 : 1;
    return {
      effects: [...this.#effects.values()].sort(sorted),
      unknown: [...this.#unknown.values()].sort(sorted),
    };
  }
}

function count(entry: Counted, id: string): void {
  entry.items += 1;
  if (entry.examples.length < EXAMPLES) entry.examples.push(id);
}
