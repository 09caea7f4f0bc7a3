import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KubeItem, type KubeRecording, recordedBody, type WatchEvent } from './kube-recording.ts';

/**
 * An API server for tests and the demo: an HTTP server on loopback that speaks the list and watch protocol over a
 * recording. Nothing happens in it until `play()` or `step()`; then the recorded events happen, are applied to what
 * lists return, and are sent to the open watches.
 *
 *     const api = await startKubeApi({ recording: loadRecording('bad-image-tag', new Date()) });
 *     // connection config: { server: api.url }
 *     await api.play({ speed: 1 });
 *     await api.close();
 *
 * With a rebased recording, speed 1 makes things happen when their timestamps say; at a higher speed the timestamps
 * run ahead of the clock.
 */
export interface KubeApiOptions {
  readonly recording: KubeRecording;
  /** Bearer token to insist on; without it everybody is let in. */
  readonly token?: string;
  /** Resources (plural) that answer 403. Secrets always do. */
  readonly forbidden?: readonly string[];
  /** Resources (plural) that answer 404, as if their API group were not served. */
  readonly absent?: readonly string[];
  /** Rights that SelfSubjectAccessReview grants besides list and watch on what is not forbidden: `get secrets`. */
  readonly granted?: readonly string[];
  /** Responses are written in pieces of this many bytes, to cut lines and characters in two. */
  readonly chunkBytes?: number;
  /** Called for every request; an answer returned here is sent in place of the real one. */
  readonly intercept?: (request: KubeRequest) => KubeAnswer | undefined;
}

export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly authorization: string | undefined;
}

export interface KubeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface KubeApi {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly KubeRequest[];
  /** Watches that are open now. */
  readonly openWatches: number;
  /** Lets the remaining events happen with their recorded spacing divided by `speed`; resolves after the last. */
  play(options?: { readonly speed?: number }): Promise<void>;
  /** Lets the next `count` events happen at once; all that remain when left out. Answers how many did. */
  step(count?: number): number;
  /** Makes one more event happen; it gets a resourceVersion if its object has none. */
  happen(resource: string, event: WatchEvent): void;
  /** Sends a line as it is to the open watches of a resource. */
  inject(resource: string, line: string): void;
  /** Breaks all open watches, in the middle of a line. */
  cut(): void;
  /** Forgets history: watches from before now get the 410 that a compacted etcd gives. */
  compact(): void;
  close(): Promise<void>;
}

interface Collection {
  readonly kind: string;
  readonly apiVersion: string;
  readonly items: Map<string, KubeItem>;
  readonly log: { readonly version: number; readonly event: WatchEvent }[];
  /** Lists were recorded one after the other: each is as new as its own version says. */
  version: number;
}

interface OpenWatch {
  readonly target: Target;
  readonly send: (line: string) => void;
  readonly response: ServerResponse;
}

interface Target {
  readonly resource: string;
  readonly namespace: string | null;
  readonly isPartial: boolean;
}

export async function startKubeApi(options: KubeApiOptions): Promise<KubeApi> {
  const api = new RecordedApi(options);
  await api.listen();
  return api;
}

class RecordedApi implements KubeApi {
  readonly requests: KubeRequest[] = [];
  url = '';
  readonly #options: KubeApiOptions;
  readonly #server: Server;
  readonly #collections: Map<string, Collection>;
  readonly #kinds: ReadonlyMap<string, string>;
  readonly #watches = new Set<OpenWatch>();
  readonly #snapshots = new Map<string, { readonly items: readonly KubeItem[]; readonly version: number }>();
  readonly #closing = new AbortController();
  #version: number;
  #compacted = 0;
  #next = 0;

