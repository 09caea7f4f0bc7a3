import type { TileReader } from '../log/tiles.ts';

/** The append-only log of manifests and receipts: read here, written by what is logged. */
export interface LogStore extends TileReader {
  /** Leaves. */
  size(): Promise<number>;
  /** The signed note of the tree of this size, or of the newest; null when there is none. */
  checkpoint(size?: number): Promise<string | null>;
  /** The newest that was made at this time or before; null when there is none. RFC 3339, UTC. */
  checkpointAt(time: string): Promise<string | null>;
  /** `width` entries from `index * 256`, each behind its length. Throws EvidenceError LOG when they are not there. */
  entries(index: number, width: number): Promise<Uint8Array>;
  /** Where the manifest or receipt with this digest is. */
  indexOf(digest: string): Promise<number | null>;
  entry(index: number): Promise<StoredLogEntry | null>;
}

export interface StoredLogEntry {
  /** From 0. */
  readonly index: number;
  readonly kind: LogEntryKind;
  /** `sha256:<hex>` of the manifest or receipt. */
  readonly digest: string;
  /** The leaf's data. */
  readonly entry: Uint8Array;
}

export type LogEntryKind = 'manifest' | 'receipt';
