import type { Generated } from 'kysely';

/** The schema as Kysely sees it; `migrations.ts` makes it. Times are milliseconds since the epoch unless named `…_at` text. */
export interface Tables {
  names: NamesTable;
  manifests: ManifestsTable;
  evidence: EvidenceTable;
  evidence_entities: EvidenceEntitiesTable;
  connector_runs: ConnectorRunsTable;
  connector_latest_runs: ConnectorLatestRunsTable;
  connector_run_state: ConnectorRunStateTable;
  incidents: IncidentsTable;
  bundles: BundlesTable;
  policy_versions: PolicyVersionsTable;
  decisions: DecisionsTable;
  audit: AuditTable;
  receipts: ReceiptsTable;
  expired: ExpiredTable;
}

/** Classes, kinds, connections and entities, each stored once and referred to by number. */
interface NamesTable {
  id: Generated<number>;
  name: string;
}

interface ManifestsTable {
  sequence: number;
  digest: string;
  purpose: string;
  created_at: string;
  items: number;
  canonical: string;
  attestation: string;
  /** Number of the first item; 0 for a bundle's. */
  item_first: number;
}

/** What queries filter and sort by, as numbers. */
interface FacetColumns {
  occurred_ms: number;
  seq: number;
  class: number;
  kind: number;
  connection: number;
}

interface EvidenceTable extends Omit<FacetColumns, 'seq'> {
  seq: Generated<number>;
  manifest: number;
  id: string;
  salt: string;
  leaf: string;
  canonical: string;
  /** In the manifest, from 0. */
  position: number;
}

/** One row for the entity an item is about, for each related entity, and for each of their filed prefixes. */
interface EvidenceEntitiesTable extends FacetColumns {
  entity: number;
}

interface ConnectorRunsTable {
  seq: Generated<number>;
  id: string;
  connection: string;
  read: string;
  trigger: string;
  started_at: string;
  ended_at: string | null;
  status: string | null;
  items: number | null;
  gaps: number | null;
  error: string | null;
}

interface ConnectorLatestRunsTable {
  connection: string;
  read: string;
  run: number;
}

interface ConnectorRunStateTable {
  connection: string;
  read: string;
  key: string;
  /** JSON. */
  value: string;
}

interface IncidentsTable {
  seq: Generated<number>;
  id: string;
  title: string;
  window_from: string;
  window_to: string;
  /** JSON. */
  scope: string;
  trigger: string;
  status: string;
  opened_at: string;
  closed_at: string | null;
  /** SHA-256 of the client's idempotency key, and of what it asked for. */
  idempotency_key: string | null;
  request_digest: string | null;
}

interface BundlesTable {
  seq: Generated<number>;
  incident: string;
  manifest: string;
  created_at: string;
  bytes: Uint8Array;
}

interface PolicyVersionsTable {
  seq: Generated<number>;
  digest: string;
  version: string;
  applied_at: string;
  applied_by: string;
  source: string;
  /** JSON, as are layers and changes. */
  signers: string;
  layers: string;
  changes: string;
  risk: string;
  active: number;
}

interface DecisionsTable {
  seq: Generated<number>;
  connection: string;
  read: string;
  policy: string;
  decision: string;
  code: string;
  reason: string;
  first_ms: number;
  last_ms: number;
  count: number;
}

interface AuditTable {
  sequence: number;
  /** RFC 8785 JSON. */
  content: string;
  hash: string;
}

interface ReceiptsTable {
  seq: Generated<number>;
  id: string;
  kind: string;
  created_at: string;
  canonical: string;
  attestation: string;
}

interface ExpiredTable {
  seq: Generated<number>;
  id: string;
  class: string | null;
  occurred_ms: number;
  manifest: number;
  leaf: string;
  expired_at: string;
  receipt: string | null;
  position: number;
}
