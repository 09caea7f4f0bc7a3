import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { connector } from '../../connectors/kubernetes/index.ts';
import {
  type AdmittedRead,
  type Budget,
  BudgetMeter,
  type Clock,
  type Connector,
  type ConnectorDeps,
  type Gap,
  isGap,
  type JsonValue,
  type Logger,
  type Observation,
  type Observed,
  type ReadOutcome,
  type RunContext,
} from '../../connectors/sdk/index.ts';
import type { KubeApi } from './kube-api.ts';
import type { KubeItem } from './kube-recording.ts';

/** Runs the Kubernetes connector's reads in memory: what it emits and remembers can be looked at. */

const QUERIES = fileURLToPath(new URL('../../connectors/kubernetes/queries/', import.meta.url));

export function kubeReads(): ReadonlyMap<string, string> {
  const files = readdirSync(QUERIES).sort();
  return new Map(files.map((file) => [file.replace(/\.yaml$/, ''), readFileSync(QUERIES + file, 'utf8')]));
}

/** The system's clock, or one that always says `now` (waiting is real either way, at most 20 ms at a time). */
export function testClock(now?: Date): Clock {
  return {
    now: () => now ?? new Date(),
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      await sleep(ms > 60_000 ? 60_000 : Math.min(ms, 20), undefined, { signal, ref: false });
    },
  };
}

const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Nothing listens.
}

export function testDeps(clock: Clock, send: typeof fetch = fetch): ConnectorDeps {
  return {
    connection: 'prod',
    clock,
    logger: SILENT,
    digest: (value: JsonValue) =>
      `hmac-sha256:${createHmac('sha256', 'test-key').update(JSON.stringify(value)).digest('hex')}`,
    reads: kubeReads(),
    fetch: send,
  };
}

export class MemoryRun implements RunContext {
  readonly id = 'run-1';
  readonly meter: BudgetMeter;
  readonly observations: Observation[] = [];
  readonly gaps: Gap[] = [];
  readonly stored: Map<string, JsonValue>;
  /** Everything that was ever checkpointed, for searching. */
  readonly checkpoints: unknown[] = [];

  constructor(budget: Budget = WIDE, stored: Map<string, JsonValue> = new Map()) {
    this.meter = new BudgetMeter(budget);
    this.stored = stored;
  }

  readonly state = {
    get: (key: string) => this.stored.get(key),
    keys: () => [...this.stored.keys()],
  };

  async emit(record: Observed | Gap): Promise<void> {
    if (isGap(record)) this.gaps.push(record);
    else this.observations.push(record);
  }

  async caughtUp(): Promise<void> {
    // Nobody waits for this run.
  }

  async checkpoint(patch: Parameters<RunContext['checkpoint']>[0]): Promise<void> {
    this.checkpoints.push(structuredClone(patch));
    for (const key of patch.delete ?? []) this.stored.delete(key);
    for (const [key, value] of Object.entries(patch.set ?? {})) this.stored.set(key, value);
  }
}

export const WIDE: Budget = { durationMs: 3_600_000, rows: 1_000_000, bytes: 1_000_000_000, calls: 10_000 };

export interface SessionOptions {
  readonly api: KubeApi;
  /** Reads to run; all when left out. */
  readonly reads?: readonly string[];
  readonly mode?: 'streaming' | 'full';
  readonly config?: Readonly<Record<string, unknown>>;
  readonly now?: Date;
  readonly from?: Date;
  readonly namespaces?: readonly string[];
  readonly budget?: Budget;
  /** What earlier sessions left behind, by read. */
  readonly stored?: ReadonlyMap<string, Map<string, JsonValue>>;
  /** Digest of what the policy lets out. */
  readonly plan?: string;
}

export class KubeSession {
  readonly runs = new Map<string, MemoryRun>();
  readonly connector: Connector;
  readonly #options: SessionOptions;
  readonly #stop = new AbortController();
  #hasEnded = false;
  #outcomes: Promise<readonly ReadOutcome[]> = Promise.resolve([]);

  constructor(options: SessionOptions) {
    this.#options = options;
    const config = connector.config.parse({ server: options.api.url, ...options.config });
    this.connector = connector.create(config, testDeps(testClock(options.now)));
  }

