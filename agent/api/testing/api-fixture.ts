import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, LogFields, Logger } from '../../../connectors/sdk/index.ts';
import { Secret } from '../../../connectors/sdk/index.ts';
import type { Item } from '../../../evidence/item.ts';
import type { Sealed } from '../../../evidence/seal.ts';
import { openSqliteStore, type SqliteStore } from '../../../evidence/store/sqlite-store.ts';
import type { Incident } from '../../../evidence/store/store.ts';
import { fakeSealed } from '../../../evidence/store/testing/store-fixtures.ts';
import { AgentError } from '../../errors.ts';
import { type Governed, type GovernedOptions, governed } from '../../governance/testing/governed.ts';
import { makeOutgoing } from '../../telemetry/outgoing.ts';
import { makeApi } from '../app.ts';
import type { ApiDeps, IncidentService, OpenIncident } from '../deps.ts';

export const TOKEN = 'not-a-real-token-0123456789';
export const NOW = Date.parse('2026-11-21T02:00:00.000Z');
export const PUBLIC_KEY = '-----BEGIN PUBLIC KEY-----\nbm90IGEgcmVhbCBrZXk=\n-----END PUBLIC KEY-----\n';

interface Logged {
  readonly message: string;
  readonly fields: LogFields;
}

interface Prepared {
  readonly clock: FakeClock;
  readonly logger: Logger;
  readonly logged: Logged[];
  readonly governed: Governed;
}

/** An API over a real store, with incidents that are stored and bundles that are a few bytes. */
export class ApiFixture {
  readonly folder = mkdtempSync(join(tmpdir(), 'exhibit-api-'));
  readonly clock: FakeClock;
  readonly logged: Logged[];
  readonly store: SqliteStore;
  readonly incidents: FakeIncidents;
  readonly app: ReturnType<typeof makeApi>;
  readonly governed: Governed;

  private constructor(
    store: SqliteStore,
    { clock, logger, logged, governed: own }: Prepared,
    overrides: Partial<ApiDeps>,
  ) {
    this.store = store;
    this.clock = clock;
    this.logged = logged;
    this.governed = own;
    this.incidents = new FakeIncidents(store, this.clock);
    this.app = makeApi({
      store,
      policy: own.service,
      outgoing: makeOutgoing({
        net: () => own.supervisor.current().net,
        metrics: own.metrics,
        logger,
      }),
      incidents: this.incidents,
      connections: async () => [
        {
          id: 'orders-db',
          connector: 'postgresql',
          reads: [{ read: 'settings', mode: 'full', intervalMs: 60_000, latestRun: null }],
          gaps: [],
        },
      ],
      connectorTypes: async () => [],
      keys: {
        publicKeyPem: () => PUBLIC_KEY,
        history: () => {
          throw new Error('this fixture has no key history: hand one in');
        },
        trustedRoot: () => '{}',
      },
      token: new Secret(TOKEN),
      metrics: {
        render: async () => '# HELP up\nup 1\n',
        contentType: 'text/plain; version=0.0.4; charset=utf-8',
      },
      clock: this.clock,
      logger,
      version: '0.0.0-test',
      options: { rate: { perSecond: 1_000, burst: 100_000 } },
      ...overrides,
    });
  }

  static async open(
    overrides: Partial<ApiDeps> = {},
    policy: Partial<GovernedOptions> = {},
  ): Promise<ApiFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'exhibit-api-store-'));
    const store = await openSqliteStore({ path: join(folder, 'exhibit.db') });
    const logged: Logged[] = [];
    const log = (message: string, fields: LogFields = {}) => logged.push({ message, fields });
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const clock = new FakeClock();
    const own = await governed({ store, clock, logger, ...policy });
    const fixture = new ApiFixture(store, { clock, logger, logged, governed: own }, overrides);
    fixture.#folders.push(folder);
    return fixture;
  }

  readonly #folders: string[] = [this.folder];

  async close(): Promise<void> {
    await this.store.close();
    for (const folder of this.#folders) rmSync(folder, { recursive: true });
  }

  async append(items: readonly Item[]): Promise<Sealed> {
    const sealed = fakeSealed(items, await this.store.head());
    await this.store.append(sealed);
    return sealed;
  }

  /** A request with the token. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${TOKEN}`);
    return this.app.request(path, { ...init, headers });
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request(path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    };
    return this.request(path, init);
  }
}

class FakeClock implements Clock {
  nowMs = NOW;

  now(): Date {
    return new Date(this.nowMs);
  }

  monotonic(): number {
    return this.nowMs;
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error('the API must not sleep'));
  }
}

class FakeIncidents implements IncidentService {
  readonly #store: SqliteStore;
  readonly #clock: Clock;
  readonly opened: OpenIncident[] = [];
  bundled = 0;
  #count = 0;

  constructor(store: SqliteStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async open(request: OpenIncident): Promise<Incident> {
    this.opened.push(request);
    const { idempotency, ...rest } = request;
    this.#count += 1;
    const openedAt = this.#clock.now().toISOString();
    const incident: Incident = {
      ...rest,
      id: `inc-${this.#count}`,
      status: 'open',
      openedAt,
      closedAt: null,
    };
    await this.#store.createIncident(incident, idempotency);
    return incident;
  }

  /** Ids whose newest bundle was made too early. */
  readonly early = new Set<string>();

  isEarly(id: string): boolean {
    return this.early.has(id);
  }

  async get(id: string): Promise<Incident> {
    const incident = await this.#store.incident(id);
    if (incident === null) throw new AgentError('NOT_FOUND', 'there is no such incident');
    return incident;
  }

  async close(id: string): Promise<Incident> {
    const closed: Incident = {
      ...(await this.get(id)),
      status: 'closed',
      closedAt: this.#clock.now().toISOString(),
    };
    await this.#store.updateIncident(closed);
    return closed;
  }

  async bundle(id: string) {
    this.bundled += 1;
    const sealed = fakeSealed([], await this.#store.head(), 'bundle');
    const createdAt = this.#clock.now().toISOString();
    const bytes = new TextEncoder().encode(`{"schema":"exhibit.bundle/v1","n":${this.bundled},"é":"\u2028"}`);
    const bundle = { incident: id, manifest: sealed.digest, createdAt, bytes };
    await this.#store.append(sealed);
    await this.#store.saveBundle(bundle);
    return bundle;
  }
}
