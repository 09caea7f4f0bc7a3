import type {
  At,
  Completeness,
  Cost,
  EvidenceClass,
  JsonObject,
  Timestamp,
  Window,
} from '../connectors/sdk/index.ts';
import type { ClearedRedaction } from '../policies/cleared.ts';

/** One item of evidence, as it is stored, signed and served. Times are RFC 3339 UTC with milliseconds. */
export interface Item {
  /** Base64url SHA-256 over tenant, connection, stream, entity, key and time: the same fact has the same id. */
  readonly id: string;
  /** `<connector>.<stream>/v<n>`; the schema of `body`. */
  readonly kind: string;
  readonly class: EvidenceClass;
  readonly connection: string;
  readonly stream: string;
  readonly entity: string;
  readonly related: readonly string[];
  readonly occurredAt: Timestamp;
  readonly observedAt: Timestamp;
  /** Set when only the span is known in which it happened. */
  readonly window?: Window;
  /** Only cleared fields. */
  readonly body: JsonObject;
  readonly provenance: Provenance;
}

export interface Provenance {
  /** `<id>@<version>` */
  readonly connector: string;
  readonly read: string;
  /** `sha256:<hex>` of the read file that was sent. */
  readonly readDigest: string;
  readonly run: string;
  readonly policy: { readonly digest: string; readonly version: string };
  /** Which rule let each field out: `body.wait_ms` → `standard#metadata`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly redactions: readonly ClearedRedaction[];
  readonly dropped: Dropped;
  readonly completeness: Completeness;
  readonly cost: Cost;
}

export interface Dropped {
  readonly count: number;
  /** Field names as the connector declared them; undeclared ones are only counted. */
  readonly names: readonly string[];
}

/** An item with its RFC 8785 bytes: serialised once, then hashed, stored and served as is. */
export type Envelope = At<'envelope', { readonly item: Item; readonly canonical: string }>;
