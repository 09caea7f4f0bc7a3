import { canonicalize } from '../canonical-json.ts';
import type { Item, Provenance } from '../item.ts';
import type {
  Account,
  ConnectionAccount,
  LatestRun,
  LedgerAccount,
  PolicyAccount,
  PrivilegeAccount,
  ReadAccount,
} from './schema.ts';

/** The range of numbers that a manifest accounts for, and what became of those that are not its items. */
export type Range = Pick<LedgerAccount, 'first' | 'last' | 'outside' | 'expired' | 'missing'>;

/** The numbers of a run's items are those that follow `lastItem`. */
export function rangeAfter(lastItem: number, items: number): Range {
  const [first, last] = items === 0 ? [0, 0] : [lastItem + 1, lastItem + items];
  return { first, last, outside: 0, expired: 0, missing: 0 };
}

/** What the items do not say themselves. */
export interface AccountContext {
  readonly range: Range;
  /** In force when the manifest is made; listed even when no item was cleared under it. */
  readonly policy: { readonly digest: string; readonly version: string };
  /** What is known of an account's rights. */
  readonly privileges: (connection: string) => PrivilegeAccount | null;
  /** Of a bundle: what the agent reads for its scope. Listed also where no item came from it. */
  readonly configured?: readonly ListedConnection[];
}

export interface ListedConnection {
  readonly id: string;
  /** `<id>@<version>` */
  readonly connector: string;
  readonly reads: readonly { readonly id: string; readonly latest: LatestRun | null }[];
}

/**
 * Counts what the items say about themselves: under which policies they were cleared, where they were read, how complete
 * that was and what it cost. The same items give the same account in whatever order they come.
 */
export function accountOf(items: Iterable<Item>, context: AccountContext): Account {
  const tally = new Tally(context.policy);
  for (const item of items) tally.add(item);
  return tally.account(context);
}

type RunTally = Pick<Provenance, 'cost' | 'completeness'> & Pick<Item, 'observedAt'>;

interface ReadTally {
  readonly digests: Set<string>;
  readonly runs: Map<string, RunTally>;
  items: number;
  gaps: number;
  latest?: LatestRun | null;
}

interface ConnectionTally {
  readonly connectors: Set<string>;
  readonly reads: Map<string, ReadTally>;
}

type PolicyTally = { -readonly [Key in keyof PolicyAccount]: PolicyAccount[Key] };

/** Counts items one by one, for who does not hold them all. */
export class Tally {
  readonly #policies = new Map<string, PolicyTally>();
  readonly #connections = new Map<string, ConnectionTally>();
  readonly #redactions = new Map<string, number>();
  #items = 0;
  #collected = 0;
  #denied = 0;
  #absent = 0;
  #dropped = 0;

  constructor(inForce: AccountContext['policy']) {
    this.#policy(inForce);
  }

  add(item: Item): void {
    const { provenance } = item;
    this.#items += 1;
    this.#addPolicy(provenance);
    this.#addRead(item);
    for (const { rule, count } of provenance.redactions)
      this.#redactions.set(rule, (this.#redactions.get(rule) ?? 0) + count);
    if (item.class === 'gap') this.#absent += 1;
    else if (item.class === 'refusal') {
      this.#denied += 1;
      this.#dropped += withheld(item);
    } else this.#collected += 1;
  }

  account({ range, privileges, configured = [] }: AccountContext): Account {
    for (const connection of configured) this.#addListed(connection);
    return {
      policies: sorted(this.#policies).map(([, policy]) => policy),
      connections: sorted(this.#connections).map(([id, tally]) =>
        connectionAccountOf(id, tally, privileges(id)),
      ),
      redactions: sorted(this.#redactions).map(([rule, count]) => ({ count, rule })),
      ledger: {
        absent: this.#absent,
        collected: this.#collected,
        denied: this.#denied,
        dropped: this.#dropped,
        expired: range.expired,
        first: range.first,
        included: this.#items,
        last: range.last,
        missing: range.missing,
        outside: range.outside,
      },
    };
  }

  #addPolicy({ policy, fields, redactions, dropped }: Provenance): void {
    const tally = this.#policy(policy);
    tally.items += 1;
    for (const _ in fields) tally.allowed += 1;
    tally.dropped += dropped.count;
    for (const redaction of redactions) tally.treated += redaction.count;
  }

  #policy({ digest, version }: AccountContext['policy']): PolicyTally {
    let tally = this.#policies.get(digest);
    if (tally === undefined) {
      tally = { allowed: 0, digest, dropped: 0, items: 0, treated: 0, version };
      this.#policies.set(digest, tally);
    }
    return tally;
  }

