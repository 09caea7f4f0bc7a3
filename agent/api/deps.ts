import type { Clock, EvidenceClass, Logger, Secret, SyncMode, Window } from '../../connectors/sdk/index.ts';
import type { IdempotencyKey, Incident, Store, StoredBundle, StoredRun } from '../../evidence/store/store.ts';
import type { PolicyService } from '../governance/service.ts';
import type { StoredHistory } from '../secrets/history-file.ts';
import type { Outgoing } from '../telemetry/outgoing.ts';

/** Everything the API may reach for, handed in. It reads the store and writes nothing but incidents. */
export interface ApiDeps {
  readonly store: Pick<
    Store,
    | 'head'
    | 'query'
    | 'item'
    | 'manifests'
    | 'manifest'
    | 'contents'
    | 'incidents'
    | 'incidentByKey'
    | 'latestBundle'
    | 'governance'
    | 'log'
  >;
  readonly policy: PolicyService;
  /** Every response passes it. */
  readonly outgoing: Outgoing;
  readonly incidents: IncidentService;
  readonly connections: () => Promise<readonly ConnectionStatus[]>;
  readonly connectorTypes: () => Promise<readonly ConnectorType[]>;
  readonly keys: PublishedKeys;
  /** The bearer token. */
  readonly token: Secret;
  readonly metrics: { render(): Promise<string>; readonly contentType: string };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly options?: ApiOptions;
}

/** What is public about the keys, as it is now: they are rotated while the agent runs. */
export interface PublishedKeys {
  /** SPKI, PEM: what verifies what is signed now. */
  publicKeyPem(): string;
  history(): StoredHistory;
  /** trusted_root.json, RFC 8785. */
  trustedRoot(): string;
}

export interface ApiOptions {
  /** Whether /metrics asks for the token. Default: true. */
  readonly protectMetrics?: boolean;
  /** Whether everything below /log can be read without the token. Default: false. */
  readonly publicLog?: boolean;
  /** Per client address. Default: 50 a second, 200 at once. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
}

/** Opens, closes and bundles incidents. `get`, `close` and `bundle` throw AgentError NOT_FOUND. */
export interface IncidentService {
  open(request: OpenIncident): Promise<Incident>;
  get(id: string): Promise<Incident>;
  /** Closing twice is one closing. */
  close(id: string): Promise<Incident>;
  /** Waits for the first reads of the incident, seals what is stored now, keeps the bytes and returns them. */
  bundle(id: string): Promise<StoredBundle>;
  /** Whether the newest bundle was made before everything had been read once. */
  isEarly(id: string): boolean;
}

export interface OpenIncident {
  readonly title: string;
  readonly window: Window;
  readonly scope: Incident['scope'];
  readonly trigger: Incident['trigger'];
  /** To be handed on to `Store.createIncident`. */
  readonly idempotency?: IdempotencyKey;
}

export interface ConnectionStatus {
  readonly id: string;
  readonly connector: string;
  readonly reads: readonly ReadStatus[];
  /** What could not be collected lately; empty is what one wants. */
  readonly gaps: readonly GapStatus[];
}

export interface ReadStatus {
  readonly read: string;
  readonly mode: SyncMode;
  readonly intervalMs: number;
  /** Null when it never ran. */
  readonly latestRun: Pick<
    StoredRun,
    'id' | 'trigger' | 'startedAt' | 'endedAt' | 'status' | 'items' | 'gaps' | 'error'
  > | null;
}

export interface GapStatus {
  readonly code: string;
  readonly missing: string;
  readonly reason: string;
  readonly hint: string;
  readonly last: string;
}

export interface ConnectorType {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly summary: string;
  readonly category: string;
  readonly family: string;
  readonly stability: string;
  readonly capabilities: readonly SyncMode[];
  readonly reads: readonly { readonly id: string; readonly title: string; readonly mode: SyncMode }[];
  readonly streams: readonly {
    readonly id: string;
    readonly kind: string;
    readonly description: string;
    readonly classes: readonly EvidenceClass[];
  }[];
}

/** What handlers find in their context. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    /** The stored items that stand in the response as they are, in that order. */
    items?: readonly string[];
    /**
     * The net has looked at what the body is made from (the body itself is compressed, encrypted or a stream), or the
     * route made sure that it is hashes and signatures of ours.
     */
    looked?: true;
  };
  /** Of @hono/node-server; absent when a test calls `app.request()`. */
  Bindings: { incoming?: { readonly socket: { readonly remoteAddress?: string } } };
}
