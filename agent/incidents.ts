import { randomUUID } from 'node:crypto';
import type { Clock, Logger, Window } from '../connectors/sdk/index.ts';
import type { Ledger } from '../evidence/ledger.ts';
import type { IdempotencyKey, Incident, StoredBundle } from '../evidence/store/store.ts';
import { AgentError } from './errors.ts';
import { type IncidentBundleDeps, sealIncident } from './incident-bundle.ts';
import type { Readiness } from './runner/readiness.ts';
import type { FinishedJob, RunNow, ScheduledRead } from './scheduler/job.ts';
import { errorFields } from './telemetry/logger.ts';

export interface IncidentOptions {
  /** Divides every interval while an incident is open. */
  readonly cadence: number;
  /** How long an incident raises the cadence at most, in milliseconds. */
  readonly burstMs: number;
  /** How long a bundle waits for the reads that opening started, in milliseconds. */
  readonly firstReadsMs: number;
}

export interface IncidentDeps extends IncidentBundleDeps {
  readonly ledger: Ledger;
  readonly scheduler: {
    runNow(request: RunNow): Promise<readonly FinishedJob[]>;
    setCadence(divisor: number): void;
  };
  readonly readiness: Pick<Readiness, 'late' | 'settled'>;
  /** Signs that a streaming read has not caught up yet. */
  readonly reportLate: (read: ScheduledRead) => Promise<unknown>;
  readonly logger: Logger;
  readonly onOpenCount?: (open: number) => void;
}

export interface NewIncident {
  readonly title: string;
  readonly window: Window;
  readonly scope: Incident['scope'];
  readonly trigger: Incident['trigger'];
  readonly idempotency?: IdempotencyKey;
}

const PAGE = 1_000;
/** How far ahead of ours the clock of a source may be without its newest items being left out. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Opens incidents, collects for them and bundles what was found. Opening runs every read at once and raises the
 * cadence; a bundle waits for those first reads, but not for ever.
 */
export class IncidentService {
  readonly #options: IncidentOptions;
  readonly #deps: IncidentDeps;
  /** The first reads of incidents opened by this process. */
  readonly #firstReads = new Map<string, Promise<unknown>>();
  /** Until when each open incident raises the cadence, in epoch milliseconds. */
  readonly #bursts = new Map<string, number>();
  /** Incidents whose newest bundle was made before the first reads were done. */
  readonly #early = new Set<string>();
  #over = new AbortController();

