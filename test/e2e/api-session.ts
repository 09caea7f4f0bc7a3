import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '../../evidence/item.ts';
import type { SignedManifest } from '../../evidence/verify.ts';
import { API_TOKEN } from './support.ts';

/** A client of the agent's API that keeps every answer, so that a test can look through all of them. */
export class ApiSession {
  /** Status line, headers and body of every answer. */
  readonly answers: string[] = [];
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async request(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; bytes: Uint8Array; type: string }> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${API_TOKEN}`);
    const response = await fetch(this.#url + path, { ...init, headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const said = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    this.answers.push(`${response.status} ${path}\n${said}\n${Buffer.from(bytes).toString('utf8')}`);
    if (response.status !== 429)
      return { status: response.status, bytes, type: response.headers.get('content-type') ?? '' };
    await sleep(100);
    return this.request(path, init);
  }

  /** The body of a good answer. Throws for any other. */
  async bytes(path: string, init: RequestInit = {}): Promise<Uint8Array> {
    const { status, bytes } = await this.request(path, init);
    if (status < 300) return bytes;
    throw new Error(`${path} answered ${status}: ${Buffer.from(bytes).toString('utf8')}`);
  }

  async text(path: string): Promise<string> {
    return Buffer.from(await this.bytes(path)).toString('utf8');
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async post<T>(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    };
    return JSON.parse(Buffer.from(await this.bytes(path, init)).toString('utf8')) as T;
  }

  /** Every entry of a paged list. */
  async all<T>(path: string): Promise<T[]> {
    const entries: T[] = [];
    let cursor: string | null = null;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; next: string | null } = await this.get(
        `${path}${separator}limit=1000${after}`,
      );
      entries.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return entries;
  }

  items(): Promise<Item[]> {
    return this.all<Item>('/v1/evidence');
  }

  openIncident(title = 'checkout is failing'): Promise<{ readonly id: string }> {
    return this.post('/v1/incidents', { title, lookback: '1h' });
  }

  bundle(incident: string): Promise<Uint8Array> {
    return this.bytes(`/v1/incidents/${incident}/bundle`);
  }

  /** The whole chain, oldest first, as a stranger gets it. */
  async chain(): Promise<readonly SignedManifest[]> {
    const heads = await this.all<{ digest: string }>('/v1/manifests');
    const chain: SignedManifest[] = [];
    for (const { digest } of heads.toReversed()) {
      const canonical = await this.text(`/v1/manifests/${digest}`);
      chain.push({ canonical, attestation: await this.text(`/v1/manifests/${digest}/attestation`) });
    }
    return chain;
  }

  /** Asks for everything there is, and for some things that there are not. */
  async crawl(): Promise<void> {
    const items = await this.items();
    const incidents = await this.all<{ id: string }>('/v1/incidents');
    await this.chain();
    const good = [
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/v1/connections',
      '/v1/connector-types',
      '/v1/policy',
      '/v1/policy/versions',
      '/v1/policy/decisions',
      '/v1/policy/audit',
    ];
    good.push('/v1/keys/evidence.pub');
    good.push(...items.slice(0, 20).map(({ id }) => `/v1/evidence/${id}`));
    good.push(...incidents.map(({ id }) => `/v1/incidents/${id}`));
    for (const path of good) await this.bytes(path);
    const bad = ['/v1/evidence?limit=x', '/v1/evidence/none', '/v1/incidents/none/bundle', '/v1/nothing'];
    bad.push(
      '/v1/evidence?entity=no-uri',
      '/v1/evidence?cursor=none',
      `/v1/manifests/sha256:${'0'.repeat(64)}`,
    );
    for (const path of bad) await this.request(path);
    await this.request('/v1/incidents', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    await this.request('/v1/evidence', { headers: { authorization: 'Bearer wrong' } });
  }
}
