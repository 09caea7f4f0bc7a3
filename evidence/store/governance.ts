import type { EvidenceClass, JsonObject, JsonValue, Timestamp } from '../../connectors/sdk/index.ts';
import type { LoggedReceipt, SignedReceipt } from '../receipt.ts';
import type { Page, PageRequest } from './paging.ts';

/** What governance operators come back for: which policy was in force, what it decided, and who changed what. */
export interface GovernanceStore {
  /**
   * A policy version that was in force; an active one takes over from the one before. The same digest again only moves
   * `appliedAt` and `active`. The newest 1,000 are kept, and always the active one.
   */
  savePolicyVersion(version: StoredPolicyVersion): Promise<void>;
  /** Newest first, with their texts. */
  policyVersions(page: PageRequest): Promise<Page<StoredPolicyVersion>>;
  policyVersion(digest: string): Promise<StoredPolicyVersion | null>;
  activePolicyVersion(): Promise<StoredPolicyVersion | null>;

  /**
   * Decisions are counted, not repeated: one row per connection, read, policy, decision and code. They are noted in
   * memory and become durable with the next write of the store, at the latest when the run is finished; a process that
   * is killed in between loses these. At most 10,000 rows are kept: those of superseded policies go first, then those
   * seen longest ago.
   */
  recordDecision(decision: Decision): Promise<void>;
  /** Those seen last come first. */
  decisions(query: DecisionQuery): Promise<Page<StoredDecision>>;

  /**
   * Append-only and never cut: each entry is hashed together with the hash of the one before. Throws EvidenceError
   * QUERY for an entry of more than 16 KiB.
   */
  appendAudit(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  audit(page: PageRequest): Promise<Page<StoredAudit>>;
  /**
   * Whether every entry is there, in its place and as it was written; `at` is the number of the first that is not. Tells
   * what was done to the file by somebody who did not also compute all hashes anew: there is no key in them.
   */
  verifyAudit(): Promise<AuditVerdict>;

  /**
   * Receipt and its leaf of the log in one transaction. With `expiredThrough`, everything that expired up to there is
   * accounted for by this receipt. Go through `Ledger.saveReceipt`.
   */
  saveReceipt(receipt: LoggedReceipt, covers?: { readonly expiredThrough: number }): Promise<void>;
  /** Newest first. */
  receipts(page: PageRequest): Promise<Page<SignedReceipt>>;
  receipt(id: string): Promise<SignedReceipt | null>;
}

export interface StoredPolicyVersion {
  readonly digest: string;
  readonly version: string;
  readonly appliedAt: Timestamp;
  /** Who put it in force: `os:<user>`, an identity of the API, or `agent`. */
  readonly by: string;
  readonly source: 'start' | 'reload' | 'api' | 'expiry';
  /** Key ids of those who signed it. */
  readonly signers: readonly string[];
  readonly layers: readonly PolicyLayerText[];
  /** What it opened and closed, against the version before. */
  readonly changes: JsonValue;
  readonly risk: 'none' | 'low' | 'medium' | 'high';
  readonly active: boolean;
}

export interface PolicyLayerText {
  readonly name: string;
  readonly digest: string;
  readonly text: string;
}

export type DecisionKind = 'allow' | 'deny' | 'withhold' | 'redact-hit' | 'canary';

export interface Decision {
  readonly connection: string;
  readonly read: string;
  /** Digest of the policy that decided. */
  readonly policy: string;
  readonly decision: DecisionKind;
  readonly code: string;
  /** In our own words; nothing that came from a source. Cut at 500 characters. */
  readonly reason: string;
  readonly at: Timestamp;
}

export interface StoredDecision extends Omit<Decision, 'at'> {
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  readonly count: number;
}

export interface DecisionQuery extends PageRequest {
  readonly connection?: string;
  readonly decision?: DecisionKind;
  /** Seen at this time or later. */
  readonly since?: Timestamp;
}

export interface AuditEntry {
  readonly at: Timestamp;
  readonly actor: string;
  /** Such as `policy.apply` or `keys.erase`. */
  readonly action: string;
  readonly target: string;
  readonly outcome: 'done' | 'refused';
  readonly detail: JsonObject;
}

export interface StoredAudit extends AuditEntry {
  /** From 1, without holes. */
  readonly sequence: number;
  /** `sha256:<hex>` over the hash before, the number and the entry. */
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly at: number };

/** Evidence that gets too old, and what is known about it afterwards. */
export interface RetentionStore {
  /**
   * Removes what the items say (and their salts) that occurred before a rule's time and match it, in small batches.
   * Ids, leaves and manifests stay, so that manifests still verify and nothing of it is collected again. Bundles that
   * were made before the time of a rule without classes and streams go as well; other bundles stay as they were handed
   * out. The bytes are overwritten in the file. `expiryToReceipt()` says what went.
   */
  expire(rules: readonly ExpiryRule[], at: Timestamp): Promise<void>;
  /** What expired since the last receipt, also before a crash; null when nothing did. */
  expiryToReceipt(): Promise<ExpiredSum | null>;
  /** What is left of an item that expired; null for one that did not, or never was. */
  expiredItem(id: string): Promise<ExpiredItem | null>;
  /** How many stored items carry a pseudonym or a digest of that epoch. */
  itemsNamedUnder(epoch: string): Promise<number>;
}

/** All that is given must match; a list that is absent matches everything. */
export interface ExpiryRule {
  readonly classes?: readonly EvidenceClass[];
  /** `<stream>` or `<connector>/<stream>`. */
  readonly streams?: readonly string[];
  /** Exclusive. */
  readonly olderThan: Timestamp;
}

export interface ExpiredSum {
  readonly items: number;
  readonly byClass: Readonly<Record<string, number>>;
  readonly bundles: number;
  readonly occurred: { readonly from: Timestamp; readonly to: Timestamp } | null;
  /** For `saveReceipt`. */
  readonly through: number;
}

export interface ExpiredItem {
  readonly id: string;
  readonly leaf: string;
  readonly manifest: string;
  readonly expiredAt: Timestamp;
  /** Id of the receipt that accounts for it; null until it is written. */
  readonly receipt: string | null;
}