  constructor(options: IncidentOptions, deps: IncidentDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  /** Takes up the incidents that were open when the agent stopped. */
  async start(): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#deps.store.incidents({
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const incident of page.items) if (incident.status === 'open') this.#raise(incident);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    this.#applyCadence();
  }

  async open(request: NewIncident): Promise<Incident> {
    const incident = newIncident(request, this.#deps.clock, 'open');
    await this.#deps.store.createIncident(incident, request.idempotency);
    this.#deps.logger.info('an incident was opened', { incident: incident.id, trigger: request.trigger });
    this.#raise(incident);
    this.#applyCadence();
    this.#firstReads.set(incident.id, this.#runFirstReads(incident));
    return incident;
  }

  /** An incident that is closed from the start: a bundle of what is stored, without reading any source. */
  async record(request: NewIncident): Promise<Incident> {
    const incident = newIncident(request, this.#deps.clock, 'closed');
    await this.#deps.store.createIncident(incident, request.idempotency);
    return incident;
  }

  /** Closing twice is one closing. Throws AgentError NOT_FOUND. */
  async close(id: string): Promise<Incident> {
    const incident = await this.get(id);
    if (incident.status === 'closed') return incident;
    const closed: Incident = {
      ...incident,
      status: 'closed',
      closedAt: this.#deps.clock.now().toISOString(),
    };
    await this.#deps.store.updateIncident(closed);
    this.#bursts.delete(id);
    this.#applyCadence();
    return closed;
  }

  /** Throws AgentError NOT_FOUND. */
  async get(id: string): Promise<Incident> {
    const incident = await this.#deps.store.incident(id);
    if (incident !== null) return incident;
    throw new AgentError('NOT_FOUND', 'there is no such incident', {
      hint: 'List them to see which there are.',
    });
  }

  /** Resolves when the reads that opening started are done, or after `firstReadsMs`; says whether they are. */
  async settled(id: string): Promise<boolean> {
    const reads = this.#firstReads.get(id);
    if (reads === undefined) return true;
    const done = new AbortController();
    const late = this.#deps.clock.sleep(this.#options.firstReadsMs, done.signal).then(
      () => false,
      () => true,
    );
    const inTime = await Promise.race([reads.then(() => true), late]);
    done.abort();
    return inTime;
  }

  /** Seals what is stored about the incident now, and keeps and returns the bytes. Throws AgentError NOT_FOUND. */
  async bundle(id: string): Promise<StoredBundle> {
    const { scope } = await this.get(id);
    if (await this.settled(id)) this.#early.delete(id);
    else await this.#reportLate(id, scope);
    const incident = await this.get(id);
    return this.#deps.ledger.saveBundle((head) =>
      sealIncident(incident, this.#spans(incident), head, this.#deps),
    );
  }

  /** Whether the newest bundle was made before everything had been read once, so that a better one is to be had. */
  isEarly(id: string): boolean {
    return this.#early.has(id);
  }

  /** What is not read yet is missing from the bundle, and the bundle says so. */
  async #reportLate(id: string, scope: Incident['scope']): Promise<void> {
    this.#early.add(id);
    const late = this.#deps.readiness.late(scope['connection']);
    await Promise.all(late.map((read) => this.#deps.reportLate(read)));
  }

  /** Forgets the bursts; what runs is the scheduler's to stop. */
  stop(): void {
    this.#over.abort();
  }

  /**
   * The window that was asked for, and the time in which the agent read for this incident: what those reads found is
   * later than the window, and is what it was opened for. Ends are exclusive.
   */
  #spans({ window, openedAt, closedAt }: Incident): readonly [Window, ...Window[]] {
    const limit = new Date(Date.parse(openedAt) + this.#options.burstMs).toISOString();
    const now = new Date(this.#deps.clock.now().getTime() + CLOCK_SKEW_MS).toISOString();
    const until = earliest(closedAt ?? now, limit);
    const asked = { from: window.from, to: after(window.to) };
    const read = { from: openedAt, to: after(until) };
    if (asked.to < read.from) return [asked, read];
    return [{ from: earliest(asked.from, read.from), to: latest(asked.to, read.to) }];
  }

  async #runFirstReads(incident: Incident): Promise<void> {
    try {
      // Until now, not until the end of the window: the state that the reads find is of now.
      const to = latest(incident.window.to, this.#deps.clock.now().toISOString());
      const window = { from: incident.window.from, to };
      const [only, ...more] = incident.scope['connection'] ?? [];
      const connections = only === undefined ? [undefined] : [only, ...more];
      await Promise.all([
        this.#deps.readiness.settled(incident.scope['connection']),
        ...connections.map((connection) =>
          this.#deps.scheduler.runNow({
            trigger: 'incident',
            window,
            ...(connection === undefined ? {} : { connection }),
          }),
        ),
      ]);
    } catch (error) {
      this.#deps.logger.error('the first reads of an incident could not run', {
        incident: incident.id,
        ...errorFields(error),
      });
    }
  }

  #raise(incident: Incident): void {
    const until = Date.parse(incident.openedAt) + this.#options.burstMs;
    if (until > this.#deps.clock.now().getTime()) this.#bursts.set(incident.id, until);
  }

  /** Raises the cadence while a burst lasts, and looks again when the next one ends. */
  #applyCadence(): void {
    const now = this.#deps.clock.now().getTime();
    for (const [id, until] of this.#bursts) if (until <= now) this.#bursts.delete(id);
    this.#deps.scheduler.setCadence(this.#bursts.size > 0 ? this.#options.cadence : 1);
    this.#deps.onOpenCount?.(this.#bursts.size);
    this.#over.abort();
    if (this.#bursts.size === 0) return;
    this.#over = new AbortController();
    const next = Math.min(...this.#bursts.values()) - now;
    this.#deps.clock.sleep(next, this.#over.signal).then(
      () => this.#applyCadence(),
      () => undefined,
    );
  }
}

function newIncident(request: NewIncident, clock: Clock, status: Incident['status']): Incident {
  const { title, window, scope, trigger } = request;
  const openedAt = clock.now().toISOString();
  return {
    id: randomUUID(),
    title,
    window,
    scope,
    trigger,
    status,
    openedAt,
    closedAt: status === 'open' ? null : openedAt,
  };
}

/** Timestamps of one format sort as texts. */
function earliest(a: string, b: string): string {
  return a < b ? a : b;
}

function latest(a: string, b: string): string {
  return a > b ? a : b;
}

function after(timestamp: string): string {
  return new Date(Date.parse(timestamp) + 1).toISOString();
}
