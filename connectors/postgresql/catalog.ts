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

/** Several statements in one read-only transaction, for reads whose later statements need what the first ones hold. */
export interface TransactionClient {
  /** Rolled back whatever `work` does. Throws as `query` does, and what `work` throws. */
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<T>;
}

export interface Transaction {
  readonly facts: SessionFacts;
  /** Sends a text of the connector's own, or one that the guard has proved. Rejects with what the driver throws. */
  send(text: string, values: readonly string[]): Promise<readonly Row[]>;
  /** Bytes received since it began. */
  bytes(): number;
}

export interface QueryLimits {
  /** How long the caller will wait. */
  readonly timeoutMs: number;
  /** Bytes on the wire before the server is cut off. */
  readonly bytes: number;
  /** What the planner may reckon; absent: `DEFAULT_COST`. */
  readonly cost?: number | undefined;
  /** Longest wait for a lock, in milliseconds; absent: `lockTimeout` of the config. */
  readonly lockWaitMs?: number | undefined;
  /** Of the query's parameters. */
  readonly values?: readonly string[] | undefined;
}

/** Column name to value: text, number, boolean or null. Untrusted until its row shape in schema.ts has passed it. */
export type Row = Readonly<Record<string, unknown>>;

export interface Column {
  readonly name: string;
  /** Its number in pg_type. */
  readonly type: number;
}

export interface Answer {
  readonly rows: readonly Row[];
  /** What the server calls its columns and of which types they are, in order; absent where it does not say. */
  readonly columns?: readonly Column[];
  readonly facts: SessionFacts;
  /** Bytes received for this query. */
  readonly bytes: number;
  /** From sending the query to its last row, network included, in milliseconds. */
  readonly sourceMs?: number;
}

/** `verified`: certificate and host name were checked; `unverified`: encrypted for whoever answered; `none`: plain. */
export type TlsState = 'verified' | 'unverified' | 'none';

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
  /** Transactions that this agent has rolled back here so far: the server counts them among all others. */
  readonly ownTransactions?: number;
  /** Reads of this session by the query ids under which the server counts them. */
  readonly readOf?: ReadonlyMap<string, string>;
  /** How the connection is protected. */
  readonly tls?: TlsState;
}
