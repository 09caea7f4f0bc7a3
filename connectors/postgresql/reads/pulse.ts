import { observe } from '../../sdk/index.ts';
import { integer, integerOrNull, query } from '../columns.ts';
import { SATURATED_PERCENT, usageOf } from './connections.ts';
import { asObject, type CatalogRead, known, type Reader, serverEntity, statsGap } from './reader.ts';

const pulse = query('pulse', 1, {
  used: integer,
  waiting: integer,
  waiting_ms: integerOrNull, // null when nobody waits
  max_connections: integer,
  superuser_reserved: integer,
  reserved: integerOrNull, // since PostgreSQL 16
});

/** A statement that waits for a lock and began this long ago, in milliseconds, is worth a closer look. */
const WAITING_MS = 1_000;
const STATE = 'pulse';

/**
 * Whether something is wrong right now, asked for often because it costs next to nothing. What it sees wakes the reads
 * that explain it. A quiet server leaves no item: only trouble, and its end, are evidence.
 */
const readPulse: Reader = async (context) => {
  const asked = await context.ask(pulse);
  const previous = asObject(context.state.get(STATE));
  const isBlind = !asked.facts.readsStats;
  const gaps = isBlind && previous['blind'] !== true ? statsGap(asked, 'pulse') : [];
  const [row] = asked.rows;
  if (row === undefined) return { records: gaps, read: 0 };
  const { percent } = usageOf(row.used, row);
  const isTrouble = percent >= SATURATED_PERCENT || (row.waiting_ms ?? 0) >= WAITING_MS;
  const isNews = isTrouble || previous['trouble'] === true;
  // Nothing is written for a server that is as it was five seconds ago.
  const isRemembered = previous['trouble'] === isTrouble && previous['blind'] === isBlind;
  const record = observe({
    stream: 'pulse',
    class: isTrouble ? 'symptom' : 'state',
    entity: serverEntity(context),
    key: 'pulse',
    occurredAt: asked.facts.now,
    body: known({
      used: row.used,
      used_percent: percent,
      waiting_on_lock: row.waiting,
      longest_waiting_statement_ms: row.waiting_ms,
    }),
  });
  return {
    records: [...(isNews ? [record] : []), ...gaps],
    ...(isRemembered ? {} : { state: { set: { [STATE]: { trouble: isTrouble, blind: isBlind } } } }),
    read: asked.rows.length,
  };
};

export const pulseReads: readonly CatalogRead[] = [{ query: pulse, read: readPulse }];
