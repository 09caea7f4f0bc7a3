import type { QueryLimits } from './catalog.ts';
import type { Send } from './plan-cost.ts';
import { type Pin, readBack, trustedFacts } from './session.ts';

/**
 * Gives one statement the patience that its read declares, until the transaction ends, and reads it back with all other
 * pins. Only once the planner was asked in the same transaction: what the statement needs of the catalogs is at hand then,
 * and for them the session's own patience has held. Throws ConnectorError UNSUPPORTED where the pins are not in force.
 */
export async function allowLockWait(
  { lockWaitMs, timeoutMs }: Pick<QueryLimits, 'lockWaitMs' | 'timeoutMs'>,
  pins: readonly Pin[],
  send: Send,
): Promise<void> {
  if (lockWaitMs === undefined) return;
  // 0 would be no limit at all.
  const value = String(Math.max(1, Math.trunc(Math.min(lockWaitMs, timeoutMs))));
  // SET looks nothing up, and takes no parameters; this is a number of ours.
  await send({ text: `SET LOCAL lock_timeout = ${value}`, values: [] });
  const patient = pins.map((pin) => (pin.name === 'lock_timeout' ? { ...pin, value } : pin));
  const [row = {}] = await send(readBack(patient));
  trustedFacts(row, patient);
}
