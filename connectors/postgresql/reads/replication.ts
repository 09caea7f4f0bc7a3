import { observe } from '../../sdk/index.ts';
import {
  bool,
  instantOrNull,
  integer,
  integerOrNull,
  query,
  text,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import {
  type CatalogRead,
  inScope,
  known,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

export const replication = query('replication', 200, {
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
  xmin_age: integerOrNull,
});

export const replicationSlots = query('replication_slots', 200, {
  slot_name: text,
  slot_type: token,
  plugin: tokenOrNull,
  database: textOrNull,
  active: bool,
  temporary: bool,
  wal_status: tokenOrNull,
  safe_wal_bytes: integerOrNull,
  retained_wal_bytes: integerOrNull,
  unconfirmed_bytes: integerOrNull,
  xmin_age: integerOrNull,
  catalog_xmin_age: integerOrNull,
});

/** wal_status values of a slot whose consumer has lost, or is about to lose, what it still needs. */
const LOSING = ['unreserved', 'lost'];

/** The standbys and subscribers that stream from this server, with how far behind each is. */
const readReplication: Reader = async (context) => {
  const asked = await context.ask(replication);
  return {
    records: [
      ...asked.rows.map(({ usename, ...row }) =>
        observe({
          stream: 'replication',
          class: 'state',
          entity: serverEntity(context),
          key: `walsender/${row.pid}`,
          occurredAt: asked.facts.now,
          body: known({ ...row, user: usename }),
        }),
      ),
      ...statsGap(asked, 'replication'),
      ...truncationGap(asked, 'replication'),
    ],
    read: asked.rows.length,
  };
};

/** Replication slots and the log they keep from being removed. */
const readReplicationSlots: Reader = async (context) => {
  const asked = await context.ask(replicationSlots);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'replication_slots',
          class: LOSING.includes(row.wal_status ?? '') ? 'symptom' : 'state',
          entity: serverEntity(context),
          key: `slot/${context.digest(row.slot_name)}`,
          occurredAt: asked.facts.now,
          ...scopeOf(row.database),
          body: known(row),
        }),
      ),
      ...truncationGap(asked, 'replication_slots'),
    ],
    read: asked.rows.length,
  };
};

export const replicationReads: readonly CatalogRead[] = [
  { query: replication, read: readReplication },
  { query: replicationSlots, read: readReplicationSlots },
];
