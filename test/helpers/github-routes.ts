import type { Json, JsonObject, Recording } from './github-recording.ts';

/** How the server behaves until it is told otherwise; change it at any time. */
export interface Behaviour {
  /** `x-oauth-scopes` of a classic token; null for a fine-grained one. */
  scopes: string | null;
  /** `user` answers /user; `installation` refuses it and lists repositories instead. */
  identity: 'user' | 'installation' | 'none';
  /** False: no rate limit headers at all, as on GitHub Enterprise Server. */
  rateLimit: boolean;
  /** Calls left of the primary limit; 304 costs none. */
  remaining: number;
  /** Seconds until the primary limit is reset. */
  resetInSeconds: number;
  /** True: `since`, `until` and `created` have no effect. */
  ignoreWindow: boolean;
  /** Workflow runs that a filtered list holds at most. */
  runCap: number;
  /** Items on a page at most, whatever `per_page` says. */
  maxPerPage: number;
  /** Order of the list of pull requests. */
  pullOrder: 'updated' | 'none';
  /** Origin that Link headers name; null for the server's own. */
  linkOrigin: string | null;
  etags: boolean;
}

/** What a route answers, before pages, ETags and limits. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json: Json;
  /** Whole lists are cut into pages. */
  readonly list?: readonly Json[];
  readonly wrap?: (page: Json[]) => Json;
}

export function problem(message: string): Json {
  return { message, documentation_url: 'https://docs.github.com/rest' };
}

const NOT_FOUND: Reply = { status: 404, json: { ...(problem('Not Found') as JsonObject), status: '404' } };

export function route(recording: Recording, behaviour: Behaviour, url: URL): Reply {
  const path = url.pathname;
  if (path === '/user') return identity(recording, behaviour);
  if (path === '/installation/repositories' && behaviour.identity === 'installation') {
    return list([recording.repository], (page) => ({ total_count: 1, repositories: page }));
  }
  if (path === '/rate_limit' && behaviour.rateLimit) return one({ resources: {}, rate: {} });
  const prefix = '/repos/acme/shop';
  if (path.toLowerCase() === prefix) return one(recording.repository);
  if (!path.toLowerCase().startsWith(`${prefix}/`)) return NOT_FOUND;
  return routeInRepository(recording, behaviour, url, path.slice(prefix.length));
}

function identity(recording: Recording, behaviour: Behaviour): Reply {
  if (behaviour.identity === 'user') return one(recording.user);
  return { status: 403, json: problem('Resource not accessible by integration') };
}

function routeInRepository(recording: Recording, behaviour: Behaviour, url: URL, path: string): Reply {
  const query = url.searchParams;
  if (path === '/commits') return commits(recording, behaviour, query);
  if (path === '/pulls') return pulls(recording, behaviour, query);
  if (path === '/deployments') return list(recording.deployments);
  if (path === '/releases') return list(recording.releases);
  if (path === '/actions/runs') return runs(recording, behaviour, query);

  const [, commit] = /^\/commits\/([^/]+)$/.exec(path) ?? [];
  if (commit !== undefined) return found(recording.commits, 'sha', commit);
  const [, number] = /^\/pulls\/(\d+)$/.exec(path) ?? [];
  if (number !== undefined) return found(recording.pulls, 'number', number);
  const [, deployment] = /^\/deployments\/(\d+)\/statuses$/.exec(path) ?? [];
  if (deployment !== undefined) return list(recording.statuses[deployment] ?? []);
  const [, run = '', attempt = ''] = /^\/actions\/runs\/(\d+)\/attempts\/(\d+)$/.exec(path) ?? [];
  const past = recording.attempts[run]?.[attempt];
  return past === undefined ? NOT_FOUND : one(past);
}

function one(json: Json): Reply {
  return { status: 200, json };
}

function list(items: readonly Json[], wrap?: (page: Json[]) => Json): Reply {
  return { status: 200, json: null, list: items, ...(wrap && { wrap }) };
}

function found(items: readonly JsonObject[], key: string, value: string): Reply {
  const item = items.find((candidate) => String(candidate[key]) === value);
  return item === undefined ? NOT_FOUND : one(item);
}

function commits(recording: Recording, behaviour: Behaviour, query: URLSearchParams): Reply {
  const branch = query.get('sha');
  if (branch !== null && branch !== 'main') return NOT_FOUND;
  const since = behaviour.ignoreWindow ? null : query.get('since');
  const until = behaviour.ignoreWindow ? null : query.get('until');
  const kept = recording.commits.filter((commit) => {
    const at = textAt(commit, 'commit', 'committer', 'date');
    return (since === null || at >= since) && (until === null || at <= until);
  });
  return list(kept.map((commit) => without(commit, ['stats', 'files'])));
}

const PULL_DETAIL = (
  'merged mergeable rebaseable mergeable_state merged_by comments review_comments ' +
  'maintainer_can_modify commits additions deletions changed_files'
).split(' ');

function pulls(recording: Recording, behaviour: Behaviour, query: URLSearchParams): Reply {
  const state = query.get('state') ?? 'open';
  const kept = recording.pulls.filter((pull) => state === 'all' || pull['state'] === state);
  const key = query.get('sort') === 'updated' && behaviour.pullOrder === 'updated' ? 'updated_at' : 'number';
  const sorted = [...kept].sort((a, b) => compare(a[key], b[key]));
  if (query.get('direction') === 'desc' && behaviour.pullOrder === 'updated') sorted.reverse();
  return list(sorted.map((pull) => without(pull, PULL_DETAIL)));
}

function compare(a: Json | undefined, b: Json | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}

function runs(recording: Recording, behaviour: Behaviour, query: URLSearchParams): Reply {
  const created = behaviour.ignoreWindow ? null : query.get('created');
  const kept = recording.runs.filter(
    (run) => created === null || isCreated(String(run['created_at']), created),
  );
  kept.sort((a, b) => compare(b['created_at'], a['created_at']));
  const total = kept.length;
  return list(kept.slice(0, behaviour.runCap), (page) => ({ total_count: total, workflow_runs: page }));
}

/** `>=time` and `time..time`, both ends included. */
function isCreated(at: string, filter: string): boolean {
  const [, from] = /^>=(.+)$/.exec(filter) ?? [];
  if (from !== undefined) return at >= from;
  const [start = '', end = ''] = filter.split('..');
  return at >= start && at <= end;
}

function textAt(object: JsonObject, ...path: readonly string[]): string {
  let value: Json | undefined = object;
  for (const key of path)
    value = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[key] : null;
  return String(value);
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
