import type { Timestamp } from '../../connectors/sdk/index.ts';
import type { PolicyRecords } from './records.ts';
import type { LiveStanding, StoppedStream } from './standing.ts';

export interface Release {
  readonly connection: string;
  readonly stream: string;
  readonly by: string;
  /** Without secrets: it is kept. */
  readonly reason: string;
  readonly at: Timestamp;
}

/** Lets a stream go on in which a canary had shown. Undefined when it was not stopped. */
export async function releaseStream(
  { connection, stream, by, reason, at }: Release,
  standing: Pick<LiveStanding, 'stops' | 'release'>,
  records: PolicyRecords,
): Promise<StoppedStream | undefined> {
  const stop = standing.stops().find((one) => one.connection === connection && one.stream === stream);
  if (stop === undefined) return undefined;
  // First who and why: a release that nobody can be asked about does not happen.
  const detail = { reason, canary: stop.canary, since: stop.since };
  await records.audit(at, 'stream.release', by, 'done', `${connection}/${stream}`, detail);
  await standing.release(connection, stream);
  return stop;
}
