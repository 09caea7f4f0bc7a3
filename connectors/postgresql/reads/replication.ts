import { observe } from '../../sdk/index.ts';
import { replication, replicationSlots } from '../schema.ts';
import { inScope, known, type Reader, scopeOf, serverEntity, statsGap, truncationGap } from './reader.ts';

/** wal_status values of a slot whose consumer has lost, or is about to lose, what it still needs. */
const LOSING = ['unreserved', 'lost'];

/** The standbys and subscribers that stream from this server, with how far behind each is. */
export const readReplication: Reader = async (context) => {
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
export const readReplicationSlots: Reader = async (context) => {
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