  #addRead({ connection, class: itemClass, provenance, observedAt }: Item): void {
    const read = this.#read(connection, provenance);
    read.items += 1;
    if (itemClass === 'gap') read.gaps += 1;
    read.digests.add(provenance.readDigest);
    const { run, cost, completeness } = provenance;
    const known = read.runs.get(run);
    if (known?.cost === cost && known.completeness === completeness) return;
    const found = { cost, completeness, observedAt };
    // Every batch of a run says what the run has cost so far: the last one says it all.
    if (known === undefined || isLater(found, known)) read.runs.set(run, found);
  }

  #addListed({ id, connector, reads }: ListedConnection): void {
    // The version that runs now need not be the one that read what is there.
    const connection = this.#connection(id);
    if (connection.connectors.size === 0) connection.connectors.add(connector);
    for (const read of reads) readOf(connection, read.id).latest = read.latest;
  }

  #read(id: string, { connector, read }: Provenance): ReadTally {
    const connection = this.#connection(id);
    connection.connectors.add(connector);
    return readOf(connection, read);
  }

  #connection(id: string): ConnectionTally {
    let connection = this.#connections.get(id);
    if (connection === undefined) {
      connection = { connectors: new Set(), reads: new Map() };
      this.#connections.set(id, connection);
    }
    return connection;
  }
}

function readOf({ reads }: ConnectionTally, id: string): ReadTally {
  let tally = reads.get(id);
  if (tally === undefined) {
    tally = { digests: new Set(), runs: new Map(), items: 0, gaps: 0 };
    reads.set(id, tally);
  }
  return tally;
}

/** Of the same time, one of them must win in whatever order they come. */
function isLater(found: RunTally, known: RunTally): boolean {
  if (found.observedAt !== known.observedAt) return found.observedAt > known.observedAt;
  if (found.cost.durationMs !== known.cost.durationMs) return found.cost.durationMs > known.cost.durationMs;
  return canonicalize(found) > canonicalize(known);
}

/** Refusals that stand for several records carry how many; see the runner's `WITHHELD_…`. */
function withheld({ body }: Item): number {
  const count = body['count'];
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function connectionAccountOf(
  id: string,
  { connectors, reads }: ConnectionTally,
  privileges: PrivilegeAccount | null,
): ConnectionAccount {
  return {
    connectors: [...connectors].toSorted(),
    id,
    privileges,
    reads: sorted(reads).map(([read, tally]) => readAccountOf(read, tally)),
  };
}

function readAccountOf(id: string, { digests, runs, items, gaps, latest }: ReadTally): ReadAccount {
  const completeness = { complete: 0, partial: 0, unknown: 0 };
  const cost = { bytes: 0, calls: 0, durationMs: 0, rows: 0 };
  let sourceMs: number | undefined;
  for (const run of runs.values()) {
    completeness[run.completeness.state] += 1;
    cost.bytes += run.cost.bytes;
    cost.calls += run.cost.calls;
    cost.durationMs += run.cost.durationMs;
    cost.rows += run.cost.rows;
    if (run.cost.sourceMs !== undefined) sourceMs = (sourceMs ?? 0) + run.cost.sourceMs;
  }
  return {
    completeness,
    cost: sourceMs === undefined ? cost : { ...cost, sourceMs },
    digests: [...digests].toSorted(),
    gaps,
    id,
    items,
    ...(latest === undefined ? {} : { latest }),
    runs: runs.size,
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * What must have been configured for a signed account to list it; who counts the items again can not know it otherwise.
 * Nothing of it is proved by the items: it is what the agent says.
 */
export function listedIn(connections: readonly ConnectionAccount[]): readonly ListedConnection[] {
  return connections.flatMap(({ id, connectors, reads }) => {
    const listed = reads.flatMap(({ id: read, latest }) =>
      latest === undefined ? [] : [{ id: read, latest }],
    );
    return listed.length === 0 && reads.length > 0
      ? []
      : [{ id, connector: connectors[0] ?? '', reads: listed }];
  });
}
