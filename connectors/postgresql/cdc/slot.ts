import type { Gap } from '../../sdk/index.ts';
import type { CdcConfig } from '../config.ts';
import type { ReadContext } from '../reads/reader.ts';
import { drop, type Slot, slot } from './queries.ts';

const STREAM = 'cdc';

type Obstacle = Pick<Gap, 'gap' | 'missing' | 'reason' | 'hint'>;

/** What keeps the slot from being made or used; null where nothing does. */
export function obstacle(row: Slot, database: string): Gap | null {
  const found = serverObstacle(row) ?? (row.present ? foreignSlot(row, database) : unbounded(row));
  return found === null ? null : { ...found, stream: STREAM };
}

function serverObstacle(row: Slot): Obstacle | null {
  if (row.in_recovery)
    return {
      gap: 'UNSUPPORTED',
      missing: 'a primary',
      reason: 'Changes are read from the primary; this server is a standby.',
      hint: 'Name the primary in the DSN.',
    };
  if (row.wal_level !== 'logical')
    return {
      gap: 'UNSUPPORTED',
      missing: 'wal_level',
      reason: 'The log does not say which rows changed: wal_level is not logical.',
      hint: 'Set wal_level = logical and restart the server, or turn the read cdc off.',
    };
  if (!row.may_replicate)
    return {
      gap: 'PRIVILEGE',
      missing: 'REPLICATION',
      reason: 'Only a role with the attribute REPLICATION may use a replication slot.',
      hint: 'ALTER ROLE of this connection WITH REPLICATION, and take it back when the read is turned off.',
    };
  if (!row.published)
    return {
      gap: 'NOT_FOUND',
      missing: 'publication',
      reason: 'The database has no publication of the name in cdc.publication.',
      hint: 'CREATE PUBLICATION for the tables to look at, as their owner.',
    };
  return null;
}

function unbounded({ keep_limited }: Slot): Obstacle | null {
  if (keep_limited) return null;
  return {
    gap: 'UNSUPPORTED',
    missing: 'max_slot_wal_keep_size',
    reason:
      'No slot is made where nothing bounds the log that it could retain: max_slot_wal_keep_size is -1.',
    hint: 'Set max_slot_wal_keep_size to what the disk can spare, for example 10GB, and reload the configuration.',
  };
}

/** Whether a slot is there that this connection could have made. */
export function isOurs({ present, plugin, database }: Slot, ours: string): boolean {
  return present && plugin === 'pgoutput' && database === ours;
}

function foreignSlot(row: Slot, ours: string): Obstacle | null {
  if (!isOurs(row, ours))
    return {
      gap: 'CONFIG',
      missing: 'replication slot',
      reason: 'A slot of the name in cdc.slot is there for something else, and was left alone.',
      hint: 'Give cdc.slot another name.',
    };
  if (row.active === true)
    return {
      gap: 'TIMEOUT',
      missing: 'replication slot',
      reason: 'Another session is using the slot.',
      hint: 'Let one agent alone read it; a session that was cut off lets go of it within seconds.',
    };
  return null;
}

/**
 * Drops the slot where it is there and ours. Answers whether one was dropped. Throws ConnectorError, also when somebody
 * uses it.
 */
export async function dropSlot(
  { ask }: Pick<ReadContext, 'ask'>,
  { slot: name, publication }: CdcConfig,
): Promise<boolean> {
  const { rows, facts } = await ask(slot, [name, publication]);
  const [row] = rows;
  if (row === undefined || !isOurs(row, facts.database)) return false;
  await ask(drop, [name]);
  return true;
}
