import { randomUUID } from 'node:crypto';
import { type Clock, ConnectorError } from '../../connectors/sdk/index.ts';
import type { Job, ScheduledRead } from '../scheduler/job.ts';

/** Why something is missing from a bundle that was made before a source had been listed. */
export const NOT_CAUGHT_UP = new ConnectorError(
  'TIMEOUT',
  'the source had not been listed when the bundle was made',
  {
    hint: 'Get the bundle again in a moment; raise incidents.firstReads if this lasts.',
  },
);

/** A run in whose name it is said. */
export function lateJob({ connection, connector, read, mode }: ScheduledRead, clock: Clock): Job {
  const now = clock.now().toISOString();
  const window = { from: now, to: now };
  return { id: randomUUID(), request: { connection, connector, read, mode, window, trigger: 'incident' } };
}
