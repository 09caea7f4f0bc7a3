import type { Frontier } from './log/frontier.ts';

/** A manifest's place in the chain, and what the next one has to name. */
export interface ChainHead {
  readonly sequence: number;
  /** `sha256:<hex>` of manifest.json's bytes. */
  readonly digest: string;
}

/** What the next manifest continues. */
export interface Head {
  /** The newest manifest; null before the first. */
  readonly manifest: ChainHead | null;
  /** Number of the tenant's newest item; 0 before the first. */
  readonly lastItem: number;
  /** The log as far as it is durable. */
  readonly log: Frontier;
}
