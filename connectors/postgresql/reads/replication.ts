import { type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  boolOrNull,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  text,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import {
  type Asked,
  asObject,
  type CatalogRead,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';
import { intervalOf, remember, stepsOf } from './steps.ts';

const replication = query('replication', 200, {
  pid: integer,
  usename: textOrNull,
  application_name: textOrNull,
  state: tokenOrNull,
  sync_state: tokenOrNull,
  sync_priority: integerOrNull,
  started: instantOrNull,
  sent_lag_bytes: integerOrNull,
  write_lag_bytes: integerOrNull,
  flush_lag_bytes: integerOrNull,
  replay_lag_bytes: integerOrNull,
  write_lag_ms: integerOrNull,
  flush_lag_ms: integerOrNull,
  replay_lag_ms: integerOrNull,
  reply_ms: integerOrNull,
  xmin_age: integerOrNull,
});

const replicationSlots = query('replication_slots', 200, {
  slot_name: text,
  slot_type: token,
  plugin: tokenOrNull,
  database: textOrNull,
  active: bool,
  temporary: bool,
  two_phase: boolOrNull,
  wal_status: tokenOrNull,
  safe_wal_bytes: integerOrNull,
  retained_wal_bytes: integerOrNull,
  unconfirmed_bytes: integerOrNull,
  xmin_age: integerOrNull,
  catalog_xmin_age: integerOrNull,
  spilled_transactions: integerOrNull,
  spilled_bytes: integerOrNull,
  streamed_bytes: integerOrNull,
  decoded_bytes: integerOrNull,
  conflicting: boolOrNull, // since PostgreSQL 16
  inactive_ms: integerOrNull, // since PostgreSQL 17, like the rest
  invalidation_reason: tokenOrNull,
  failover: boolOrNull,
  synced: boolOrNull,
});

type Sender = RowOf<typeof replication>;
type Slot = RowOf<typeof replicationSlots>;

/** A standby this far behind serves what nobody wants to read, and takes as long to become a primary. */
const LATE_MS = 60_000;
/** The default of wal_sender_timeout: from here on the server itself would give the receiver up. */
const SILENT_MS = 60_000;

const STATE = 'slots';
/** Falls when the consumer confirms: only growth is reported. */
const RETAINED = ['retained_wal_bytes'] as const;

/** The standbys and subscribers that stream from this server, with how far behind each is. */
const readReplication: Reader = async (context) => {
  const asked = await context.ask(replication);
  return {
    records: [
      ...asked.rows.map((row) => sender(context, row, asked.facts.now)),
      ...statsGap(asked, 'replication'),
      ...truncationGap(asked, 'replication'),
    ],
    read: asked.rows.length,
  };
};

function sender(context: ReadContext, { usename, ...row }: Sender, now: string): Observed {
  const reason = senderReason(row);
  return observe({
    stream: 'replication',
    class: reason === undefined ? 'state' : 'symptom',
    entity: serverEntity(context),
    key: `walsender/${row.pid}`,
    occurredAt: now,
    body: known({ ...row, user: usename, reason }),
  });
}

/** The times of lag stay at their last value while nothing is written, so bytes have to be outstanding too. */
function senderReason(
  row: Pick<Sender, 'reply_ms' | 'replay_lag_ms' | 'replay_lag_bytes'>,
): string | undefined {
  if ((row.reply_ms ?? 0) >= SILENT_MS) return 'silent';
  const isLate = (row.replay_lag_ms ?? 0) >= LATE_MS && (row.replay_lag_bytes ?? 0) > 0;
  return isLate ? 'late' : undefined;
}

/** Replication slots and the log they keep from being removed. */
const readReplicationSlots: Reader = async (context) => {
  const asked = await context.ask(replicationSlots);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) => slotRecord(context, asked, row)),
      ...truncationGap(asked, 'replication_slots'),
    ],
    // Whole, so that a slot is never compared with one of the same name that was dropped before.
    state: {
      set: {
        [STATE]: Object.fromEntries(
          rows.map((row) => [slotKey(context, row), remember(RETAINED, row, null, asked.facts.now)]),
        ),
      },
    },
    read: asked.rows.length,
  };
};

function slotRecord(context: ReadContext, { facts }: Asked<Slot>, row: Slot): Observed {
  const reason = slotReason(row);
  const previous = asObject(context.state.get(STATE))[slotKey(context, row)];
  return observe({
    stream: 'replication_slots',
    class: reason === undefined ? 'state' : 'symptom',
    entity: serverEntity(context),
    key: slotKey(context, row),
    occurredAt: facts.now,
    ...scopeOf(row.database),
    body: known({
      ...row,
      ...stepsOf(RETAINED, row, null, previous),
      interval_ms: intervalOf(previous, facts.now),
      reason,
    }),
  });
}

function slotKey(context: ReadContext, row: Slot): string {
  return `slot/${context.digest(row.slot_name)}`;
}

/** The worst first: what is lost already, what is about to be, and what fills the disk for nobody. */
function slotReason(row: Slot): string | undefined {
  if (row.wal_status === 'lost') return 'lost';
  if (row.conflicting === true || row.invalidation_reason !== null) return 'invalidated';
  if (row.wal_status === 'unreserved') return 'losing';
  return row.wal_status === 'extended' && !row.active ? 'retains_for_nobody' : undefined;
}

export const replicationReads: readonly CatalogRead[] = [
  { query: replication, read: readReplication },
  { query: replicationSlots, read: readReplicationSlots },
];
