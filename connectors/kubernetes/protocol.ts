import { type BudgetMeter, type Clock, ConnectorError } from '../sdk/index.ts';
import type { KubeClient } from './client.ts';
import { get, isRecord, list, record, text } from './kube-object.ts';
import type { ResourceQuery } from './schema.ts';

/**
 * Listing and watching as the API server does it (Kubernetes API concepts: "Efficient detection of changes",
 * "Retrieving large results sets in chunks", "Resource versions").
 */
export interface ProtocolDeps {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly meter: BudgetMeter;
  readonly pageSize: number;
  readonly watchTimeoutMs: number;
}

export interface Page {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  /** Set on the last page: the list is whole. */
  readonly isLast: boolean;
}

export type WatchLine =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: unknown }
  /** The resourceVersion is not known any more (410) or not known yet: list again. */
  | { readonly type: 'EXPIRED' }
  /** The server ended the watch with an error of its own. */
  | { readonly type: 'FAILED' }
  /** A line that is no event: something was missed. */
  | { readonly type: 'MALFORMED' };

/** The continue token or resourceVersion has expired. */
export class Expired extends Error {}

const MAX_LINE_BYTES = 16 * 1024 * 1024;

function accept(query: ResourceQuery, kind: 'list' | 'watch'): string {
  if (query.accept === 'full') return 'application/json';
  const as = kind === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  // No plain JSON as an alternative: a server that cannot leave the values out must refuse.
  return `application/json;as=${as};g=meta.k8s.io;v=v1`;
}

/** All pages of a list. Throws Expired when the pages cannot be had to the end; what was yielded stays true. */
export async function* pages(
  deps: ProtocolDeps,
  query: ResourceQuery,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  let token = '';
  do {
    const parameters = { limit: String(deps.pageSize), ...(token === '' ? {} : { continue: token }) };
    const response = await send(deps, query, 'list', path, parameters, signal);
    const body = await boundedText(deps, response);
    const page = parseList(query, body);
    token = text(get(page, 'metadata', 'continue')) ?? '';
    const items = list(page['items']);
    deps.meter.useRows(items.length);
    yield {
      items,
      resourceVersion: text(get(page, 'metadata', 'resourceVersion')) ?? '',
      isLast: token === '',
    };
  } while (token !== '');
}

function parseList(query: ResourceQuery, body: string) {
  const page = record(parseJson(body));
  const expected = query.accept === 'metadata' ? 'PartialObjectMetadataList' : `${query.kind}List`;
  if (page['kind'] === expected && (Array.isArray(page['items']) || page['items'] === null)) return page;
  throw new ConnectorError('BAD_RESPONSE', `the list of ${query.resource} is not a ${expected}`, {
    hint: 'Check what stands between the agent and the API server: a proxy may answer in its place.',
  });
}

/** Events after `resourceVersion`, until the server or the signal ends the watch. */
export async function* watch(
  deps: ProtocolDeps,
  query: ResourceQuery,
  path: string,
  resourceVersion: string,
  signal: AbortSignal,
): AsyncGenerator<WatchLine> {
  const seconds = Math.max(1, Math.ceil(Math.min(deps.watchTimeoutMs, deps.meter.remainingMs()) / 1000));
  const parameters = {
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(seconds),
  };
  const response = await send(deps, query, 'watch', path, parameters, signal);
  for await (const line of lines(deps, response, signal)) {
    const event = watchLine(query, line);
    if (event.type !== 'BOOKMARK') deps.meter.useRows(1);
    yield event;
    if (!('object' in event)) return;
  }
}

function watchLine(query: ResourceQuery, line: string | null): WatchLine {
  const event = line === null ? {} : record(parseJson(line));
  const object = record(event['object']);
  if (event['type'] === 'ERROR') {
    const isExpired = object['code'] === 410 || object['reason'] === 'Expired' || isTooLarge(object);
    return { type: isExpired ? 'EXPIRED' : 'FAILED' };
  }
  const type = event['type'];
  const isKnown = type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
  const expected = query.accept === 'metadata' ? 'PartialObjectMetadata' : query.kind;
  if (!isKnown || object['kind'] !== expected) return { type: 'MALFORMED' };
  return { type, object };
}

/** Whole lines of a response; null for one that is longer than any event can be. A last line cut short is dropped. */
async function* lines(
  deps: ProtocolDeps,
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<string | null> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  let rest = '';
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      deps.meter.useBytes(value.byteLength);
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part.trim() !== '') yield part;
      if (rest.length > MAX_LINE_BYTES) yield null;
    }
  } catch (error) {
    if (error instanceof ConnectorError || signal.aborted) throw error;
    // The connection broke: what came before is whole, and the watch goes on from there.
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function boundedText(deps: ProtocolDeps, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return Buffer.concat(chunks).toString('utf8');
    deps.meter.useBytes(part.value.byteLength);
    chunks.push(part.value);
  }
}

