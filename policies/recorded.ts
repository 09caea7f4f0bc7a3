import type { Observed, ReadRequest, Timestamp } from '../connectors/sdk/index.ts';
import { admit, type Denied, GOOD_STANDING, isDenied, type ProvenReads, type Standing } from './admit.ts';
import type { Gate, Withheld } from './clear.ts';
import type { Cleared } from './cleared.ts';
import type { CompiledPolicy } from './compile.ts';

/** What a policy says of a record that was observed earlier, or thought up by a test. */
export type RecordedDecision = Cleared | Withheld | Denied;

/** Where a record is from. */
export interface RecordedFrom {
  readonly connection: string;
  readonly connector: string;
  /** Absent: the first read that feeds the stream and is admitted. */
  readonly read?: string | undefined;
}

export interface RecordedDeps {
  readonly policy: CompiledPolicy;
  readonly gate: Gate;
  readonly standing?: Standing;
}

/**
 * Decides about a recorded observation as a run would have: through both gates. What the reads would send plays no part,
 * so all of them count as proved.
 */
export function decideRecorded(
  record: Observed,
  from: RecordedFrom,
  { policy, gate, standing = GOOD_STANDING }: RecordedDeps,
  now: Timestamp,
): RecordedDecision {
  let refused: Denied | undefined;
  for (const request of requestsFor(record.stream, from, policy, now)) {
    const read = admit(request, { policy, proven: allProven(policy, from.connection), standing, now });
    if (!isDenied(read)) return gate.clear(record, read, now);
    refused ??= read;
  }
  return refused ?? { withheld: 'stream', stream: record.stream };
}

/** Every read of a connection, as if it had been proved when it was loaded. */
export function allProven(policy: CompiledPolicy, connection: string): ProvenReads {
  return new Map([...policy.of(connection).reads.keys()].map((name) => [name, 'recorded']));
}

function requestsFor(
  stream: string,
  { connection, connector, read }: RecordedFrom,
  policy: CompiledPolicy,
  now: Timestamp,
): readonly ReadRequest[] {
  const feeding = [...policy.of(connection).reads.values()].filter(
    (plan) =>
      plan.connector.id === connector &&
      (read === undefined ? plan.read.emits.includes(stream) : plan.read.id === read),
  );
  const window = { from: now, to: now };
  return feeding.map((plan) => ({
    connection,
    connector,
    read: plan.read.id,
    mode: plan.read.mode,
    window,
    trigger: 'once',
  }));
}
