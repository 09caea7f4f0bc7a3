/** What the collecting code knows of the server: named queries in, rows out. Fakes are plain objects. */
export interface CatalogClient {
  /**
   * Runs the named query file in a read-only transaction of the pinned session and rolls it back.
   *
   * Throws ConnectorError: AUTH, UNREACHABLE or CONFIG when there is no session to be had, PRIVILEGE, TIMEOUT,
   * UNSUPPORTED, BUDGET or BAD_RESPONSE when this one query failed.
   */
  query(id: string, limits: QueryLimits, signal: AbortSignal): Promise<Answer>;
  /** Ends the session. Safe twice, safe before a query, safe during one. */
  close(): Promise<void>;
}

export interface QueryLimits {
  /** How long the caller will wait. */
  readonly timeoutMs: number;
  /** Bytes on the wire before the server is cut off. */
  readonly bytes: number;
}

/** Column name to value: text, number, boolean or null. Untrusted until its row shape in schema.ts has passed it. */
export type Row = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly rows: readonly Row[];
  readonly facts: SessionFacts;
  /** Bytes received for this query. */
  readonly bytes: number;
}

/** What the server said of itself and of us, in the same transaction as the rows. */
export interface SessionFacts {
  /** The server's clock, RFC 3339. */
  readonly now: string;
  readonly role: string;
  readonly database: string;
  /** `server_version_num`, e.g. 180004. */
  readonly version: number;
  /** Whether sessions and statements of other roles are visible: membership in pg_read_all_stats. */
  readonly readsStats: boolean;
}
