import type { Clock, Logger } from '../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Rules } from './candidate.ts';
import type { InForce } from './in-force.ts';
import type { LayerNames } from './layers.ts';
import type { RecordStore } from './records.ts';

export interface SupervisorOptions {
  /** Presets and files, in order of layering. */
  readonly names: LayerNames;
  /** How often the files are looked at, in milliseconds; 0: only when asked. */
  readonly reloadMs: number;
  readonly startWithLastGood: boolean;
  /** Only to see whether it would start: nothing of it is kept, or told to anybody. */
  readonly rehearsal?: boolean;
}

export interface SupervisorDeps {
  readonly rules: Rules;
  /** Makes the gate and the net of a version. */
  readonly putInForce: (policy: CompiledPolicy) => InForce;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'policy' | 'policyReload' | 'policyUsable' | 'policyAppliedAt'>;
}