const MAX_ATTEMPTS = 6;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;

/** Sends until an answer comes that is not «later»: 429 and 5xx wait as told, or twice as long each time. */
async function send(
  deps: ProtocolDeps,
  query: ResourceQuery,
  verb: 'list' | 'watch',
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    deps.meter.useCall();
    const outcome = await once(deps, path, { accept: accept(query, verb), query: parameters }, signal);
    if (outcome instanceof Response && outcome.status === 200) return outcome;
    const failure = outcome instanceof Response ? await failureOf(deps.clock, outcome, query, verb) : outcome;
    const canWait =
      failure instanceof ConnectorError && ['RATE_LIMITED', 'UNREACHABLE'].includes(failure.code);
    if (!canWait || attempt >= MAX_ATTEMPTS) throw failure;
    const asked = failure.retryAt === undefined ? 0 : failure.retryAt.getTime() - deps.clock.now().getTime();
    await deps.clock.sleep(Math.max(asked, backoff(attempt)), signal);
  }
}

export function backoff(attempt: number): number {
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
}

async function once(
  deps: ProtocolDeps,
  path: string,
  options: Parameters<KubeClient['get']>[1],
  signal: AbortSignal,
): Promise<Response | Error> {
  try {
    return await deps.client.get(path, options, signal);
  } catch (error) {
    if (signal.aborted || error instanceof ConnectorError) throw error;
    return new ConnectorError('UNREACHABLE', 'the Kubernetes API server could not be reached', {
      hint: 'Check the server address, the network policy of the agent and the certificate authority.',
      cause: error,
    });
  }
}

/** What a refusal means. The Status body is only looked at for its reason, never quoted. */
async function failureOf(
  clock: Clock,
  response: Response,
  query: ResourceQuery,
  verb: 'list' | 'watch',
): Promise<Error> {
  const status = record(parseJson(await response.text().catch(() => '')));
  const what = `${verb} ${query.resource}`;
  switch (response.status) {
    case 410:
      return new Expired();
    case 400:
      // An expired or mangled continue token is answered so by some versions.
      return response.url.includes('continue=') ? new Expired() : badStatus(400, what);
    case 401:
      return new ConnectorError('AUTH', `the API server did not accept the credentials (${what})`, {
        hint: 'Renew the token or certificate of this connection.',
      });
    case 403:
      return new ConnectorError('PRIVILEGE', `not allowed to ${what}`, { hint: grantHint(query) });
    case 404:
      return new ConnectorError(
        'NOT_FOUND',
        `the API server does not serve ${query.apiVersion} ${query.resource}`,
      );
    case 406:
      return new ConnectorError(
        'UNSUPPORTED',
        `the API server cannot answer in the form asked for (${what})`,
      );
    case 429:
      return later(clock, 'RATE_LIMITED', 'the API server asked to slow down', response);
    default:
      if (isTooLarge(status))
        return verb === 'watch' ? new Expired() : later(clock, 'UNREACHABLE', TOO_EARLY, response);
      return response.status >= 500
        ? later(clock, 'UNREACHABLE', `the API server answered ${response.status}`, response)
        : badStatus(response.status, what);
  }
}

const TOO_EARLY = 'this API server has not caught up with the others yet';

export function grantHint(query: ResourceQuery): string {
  const group = query.list.startsWith('/api/') ? '""' : (query.list.split('/')[2] ?? '');
  return `Grant the ClusterRole rule {apiGroups: [${group}], resources: [${query.resource}], verbs: [list, watch]}.`;
}

function badStatus(status: number, what: string): ConnectorError {
  return new ConnectorError('BAD_RESPONSE', `the API server answered ${status} to ${what}`);
}

function later(
  clock: Clock,
  code: 'RATE_LIMITED' | 'UNREACHABLE',
  message: string,
  response: Response,
): ConnectorError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const isSane = Number.isFinite(seconds) && seconds >= 0 && seconds <= 600;
  return new ConnectorError(
    code,
    message,
    isSane ? { retryAt: new Date(clock.now().getTime() + seconds * 1000) } : {},
  );
}

function isTooLarge(status: Readonly<Record<string, unknown>>): boolean {
  const causes = list(get(status, 'details', 'causes'));
  return causes.some((cause) => get(cause, 'reason') === 'ResourceVersionTooLarge');
}

function parseJson(source: string): unknown {
  try {
    const parsed: unknown = JSON.parse(source);
    return isRecord(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
