import { z } from 'zod';
import {
  bool,
  boolOrNull,
  integer,
  integerOrNull,
  type Query,
  query,
  type RowOf,
  text,
  textOrNull,
} from '../columns.ts';

/** The slot by its name, and what stands in the way of making it. */
export const slot = query('cdc/slot', 1, {
  wal_level: text,
  keep_limited: bool,
  in_recovery: bool,
  may_replicate: bool,
  published: bool,
  flushed: textOrNull,
  present: bool,
  plugin: textOrNull,
  database: textOrNull,
  active: boolOrNull,
  wal_status: textOrNull,
  confirmed: textOrNull,
  retained_wal_bytes: integerOrNull,
  safe_wal_bytes: integerOrNull,
});
export type Slot = RowOf<typeof slot>;

/**
 * Making a slot waits for the end of transactions that have written, one after the other. Nobody queues behind that: it
 * waits for their ids, which no other wants. Below deadlock_timeout (a second by default), which would log the wait.
 */
const SLOT_WAIT_MS = 900;

export const create: Query<{ readonly confirmed: string }> = {
  ...query('cdc/create', 1, { confirmed: text }),
  lockWaitMs: SLOT_WAIT_MS,
};
export const advance = query('cdc/advance', 1, { confirmed: text });
export const drop = query('cdc/drop', 1, { dropped: bool });

/** Two digits per byte; the query leaves rows of more than 64 KiB with the server. */
const hex = z
  .string()
  .max(2 ** 21)
  .regex(/^(?:[0-9a-f]{2})+$/);

export const changes = query('cdc', 20_000, { message: hex, times: integer });

/** The third argument of the peek: it ends with the transaction that goes past it. */
export const ENOUGH_CHANGES = 50_000;