  constructor(options: KubeApiOptions) {
    this.#options = options;
    this.#collections = collectionsOf(options.recording);
    this.#kinds = servedKinds();
    const lists = Object.values(options.recording.baseline);
    this.#version = Math.max(1, ...lists.map((list) => Number(list.metadata.resourceVersion)));
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  get openWatches(): number {
    return this.#watches.size;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
  }

  async play({ speed = 1 }: { readonly speed?: number } = {}): Promise<void> {
    const { events } = this.#options.recording;
    for (let event = events[this.#next]; event !== undefined; event = events[this.#next]) {
      const before = events[this.#next - 1];
      const gap = before === undefined ? 0 : Math.max(0, Date.parse(event.at) - Date.parse(before.at));
      if (gap / speed >= 1) await pause(gap / speed, this.#closing.signal);
      if (this.#closing.signal.aborted) return;
      this.step(1);
    }
  }

  step(count = Number.POSITIVE_INFINITY): number {
    let done = 0;
    const { events } = this.#options.recording;
    for (let event = events[this.#next]; event !== undefined && done < count; event = events[this.#next]) {
      this.#next += 1;
      done += 1;
      this.happen(event.resource, event.event);
    }
    return done;
  }

  happen(resource: string, event: WatchEvent): void {
    const collection = this.#collection(resource);
    const given = Number(event.object.metadata.resourceVersion ?? '');
    // Recorded versions are kept as long as they are still ahead of what lists and compaction have announced.
    const isAhead = given > this.#compacted && given >= collection.version;
    const version = isAhead ? given : this.#version + 1;
    this.#version = Math.max(this.#version, version);
    const metadata = { ...event.object.metadata, resourceVersion: String(version) };
    const stamped: WatchEvent = { type: event.type, object: { ...event.object, metadata } };
    collection.version = Math.max(collection.version, version);
    if (event.type !== 'BOOKMARK') {
      const key = keyOf(stamped.object);
      if (event.type === 'DELETED') collection.items.delete(key);
      else collection.items.set(key, stamped.object);
      collection.log.push({ version, event: stamped });
    }
    for (const watch of this.#watches) {
      if (watch.target.resource === resource && isIn(watch.target, stamped))
        watch.send(lineOf(watch.target, stamped));
    }
  }

  inject(resource: string, line: string): void {
    for (const watch of this.#watches) if (watch.target.resource === resource) watch.send(`${line}\n`);
  }

  cut(): void {
    for (const watch of this.#watches) {
      watch.response.write('{"type":"MODIFIED","object":{"ki');
      watch.response.destroy();
    }
    this.#watches.clear();
  }

  compact(): void {
    this.#compacted = this.#version;
    this.#snapshots.clear();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(incoming);
    this.requests.push(request);
    const body = await bodyOf(incoming);
    const answer =
      this.#options.intercept?.(request) ?? this.#refusal(request) ?? this.#answer(request, body);
    if (answer === 'watch') this.#watch(request, response);
    else this.#send(response, answer);
  }

  #refusal(request: KubeRequest): KubeAnswer | undefined {
    const { token, forbidden = [], absent = [] } = this.#options;
    if (token !== undefined && request.authorization !== `Bearer ${token}`) {
      return failure(401, 'Unauthorized', 'Unauthorized');
    }
    const { resource } = targetOf(request);
    const name = resource.slice(resource.lastIndexOf('/') + 1);
    if (absent.includes(name)) return { status: 404, headers: PLAIN, body: '404 page not found\n' };
    if (name === 'secrets' || forbidden.includes(name))
      return failure(403, 'Forbidden', `${name} is forbidden`);
    return undefined;
  }

  #answer(request: KubeRequest, body: unknown): KubeAnswer | 'watch' {
    if (request.method === 'POST') return this.#review(request, body);
    if (request.path === '/version') return { status: 200, body: recordedBody('version') };
    const target = targetOf(request);
    if (/^\/(api|apis\/[^/]+)\/v[a-z0-9]+$/.test(request.path)) return this.#discovery(request.path);
    if (!this.#collections.has(target.resource) && !this.#kinds.has(target.resource)) {
      return { status: 404, headers: PLAIN, body: '404 page not found\n' };
    }
    const isWatch = request.query['watch'] === '1' || request.query['watch'] === 'true';
    return isWatch ? 'watch' : this.#list(request, target);
  }

  #list(request: KubeRequest, target: Target): KubeAnswer {
    const collection = this.#collection(target.resource);
    const token = request.query['continue'];
    const start = token === undefined ? 0 : Number(token.split('.')[1] ?? Number.NaN);
    const id = token?.split('.')[0] ?? `s${this.#snapshots.size}`;
    const snapshot = token === undefined ? this.#snapshot(collection, target) : this.#snapshots.get(id);
    if (snapshot === undefined) return failure(410, 'Expired', 'The provided continue parameter is too old');
    const limit = Number(request.query['limit'] ?? Number.POSITIVE_INFINITY);
    const items = snapshot.items.slice(start, start + limit);
    const remaining = snapshot.items.length - start - items.length;
    if (remaining > 0) this.#snapshots.set(id, snapshot);
    const more = remaining > 0 ? { continue: `${id}.${start + limit}`, remainingItemCount: remaining } : {};
    const metadata = { resourceVersion: String(snapshot.version), ...more };
    return { status: 200, body: listBody(collection, target, metadata, items) };
  }

  #snapshot(collection: Collection, target: Target) {
    const items = [...collection.items.values()].filter((item) => isNamespace(target, item));
    return { items, version: Math.max(collection.version, this.#compacted) };
  }

  #watch(request: KubeRequest, response: ServerResponse): void {
    const target = targetOf(request);
    const from = Number(request.query['resourceVersion'] ?? '0');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const send = (line: string) => this.#write(response, line);
    if (from < this.#compacted) {
      send(
        `${JSON.stringify({ type: 'ERROR', object: failure(410, 'Expired', 'too old resource version').body })}\n`,
      );
      response.end();
      return;
    }
    for (const { version, event } of this.#collection(target.resource).log) {
      if (version > from && isIn(target, event)) send(lineOf(target, event));
    }
    const watch: OpenWatch = { target, send, response };
    this.#watches.add(watch);
    const seconds = Number(request.query['timeoutSeconds'] ?? '1800');
    const timer = setTimeout(() => response.end(), Math.min(seconds, 1800) * 1000);
    response.on('close', () => {
      clearTimeout(timer);
      this.#watches.delete(watch);
    });
  }

  #review(request: KubeRequest, body: unknown): KubeAnswer {
    if (request.path.endsWith('/selfsubjectreviews'))
      return { status: 201, body: recordedBody('self-subject-review') };
    if (!request.path.endsWith('/selfsubjectaccessreviews'))
      return failure(403, 'Forbidden', 'no writes here');
    const spec = (
      body as { readonly spec?: { readonly resourceAttributes?: Readonly<Record<string, string>> } }
    ).spec;
    const asked = spec?.resourceAttributes ?? {};
    const resource =
      asked['subresource'] === undefined ? asked['resource'] : `${asked['resource']}/${asked['subresource']}`;
    const right = `${asked['verb']} ${resource}`;
    const isReading = asked['verb'] === 'list' || asked['verb'] === 'watch';
    const isOpen = resource !== 'secrets' && !(this.#options.forbidden ?? []).includes(resource ?? '');
    const allowed = (isReading && isOpen) || (this.#options.granted ?? []).includes(right);
    return {
      status: 201,
      body: {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        spec,
        status: { allowed },
      },
    };
  }

  #discovery(path: string): KubeAnswer {
    const absent = this.#options.absent ?? [];
    const paths = [...new Set([...this.#kinds.keys(), ...this.#collections.keys()])];
    const names = paths
      .filter((resource) => resource.slice(0, resource.lastIndexOf('/')) === path)
      .map((resource) => resource.slice(resource.lastIndexOf('/') + 1))
      .filter((name) => !absent.includes(name));
    if (names.length === 0) return { status: 404, headers: PLAIN, body: '404 page not found\n' };
    const resources = names.map((name) => ({ name, kind: this.#kinds.get(`${path}/${name}`) }));
    return {
      status: 200,
      body: { kind: 'APIResourceList', groupVersion: path.replace(/^\/apis?\//, ''), resources },
    };
  }

  /** What the recording has of a kind; an empty collection for a kind that is served but was not recorded. */
  #collection(resource: string): Collection {
    const known = this.#collections.get(resource);
    if (known !== undefined) return known;
    const kind = this.#kinds.get(resource) ?? 'Unknown';
    const apiVersion = resource.replace(/^\/apis?\//, '').replace(/\/[^/]+$/, '');
    const empty: Collection = { kind, apiVersion, items: new Map(), log: [], version: this.#version };
    this.#collections.set(resource, empty);
    return empty;
  }

  #send(response: ServerResponse, answer: KubeAnswer): void {
    const isText = typeof answer.body === 'string';
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    this.#write(response, isText ? String(answer.body) : JSON.stringify(answer.body));
    response.end();
  }

  #write(response: ServerResponse, body: string): void {
    const bytes = Buffer.from(body);
    const size = this.#options.chunkBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += Math.max(1, size))
      response.write(bytes.subarray(at, at + size));
  }
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' } as const;

function failure(code: number, reason: string, message: string): KubeAnswer {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { status: code, body };
}

function collectionsOf(recording: KubeRecording): Map<string, Collection> {
  const collections = new Map<string, Collection>();
  for (const [path, list] of Object.entries(recording.baseline)) {
    const items = new Map((list.items ?? []).map((item) => [keyOf(item), item]));
    const version = Number(list.metadata.resourceVersion);
    const kind = list.kind.replace(/List$/, '');
    collections.set(path, { kind, apiVersion: list.apiVersion, items, log: [], version });
  }
  return collections;
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind: string };
      }[];
    }[];
  }[];
}

/** Every list path that the recorded server serves, from its aggregated discovery. */
function servedKinds(): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  for (const name of ['api', 'apis']) {
    for (const group of (recordedBody(name) as Discovery).items) {
      for (const version of group.versions) {
        const base =
          name === 'api' ? `/api/${version.version}` : `/apis/${group.metadata.name}/${version.version}`;
        for (const { resource, responseKind } of version.resources ?? []) {
          if (responseKind !== undefined) kinds.set(`${base}/${resource}`, responseKind.kind);
        }
      }
    }
  }
  return kinds;
}

function keyOf(item: KubeItem): string {
  return `${item.metadata.namespace ?? ''}/${item.metadata.name}`;
}

function isNamespace(target: Target, item: KubeItem): boolean {
  return target.namespace === null || item.metadata.namespace === target.namespace;
}

function isIn(target: Target, event: WatchEvent): boolean {
  return event.type === 'BOOKMARK' || isNamespace(target, event.object);
}

function lineOf(target: Target, event: WatchEvent): string {
  return `${JSON.stringify(target.isPartial ? { type: event.type, object: partial(event.object) } : event)}\n`;
}

function listBody(
  collection: Collection,
  target: Target,
  metadata: object,
  items: readonly KubeItem[],
): object {
  if (target.isPartial) {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map(partial),
    };
  }
  const { kind, apiVersion } = collection;
  // Items of a list carry neither kind nor apiVersion.
  const bare = items.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return { kind: `${kind}List`, apiVersion, metadata, items: bare };
}

function partial(item: KubeItem): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata };
}

function requestOf(incoming: IncomingMessage): KubeRequest {
  const url = new URL(incoming.url ?? '/', 'http://loopback');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    accept: incoming.headers.accept ?? '',
    authorization: incoming.headers.authorization,
  };
}

/** `/api/v1/namespaces/shop/pods` is `/api/v1/pods` of one namespace. */
function targetOf(request: KubeRequest): Target {
  const [, version, namespace, resource] = /^(.+)\/namespaces\/([^/]+)\/([^/]+)$/.exec(request.path) ?? [];
  const isPartial = request.accept.includes('as=PartialObjectMetadata');
  if (version === undefined || resource === undefined)
    return { resource: request.path, namespace: null, isPartial };
  return { resource: `${version}/${resource}`, namespace: namespace ?? null, isPartial };
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
  if (chunks.length === 0) return {};
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
