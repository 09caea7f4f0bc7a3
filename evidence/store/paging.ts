/** How every list of the store is read. */

export interface PageRequest {
  /** 1 to 1000. */
  readonly limit: number;
  /** Opaque; from the page before. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
