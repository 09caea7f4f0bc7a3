import type { Observation } from '../../../connectors/sdk/index.ts';
import type { Random } from './random.ts';

/** How records of one stream look. */
export interface RecordKind {
  readonly connector: string;
  readonly stream: string;
  /** How many of a hundred records. */
  readonly share: number;
  /** Fields with free text; `lines[]` is an array of it. */
  readonly texts: readonly string[];
  /** Two texts that were one at the source. */
  readonly adjacent?: readonly [string, string];
  /** Fields that are kept as they are and have room for a credential. */
  readonly names: readonly string[];
  readonly make: (random: Random) => Omit<Observation, 'stream'>;
}
