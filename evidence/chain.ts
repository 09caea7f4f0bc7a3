/** A manifest's place in the chain, and what the next one has to name. */
export interface ChainHead {
  readonly sequence: number;
  /** `sha256:<hex>` of manifest.json's bytes. */
  readonly digest: string;
}