  /** Starts the reads; in mode `streaming` resolves when all have listed and are watching. */
  async start(): Promise<void> {
    const reads = this.#options.reads ?? [...kubeReads().keys()];
    this.#outcomes = Promise.all(reads.map((read) => this.#read(read)));
    const ended = this.#outcomes.finally(() => {
      this.#hasEnded = true;
    });
    ended.catch(() => undefined);
    if (this.#options.mode === 'full') await ended;
    else await until(() => this.#hasEnded || this.#options.api.openWatches >= reads.length);
  }

  /** Resolves when everything that happened so far has been handled: when a bookmark sent after it has been. */
  async settled(): Promise<void> {
    const runs = [...this.runs];
    const marker = 1_000_000 + Math.floor(performance.now() * 1000);
    const isHandled = ([, run]: readonly [string, MemoryRun]) => cursorOf(run) >= marker;
    await until(() => {
      const waiting = runs.filter((entry) => !isHandled(entry));
      for (const [read] of waiting) {
        const object: KubeItem = {
          kind: kindOf(read),
          metadata: { name: '', resourceVersion: String(marker) },
        };
        this.#options.api.happen(pathOf(read), { type: 'BOOKMARK', object });
      }
      return waiting.length === 0;
    });
  }

  async stop(): Promise<readonly ReadOutcome[]> {
    this.#stop.abort();
    return this.#outcomes;
  }

  /** Resolves when the reads end by themselves. */
  get ended(): Promise<readonly ReadOutcome[]> {
    return this.#outcomes;
  }

  get observations(): readonly Observation[] {
    return [...this.runs.values()].flatMap((run) => run.observations);
  }

  get gaps(): readonly Gap[] {
    return [...this.runs.values()].flatMap((run) => run.gaps);
  }

  /** All that left the connector or was kept by it, as text. */
  get everything(): string {
    const runs = [...this.runs.values()];
    return JSON.stringify(runs.map((run) => [run.observations, run.gaps, run.checkpoints, [...run.stored]]));
  }

  get stored(): ReadonlyMap<string, Map<string, JsonValue>> {
    return new Map([...this.runs].map(([read, run]) => [read, run.stored]));
  }

  async #read(read: string): Promise<ReadOutcome> {
    const run = new MemoryRun(this.#options.budget, this.#options.stored?.get(read));
    this.runs.set(read, run);
    return this.connector.read(run, this.#request(read), this.#stop.signal);
  }

  #request(read: string): AdmittedRead {
    const { namespaces, mode = 'streaming', budget = WIDE } = this.#options;
    const from = this.#options.from ?? this.#options.now ?? new Date();
    const request = {
      connection: 'prod',
      connector: 'kubernetes',
      read,
      mode,
      window: { from: from.toISOString(), to: new Date(from.getTime() + 3_600_000).toISOString() },
      trigger: 'once',
      budget,
      streams: ['object_changes', 'condition_changes', 'symptoms', 'inventory'],
      plan: this.#options.plan ?? 'sha256:plan',
      scope: {
        includes: (_: string, value: string) => namespaces === undefined || namespaces.includes(value),
      },
    };
    return request as unknown as AdmittedRead;
  }
}

export async function startSession(options: SessionOptions): Promise<KubeSession> {
  const session = new KubeSession(options);
  await session.start();
  return session;
}

const PARSED = new Map(
  [...kubeReads()].map(([read, source]) => [
    read,
    parse(source) as { list: string; kind: string; accept: string },
  ]),
);

/** The version up to which a run has checkpointed. */
function cursorOf(run: MemoryRun): number {
  const cursors = [...run.stored].filter(([key]) => key.startsWith('cursor/')).map(([, value]) => value);
  const versions = cursors.map((cursor) =>
    Number((cursor as { readonly resourceVersion: string }).resourceVersion),
  );
  return Math.min(...versions, Number.POSITIVE_INFINITY);
}

function pathOf(read: string): string {
  return PARSED.get(read)?.list ?? '';
}

/** Bookmarks carry the kind of the form that is watched. */
function kindOf(read: string): string {
  return PARSED.get(read)?.kind ?? '';
}

/** Waits for a condition; fails after ten seconds, so that a test that hangs says where. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('the condition was not met within ten seconds');
    await sleep(2);
  }
}
