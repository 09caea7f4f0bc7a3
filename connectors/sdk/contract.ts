import type { z } from 'zod';
import type { Budget, BudgetMeter } from './budget.ts';
import type { ConnectorDeps } from './deps.ts';
import type { JsonValue } from './json.ts';
import type { ReadSpec, SyncMode } from './manifest.ts';
import type { Completeness, Gap, Observed, Window } from './observation.ts';
import type { At } from './stages.ts';
import type { AdmittedView } from './views.ts';

/** What `connectors/<id>/index.ts` exports as `connector`. */
export interface ConnectorModule<Config = unknown> {
  /** The user's config; every field described, secrets typed with `secretField()`. */
  readonly config: z.ZodType<Config>;
  /** Hosts this config talks to, `host` or `host:port`; the runtime lets the connector reach no other. */
  readonly egress: (config: Config) => readonly string[];
  /**
   * Whether this config names a source for that read. A read without one is not scheduled; asked for all the same, it is
   * a gap. Without this, every config serves every read.
   */
  readonly serves?: (config: Config, read: string) => boolean;
  /** The least that the account of the agent has to be granted, as an administrator of the source would run or apply it. */
  readonly grants?: (request: GrantRequest) => string;
  /** Cheap and without I/O: connections are opened by the first call that needs one. */
  readonly create: (config: Config, deps: ConnectorDeps) => Connector;
}

export interface GrantRequest {
  /** What the manifest names under `privileges`: the grants of all reads, as text. */
  readonly all: string;
  /** The reads that are to work, each with the views that a policy opens to it. */
  readonly reads: readonly { readonly spec: ReadSpec; readonly views: readonly AdmittedView[] }[];
  /** The read files of the connector, as `ConnectorDeps.reads`. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * A source of evidence. Stateless: what must survive a run goes through `run.checkpoint()`.
 *
 * Every method takes a signal and returns soon after it aborts. Methods are called one at a time per connector,
 * except that `close()` may come at any moment, twice, or before anything else.
 */
export interface Connector {
  /** Proves connectivity and identity and compares the rights held with those the reads need. Throws AUTH, UNREACHABLE. */
  authenticate(signal: AbortSignal): Promise<AuthReport>;
  /** What can be read here now; a stream that the source cannot serve (extension absent) is left out. */
  discover(signal: AbortSignal): Promise<readonly StreamDescriptor[]>;
  /** Runs one admitted read. Never writes, never exceeds its budget, never waits without a deadline. */
  read(run: RunContext, request: AdmittedRead, signal: AbortSignal): Promise<ReadOutcome>;
  /**
   * Takes back what a read keeps at the source (a replication slot), when the read is not to run any more: it is turned
   * off, or no flag of the policy holds. Answers whether something was there. Absent: its reads keep nothing.
   */
  retire?(read: string, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export interface AuthReport {
  /** Who we are at the source, in its own terms: role, user, app. */
  readonly identity: string;
  readonly granted: readonly string[];
  readonly missing: readonly MissingPrivilege[];
  /** Rights we hold and no read needs. */
  readonly excess: readonly string[];
}

export interface MissingPrivilege {
  readonly privilege: string;
  /** Reads that stay empty without it. */
  readonly reads: readonly string[];
  readonly hint: string;
}

export interface StreamDescriptor {
  readonly stream: string;
  readonly available: boolean;
  /** Why not, when not available. */
  readonly reason?: string;
}

/** What somebody wants read: a name, never a text. */
export interface ReadRequest {
  readonly connection: string;
  readonly connector: string;
  readonly read: string;
  readonly mode: SyncMode;
  readonly window: Window;
  readonly trigger: 'interval' | 'burst' | 'incident' | 'once';
}

/** A request that `policies/admit` has let through, with the ceilings and scope that it decided. */
export type AdmittedRead = At<
  'admitted',
  ReadRequest & {
    readonly budget: Budget;
    /** Streams the policy lets out; emitting into another is dropped and counted. */
    readonly streams: readonly string[];
    readonly scope: Scope;
    /**
     * Digest of what the policy lets out of this read. Another one than at the last run means that what was skipped as
     * unchanged (by ETag, by resource version) may hold fields that now pass: read it again.
     */
    readonly plan: string;
    /** Views that may be read, for a read of views; absent: none. */
    readonly views?: readonly AdmittedView[];
  }
>;

/** Which namespaces, databases, repositories … may be looked at. */
export interface Scope {
  includes(dimension: string, value: string): boolean;
}

export interface RunContext {
  readonly id: string;
  readonly meter: BudgetMeter;
  /** What earlier runs of this connection and read checkpointed. */
  readonly state: RunState;
  /** Hands a record to the gate. Await it: it resolves when there is room, not when it is durable. */
  emit(record: Observed | Gap): Promise<void>;
  /** Becomes durable only after everything emitted before it is, in the same transaction. */
  checkpoint(patch: StatePatch): Promise<void>;
  /**
   * Called by a streaming read when it has caught up with the source: what it emitted until then is how things stand,
   * what follows is news. Incidents wait for it. A read that ends need not call it.
   */
  caughtUp(): Promise<void>;
}

/** Keyed state of one (connection, read). Values are digests, names, counters and cursors: never raw values. */
export interface RunState {
  get(key: string): JsonValue | undefined;
  keys(): Iterable<string>;
}

export interface StatePatch {
  readonly set?: Readonly<Record<string, JsonValue>>;
  readonly delete?: readonly string[];
}

export interface ReadOutcome {
  readonly completeness: Completeness;
}
