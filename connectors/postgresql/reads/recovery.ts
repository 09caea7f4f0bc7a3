import { type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  boolOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  tokenOrNull,
} from '../columns.ts';
import { type CatalogRead, known, type ReadContext, type Reader, serverEntity, statsGap } from './reader.ts';

const recovery = query('recovery', 1, {
  in_recovery: bool,
  pause_state: tokenOrNull,
  replay_lag_bytes: integerOrNull,
  replay_delay_ms: integerOrNull,
  receivers: integer,
  receiver_status: tokenOrNull,
  receiver_slot: textOrNull,
  receiver_timeline: integerOrNull,
  receive_lag_bytes: integerOrNull,
  message_ms: integerOrNull,
  senders: integer,
  synchronous_senders: integer,
  max_senders: integer,
  slots: integer,
  max_slots: integer,
  synchronous_wanted: boolOrNull,
  synchronous_commit: tokenOrNull,
});

type Recovery = RowOf<typeof recovery>;

/** A replay that is this far behind what the server has received. */
const LATE_MS = 60_000;
const STATE = 'receiving';

/** This server as a member of its replication: on a standby what it receives and replays, on a primary who listens. */
const readRecovery: Reader = async (context) => {
  const asked = await context.ask(recovery);
  const [row] = asked.rows;
  if (row === undefined) return { records: [], read: 0 };
  return {
    records: [member(context, row, asked.facts.now), ...statsGap(asked, 'recovery')],
    // It is remembered that there was a receiver until there is one again, or the server is no standby any more.
    state: { set: { [STATE]: row.in_recovery && (row.receivers > 0 || wasReceiving(context)) } },
    read: asked.rows.length,
  };
};

function member(context: ReadContext, row: Recovery, now: string): Observed {
  const reason = row.in_recovery ? standbyReason(context, row) : primaryReason(row);
  return observe({
    stream: 'recovery',
    class: reason === undefined ? 'state' : 'symptom',
    entity: serverEntity(context),
    key: 'recovery',
    occurredAt: now,
    body: known({ ...row, reason }),
  });
}

function standbyReason(context: ReadContext, row: Recovery): string | undefined {
  if (row.pause_state !== null && row.pause_state !== 'not_paused') return 'replay_paused';
  // A standby that lives from an archive never had a receiver; one that streamed and does not has lost its primary.
  if (row.receivers === 0 && wasReceiving(context)) return 'receiver_lost';
  // With nothing to replay the delay only says for how long nothing was written.
  if ((row.replay_lag_bytes ?? 0) > 0 && (row.replay_delay_ms ?? 0) >= LATE_MS) return 'replay_late';
  return undefined;
}

function primaryReason(row: Recovery): string | undefined {
  const isWaiting = ['on', 'remote_write', 'remote_apply'].includes(row.synchronous_commit ?? '');
  if (row.synchronous_wanted === true && row.synchronous_senders === 0 && isWaiting)
    return 'no_synchronous_standby';
  if (row.max_senders > 0 && row.senders >= row.max_senders) return 'senders_exhausted';
  return row.max_slots > 0 && row.slots >= row.max_slots ? 'slots_exhausted' : undefined;
}

function wasReceiving(context: ReadContext): boolean {
  return context.state.get(STATE) === true;
}

export const recoveryReads: readonly CatalogRead[] = [{ query: recovery, read: readRecovery }];
