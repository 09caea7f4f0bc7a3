import type { Clock, Connector, Logger } from '../../connectors/sdk/index.ts';
import type { Ledger, SealWith } from '../../evidence/ledger.ts';
import type { Decision } from '../../evidence/store/governance.ts';
import type { Store } from '../../evidence/store/store.ts';
import type { ProvenReads, Standing } from '../../policies/admit.ts';
import type { Withheld } from '../../policies/clear.ts';
import type { Cleared } from '../../policies/cleared.ts';
import type { NetHit } from '../../policies/net/byte-net.ts';
import type { InForce } from '../governance/in-force.ts';
import type { JobOutcome } from '../scheduler/job.ts';
import type { Readiness } from './readiness.ts';

export interface RunDeps {
  readonly tenant: string;
  /** The policy in force with its gate. A run belongs to the one it began under. */
  readonly inForce: () => InForce;
  readonly proven: ProvenReads;
  readonly standing: Standing & {
    /** Sees to it that an account's rights are known where the policy refuses any; whether it was asked. */
    ask(connection: string, signal: AbortSignal): Promise<boolean>;
    /** Nothing of the stream passes from here on. */
    stop(connection: string, stream: string, canary: string): void;
  };
  /** Counts what the two gates decide. */
  readonly decisions: { note(decision: Decision): void };
  readonly connections: { get(id: string): Connector };
  readonly store: Store;
  readonly ledger: Ledger;
  /** Seals a batch onto the chain; see evidence/seal.ts. */
  readonly sealWith: SealWith;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meters: RunMeters;
  /** Hears which reads have told how things stand. */
  readonly readiness: Pick<Readiness, 'ready'>;
}

/** What a run tells the outside about itself, in numbers. */
export interface RunMeters {
  cleared(record: Cleared): void;
  withheld(reason: Withheld['withheld']): void;
  netHit(hit: NetHit): void;
  committed(items: number, seconds: number): void;
  finished(outcome: JobOutcome, seconds: number): void;
}
