import type { EvidenceClass, JsonValue, StatePatch, Timestamp, Window } from '../../connectors/sdk/index.ts';
import type { ChainHead, Head } from '../chain.ts';
import type { ContentsEntry } from '../manifest.ts';
import type { Sealed } from '../seal.ts';
import type { GovernanceStore, RetentionStore } from './governance.ts';
import type { LogStore } from './log.ts';
import type { Page, PageRequest } from './paging.ts';

export type { Page, PageRequest } from './paging.ts';

/**
 * Durable, append-only evidence and the registry beside it. What a promise of this interface acknowledged survives
 * `kill -9`. One contract suite (`testing/store-contract.ts`) runs over every implementation.
 */
export interface Store {
  /** What the next manifest continues. */
  head(): Promise<Head>;
  /** Those of the given item ids that are stored already, or were until they expired. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Items, manifest, its leaf of the log and state in one transaction. Throws EvidenceError CHAIN for a manifest that
   * does not follow the head, LOG for a leaf that is not the next one, STORE when it can not be kept; nothing of it is
   * there then. An item that is stored already stays as it is.
   */
  append(sealed: Sealed, state?: StateWrite): Promise<void>;
  /** State alone, when a run found nothing new. */
  saveState(state: StateWrite): Promise<void>;
  state(connection: string, read: string): Promise<ReadonlyMap<string, JsonValue>>;

  /** In order of time; within a millisecond, of arrival. Throws EvidenceError QUERY for a bad cursor, limit or time. */
  query(query: EvidenceQuery): Promise<Page<StoredItem>>;
  /** Null also for one that expired; see `retention.expiredItem`. */
  item(id: string): Promise<StoredItem | null>;
  countByClass(window?: Window): Promise<Readonly<Record<EvidenceClass, number>>>;

  /** Newest first. */
  manifests(page: PageRequest): Promise<Page<StoredManifest>>;
  manifest(digest: string): Promise<StoredManifest | null>;
  /** The items that a run's manifest commits to, expired ones too, in its order. Empty for a bundle's: it has its own list. */
  contents(digest: string): Promise<readonly ContentsEntry[]>;
  /** What became of the items of all runs' manifests from the oldest to the newest of these, by sequence. */
  fates(digests: readonly string[]): Promise<readonly ManifestFate[]>;

  startRun(run: RunRecord): Promise<void>;
  finishRun(id: string, end: RunEnd): Promise<void>;
  /** Newest run of every read of every connection. */
  latestRuns(): Promise<readonly StoredRun[]>;

  /** With a key, opening the same incident again can find this one; a key that is taken is EvidenceError STORE. */
  createIncident(incident: Incident, idempotency?: IdempotencyKey): Promise<void>;
  updateIncident(incident: Incident): Promise<void>;
  incident(id: string): Promise<Incident | null>;
  /** What was opened with the given `IdempotencyKey.key`. */
  incidentByKey(key: string): Promise<PriorIncident | null>;
  /** Newest first. */
  incidents(page: PageRequest): Promise<Page<Incident>>;
  /** The exact bytes of a bundle; its manifest is there already. */
  saveBundle(bundle: StoredBundle): Promise<void>;
  latestBundle(incident: string): Promise<StoredBundle | null>;

  readonly log: LogStore;
  readonly governance: GovernanceStore;
  readonly retention: RetentionStore;

  /** Safe twice. Everything else throws EvidenceError STORE afterwards. */
  close(): Promise<void>;
}

export interface StateWrite {
  readonly connection: string;
  readonly read: string;
  readonly patch: StatePatch;
}

export interface EvidenceQuery extends PageRequest {
  /** Inclusive. */
  readonly from?: Timestamp;
  /** Exclusive. */
  readonly to?: Timestamp;
  readonly class?: readonly EvidenceClass[];
  readonly kind?: string;
  /** Exact URI, or a prefix when it ends in `/`. Also matches items that name it as related. */
  readonly entity?: string;
  readonly connection?: string;
}

/** An item as stored: its canonical JSON, the salt of its leaf, the manifest that first sealed it and its place there. */
export interface StoredItem {
  readonly id: string;
  readonly canonical: string;
  readonly salt: string;
  readonly leaf: string;
  readonly manifest: string;
  /** From 0, in the order of that manifest. */
  readonly position: number;
}

/** The items of one run's manifest, by what became of them. */
export interface ManifestFate extends ChainHead {
  /** Number of its first item. */
  readonly first: number;
  /** Items that it sealed. */
  readonly items: number;
  readonly kept: number;
  readonly expired: number;
}

export interface StoredManifest extends ChainHead {
  readonly purpose: 'run' | 'bundle';
  readonly createdAt: Timestamp;
  readonly items: number;
  /** RFC 8785 bytes of manifest.json. */
  readonly canonical: string;
  /** The Sigstore bundle over its in-toto Statement, as JSON. */
  readonly attestation: string;
}

export interface RunRecord {
  readonly id: string;
  readonly connection: string;
  readonly read: string;
  readonly trigger: 'interval' | 'burst' | 'incident' | 'once';
  readonly startedAt: Timestamp;
}

export interface RunEnd {
  readonly endedAt: Timestamp;
  readonly status: 'ok' | 'partial' | 'failed' | 'refused' | 'cancelled';
  readonly items: number;
  readonly gaps: number;
  /** Error code, when it failed. */
  readonly error: string | null;
}

export type StoredRun = RunRecord & Partial<RunEnd>;

export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly window: Window;
  /** Empty object: everything. Keys are scope dimensions: connection, namespace, database, repository. */
  readonly scope: Readonly<Record<string, readonly string[]>>;
  readonly trigger: 'api' | 'cli';
  readonly status: 'open' | 'closed';
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp | null;
}

/** Digests, so that nothing a client made up is kept: of its Idempotency-Key, and of the request it came with. */
export interface IdempotencyKey {
  readonly key: string;
  readonly request: string;
}

export interface PriorIncident {
  readonly incident: Incident;
  /** `IdempotencyKey.request` of the request that opened it. */
  readonly request: string;
}

export interface StoredBundle {
  readonly incident: string;
  /** Digest of the bundle's manifest. */
  readonly manifest: string;
  readonly createdAt: Timestamp;
  readonly bytes: Uint8Array;
}
