import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Json, loadRecording, type Recording } from './github-recording.ts';
import { type Behaviour, problem, type Reply, route } from './github-routes.ts';

export { GITHUB_CANARIES, type Recording, STORY_END } from './github-recording.ts';
export type { Behaviour } from './github-routes.ts';

/** The token that the server accepts unless told otherwise. */
export const GITHUB_TOKEN = 'github_pat_for_tests_only';

export interface GitHubApiOptions {
  /** Moves the story so that it ends then. */
  readonly rebaseTo?: Date;
  readonly token?: string;
}

export type Fault =
  | { readonly kind: 'too-many-requests'; readonly retryAfter?: number }
  | { readonly kind: 'secondary-limit'; readonly retryAfter?: number }
  | { readonly kind: 'primary-limit'; readonly resetInSeconds: number }
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'json'; readonly json: Json }
  | { readonly kind: 'hang' };

export interface FaultRule {
  /** Tested against path and query string as sent. */
  readonly path: RegExp;
  /** Requests that match and are let through first; default none. */
  readonly after?: number;
  /** Requests that meet the fault; default all from then on. */
  readonly times?: number;
  readonly fault: Fault;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
}

export interface GitHubApi {
  /** To be given as `baseUrl`. */
  readonly url: string;
  readonly recording: Recording;
  readonly behaviour: Behaviour;
  /** Every request that was answered, in order. */
  readonly requests: readonly SeenRequest[];
  inject(rule: FaultRule): void;
  close(): Promise<void>;
}

interface ActiveRule extends FaultRule {
  seen: number;
}

/** Serves the recorded repository acme/shop on a loopback port, the way the GitHub REST API does. */
export async function startGitHubApi(options: GitHubApiOptions = {}): Promise<GitHubApi> {
  const recording = loadRecording(options.rebaseTo);
  const behaviour = usualBehaviour();
  const rules: ActiveRule[] = [];
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const status = serve(request, response, new URL(path, origin()));
    requests.push({ method: request.method ?? '', path, status, headers: request.headers });
  });

  function origin(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function serve(request: IncomingMessage, response: ServerResponse, url: URL): number {
    const fault = faultFor(rules, url);
    if (fault?.kind === 'hang') return 0;
    if (fault !== undefined) return sendFault(response, fault);
    if (!isAuthorized(request, options.token ?? GITHUB_TOKEN))
      return send(response, 401, {}, problem('Bad credentials'));
    if (request.method !== 'GET') return send(response, 405, {}, problem('Method Not Allowed'));
    if (behaviour.rateLimit && behaviour.remaining <= 0) {
      return sendFault(response, { kind: 'primary-limit', resetInSeconds: behaviour.resetInSeconds });
    }
    const paged = paginate(
      route(recording, behaviour, url),
      behaviour,
      url,
      behaviour.linkOrigin ?? origin(),
    );
    return sendConditional(request, response, paged, behaviour);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: origin(),
    recording,
    behaviour,
    requests,
    inject: (rule) => {
      rules.push({ ...rule, seen: 0 });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function usualBehaviour(): Behaviour {
  return {
    scopes: null,
    identity: 'user',
    rateLimit: true,
    remaining: 5_000,
    resetInSeconds: 3_000,
    ignoreWindow: false,
    runCap: 1_000,
    maxPerPage: 100,
    pullOrder: 'updated',
    linkOrigin: null,
    etags: true,
  };
}

function isAuthorized(request: IncomingMessage, token: string): boolean {
  return /^(token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[2] === token;
}

function faultFor(rules: readonly ActiveRule[], url: URL): Fault | undefined {
  for (const rule of rules) {
    if (!rule.path.test(url.pathname + url.search)) continue;
    const position = rule.seen - (rule.after ?? 0);
    rule.seen += 1;
    if (position >= 0 && position < (rule.times ?? Number.POSITIVE_INFINITY)) return rule.fault;
  }
  return undefined;
}

function sendFault(response: ServerResponse, fault: Exclude<Fault, { kind: 'hang' }>): number {
  switch (fault.kind) {
    case 'too-many-requests':
      return send(response, 429, retryAfter(fault.retryAfter), problem('Too many requests'));
    case 'secondary-limit':
      return send(
        response,
        403,
        retryAfter(fault.retryAfter),
        problem('You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
      );
    case 'primary-limit':
      return send(
        response,
        403,
        limitHeaders(0, fault.resetInSeconds),
        problem('API rate limit exceeded for user ID 5419999.'),
      );
    case 'status':
      return send(
        response,
        fault.status,
        fault.headers ?? {},
        problem('Resource not accessible by personal access token'),
      );
    case 'redirect':
      return send(response, 301, { location: fault.location }, problem('Moved Permanently'));
    case 'malformed':
      return sendText(response, 200, {}, '[{"sha": "canary-title-');
    case 'json':
      return send(response, 200, {}, fault.json);
  }
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

function limitHeaders(remaining: number, resetInSeconds: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(5_000 - remaining),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1_000) + resetInSeconds),
    'x-ratelimit-resource': 'core',
  };
}

function paginate(reply: Reply, behaviour: Behaviour, url: URL, linkOrigin: string): Reply {
  if (reply.list === undefined) return reply;
  const size = Math.min(behaviour.maxPerPage, Number(url.searchParams.get('per_page') ?? 30));
  const page = Math.max(1, Number(url.searchParams.get('page') ?? 1));
  const last = Math.max(1, Math.ceil(reply.list.length / size));
  const items = reply.list.slice((page - 1) * size, page * size);
  const links = [
    ...(page > 1 ? [link(url, linkOrigin, page - 1, 'prev'), link(url, linkOrigin, 1, 'first')] : []),
    ...(page < last ? [link(url, linkOrigin, page + 1, 'next'), link(url, linkOrigin, last, 'last')] : []),
  ];
  return {
    status: reply.status,
    json: reply.wrap === undefined ? items : reply.wrap(items),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function link(url: URL, origin: string, page: number, rel: string): string {
  const target = new URL(url.pathname + url.search, origin);
  target.searchParams.set('page', String(page));
  return `<${target.href}>; rel="${rel}"`;
}

function sendConditional(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  behaviour: Behaviour,
): number {
  const text = JSON.stringify(reply.json);
  const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
  const unchanged = behaviour.etags && reply.status === 200 && request.headers['if-none-match'] === etag;
  if (behaviour.rateLimit && !unchanged) behaviour.remaining -= 1;
  const headers = {
    ...reply.headers,
    ...(behaviour.etags && reply.status === 200 && { etag }),
    ...(behaviour.scopes !== null && { 'x-oauth-scopes': behaviour.scopes }),
    ...(behaviour.rateLimit && limitHeaders(behaviour.remaining, behaviour.resetInSeconds)),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
  };
  if (!unchanged) return sendText(response, reply.status, headers, text);
  response.writeHead(304, headers).end();
  return 304;
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  json: Json,
): number {
  return sendText(response, status, headers, JSON.stringify(json));
}

function sendText(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): number {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(text);
  return status;
}
