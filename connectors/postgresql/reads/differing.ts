import {
  type Gap,
  type JsonObject,
  type JsonValue,
  type Observed,
  observe,
  type Window,
} from '../../sdk/index.ts';
import type { Query } from '../columns.ts';
import {
  asObject,
  type CatalogRead,
  type Collected,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  scopeOf,
  serverEntity,
  truncationGap,
} from './reader.ts';
import { keyMark, recall, remember } from './remembered.ts';

export type Entries = ReadonlyMap<string, JsonValue>;

/** What the rows of one read come to. */
export interface Found {
  /** What is remembered for the next read to compare with: a value for each thing, under a key that outlives its name. */
  readonly entries: Entries;
}

/** What a read is about. */
export interface About {
  readonly context: ReadContext;
  readonly database: string;
  /** The database or the server. */
  readonly entity: string;
}

/** One difference as it is told. */
export interface Told {
  /** Where it is not the database or the server itself. */
  readonly entity?: string;
  readonly related?: readonly string[];
  readonly key: string;
  /** What is null in it is left out. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A read that tells how things stand, as one record, and every difference to the read before. */
export interface Differing<R, F extends Found, C> {
  /** Its id is that of the stream which tells how things stand. */
  readonly query: Query<R>;
  /** Stream of the differences. */
  readonly changes: string;
  /** A database that is out of scope is passed over. */
  readonly of: 'database' | 'server';
  /** A list that was cut is told all the same. */
  readonly tellsCut?: true;
  readonly find: (context: ReadContext, rows: readonly R[]) => F;
  readonly inventory: (found: F, about: About) => Readonly<Record<string, unknown>>;
  /** `isSameKey`: digests in the entries were made with the key of today, and can be compared. */
  readonly compare: (before: Entries, found: F, isSameKey: boolean) => readonly C[];
  readonly tell: (change: C, found: F, about: About) => Told;
}

export function differing<R, F extends Found, C>(kind: Differing<R, F, C>): CatalogRead {
  return { query: kind.query, read: (context) => readDifferences(context, kind), also: [kind.changes] };
}

async function readDifferences<R, F extends Found, C>(
  context: ReadContext,
  kind: Differing<R, F, C>,
): Promise<Collected> {
  const asked = await context.ask(kind.query);
  const { database, now } = asked.facts;
  const [stream, read] = [kind.query.id, asked.rows.length];
  if (kind.of === 'database' && !inScope(context, database)) return { records: [], read: 0 };
  if (asked.truncated && kind.tellsCut === undefined) return { records: [cutGap(stream)], read };
  const about = aboutOf(context, kind.of, database);
  const found = kind.find(context, asked.rows);
  const inventory = inventoryRecord(kind, found, about, now);
  if (asked.truncated) return { records: [inventory, ...truncationGap(asked, stream)], read };
  const before = recall(context);
  // What there is nothing to compare with has not changed.
  const changes =
    before?.entries === undefined
      ? []
      : kind.compare(before.entries, found, before.digestedWith === keyMark(context));
  const window = { from: before?.at ?? now, to: now };
  const isLost = before !== undefined && before.entries === undefined;
  return {
    records: [
      inventory,
      ...changes.map((change) => changeRecord(kind, kind.tell(change, found, about), about, window)),
      ...(isLost ? [lostGap(kind.changes)] : []),
    ],
    state: remember(context, found.entries, now),
    read,
  };
}

function aboutOf(context: ReadContext, of: 'database' | 'server', database: string): About {
  const entity = of === 'database' ? databaseEntity(context, database) : serverEntity(context);
  return { context, database, entity };
}

function inventoryRecord<R, F extends Found, C>(
  { query: { id }, of, inventory }: Differing<R, F, C>,
  found: F,
  about: About,
  now: string,
): Observed {
  return observe({
    stream: id,
    class: 'state',
    entity: about.entity,
    key: id,
    occurredAt: now,
    ...scopeOf(of === 'database' ? about.database : null),
    body: inventory(found, about),
  });
}

function changeRecord(
  { changes, of }: Pick<Differing<never, never, never>, 'changes' | 'of'>,
  { entity, body, ...told }: Told,
  about: About,
  window: Window,
): Observed {
  return observe({
    ...told,
    stream: changes,
    class: 'change',
    entity: entity ?? about.entity,
    // The latest that it can have been.
    occurredAt: window.to,
    window,
    ...scopeOf(of === 'database' ? about.database : null),
    body: known(body),
  });
}

/** What either has, in the order of the keys; undefined where one of them has it not. */
export function compareEach<C>(
  before: Entries,
  after: Entries,
  compare: (key: string, was: JsonObject | undefined, is: JsonObject | undefined) => readonly C[],
): readonly C[] {
  const entry = (entries: Entries, key: string) =>
    entries.has(key) ? asObject(entries.get(key)) : undefined;
  return everyKey(before.keys(), after.keys()).flatMap((key) =>
    compare(key, entry(before, key), entry(after, key)),
  );
}

export function everyKey(some: Iterable<string>, others: Iterable<string>): readonly string[] {
  return [...new Set([...some, ...others])].sort();
}

/** For a read whose memory was lost in part. */
export function lostGap(stream: string): Gap {
  return {
    gap: 'DRIFT',
    stream,
    missing: stream,
    reason: 'What the read before had found was lost in part, so nothing could be compared with it.',
  };
}

/** For a list that was cut: what is not in it may be there all the same. */
function cutGap(read: string): Gap {
  return {
    gap: 'BUDGET',
    stream: read,
    missing: read,
    reason: 'The server has more than this read lets through, so nothing can be compared.',
    hint: `Raise budget.rows of the read ${read} in the policy.`,
  };
}
