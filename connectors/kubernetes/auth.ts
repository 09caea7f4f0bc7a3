import {
  type AuthReport,
  ConnectorError,
  type MissingPrivilege,
  type StreamDescriptor,
} from '../sdk/index.ts';
import type { KubeClient, ReviewPath } from './client.ts';
import { get, list, record, text } from './kube-object.ts';
import { grantHint } from './protocol.ts';
import { apiGroup, type ResourceQuery } from './schema.ts';

export type Queries = ReadonlyMap<string, ResourceQuery>;

interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

/** Rights that no read needs and whose holder could read secrets, run code or change the cluster. */
export const EXCESS: readonly (readonly [name: string, access: Access])[] = [
  ['get secrets', { verb: 'get', group: '', resource: 'secrets' }],
  ['list secrets', { verb: 'list', group: '', resource: 'secrets' }],
  ['watch secrets', { verb: 'watch', group: '', resource: 'secrets' }],
  ['get pods/log', { verb: 'get', group: '', resource: 'pods', subresource: 'log' }],
  ['create pods', { verb: 'create', group: '', resource: 'pods' }],
  ['create pods/exec', { verb: 'create', group: '', resource: 'pods', subresource: 'exec' }],
  ['delete pods', { verb: 'delete', group: '', resource: 'pods' }],
  ['patch deployments.apps', { verb: 'patch', group: 'apps', resource: 'deployments' }],
  ['update configmaps', { verb: 'update', group: '', resource: 'configmaps' }],
  [
    'create serviceaccounts/token',
    { verb: 'create', group: '', resource: 'serviceaccounts', subresource: 'token' },
  ],
  ['impersonate users', { verb: 'impersonate', group: '', resource: 'users' }],
  [
    'escalate clusterroles',
    { verb: 'escalate', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
  ],
  ['* on *', { verb: '*', group: '*', resource: '*' }],
];

/**
 * Asks the API server who we are and, right by right, what we may do (SelfSubjectAccessReview; rules reviews are
 * incomplete behind authorization webhooks). With namespaces configured every right is asked for in each of them.
 */
export async function authReport(
  client: KubeClient,
  queries: Queries,
  namespaces: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<AuthReport> {
  const identity = await identityOf(client, signal);
  const granted: string[] = [];
  const missing: MissingPrivilege[] = [];
  for (const need of needsOf(queries)) {
    const places = need.namespaced ? namespaces : undefined;
    if (await isAllowedIn(client, need.access, places, signal)) granted.push(need.privilege);
    else missing.push({ privilege: need.privilege, reads: need.reads, hint: need.hint });
  }
  const excess: string[] = [];
  for (const [name, access] of EXCESS) {
    if (await isAllowed(client, access, namespaces?.[0], signal)) excess.push(name);
  }
  return { identity, granted, missing, excess };
}

interface Need {
  readonly privilege: string;
  readonly access: Access;
  readonly namespaced: boolean;
  readonly reads: string[];
  readonly hint: string;
}

/** Each right once, with all the reads that it is for. */
function needsOf(queries: Queries): readonly Need[] {
  const needs = new Map<string, Need>();
  const add = (
    read: string,
    verb: string,
    group: string,
    resource: string,
    namespaced: boolean,
    hint: string,
  ) => {
    const privilege = `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
    const access = { verb, group, resource };
    const need: Need = needs.get(privilege) ?? { privilege, access, namespaced, reads: [], hint };
    need.reads.push(read);
    needs.set(privilege, need);
  };
  for (const [read, query] of queries) {
    for (const verb of query.verbs)
      add(read, verb, apiGroup(query), query.resource, query.namespaced, grantHint(query));
    const history = query.history?.list.split('/').pop();
    if (history === undefined) continue;
    add(
      read,
      'list',
      'apps',
      history,
      true,
      `Grant the ClusterRole rule {apiGroups: [apps], resources: [${history}], verbs: [list]}.`,
    );
  }
  return [...needs.values()];
}

async function identityOf(client: KubeClient, signal: AbortSignal): Promise<string> {
  const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await review(client, '/apis/authentication.k8s.io/v1/selfsubjectreviews', kind, signal);
  if (answer === null) return 'unknown (the API server is older than 1.28)';
  return text(get(answer, 'status', 'userInfo', 'username')) ?? 'system:anonymous';
}

async function isAllowedIn(
  client: KubeClient,
  access: Access,
  namespaces: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  for (const namespace of namespaces ?? [undefined]) {
    if (!(await isAllowed(client, access, namespace, signal))) return false;
  }
  return true;
}

async function isAllowed(
  client: KubeClient,
  access: Access,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = { ...access, ...(namespace === undefined ? {} : { namespace }) };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const answer = await review(client, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body, signal);
  return get(answer, 'status', 'allowed') === true;
}

/** The review as answered; null where the server does not know it. Throws AUTH, UNREACHABLE, BAD_RESPONSE. */
async function review(
  client: KubeClient,
  path: ReviewPath,
  body: object,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await answerOf(client.review(path, body, signal), signal);
  if (response.status === 404) return null;
  if (response.status === 401) {
    throw new ConnectorError('AUTH', 'the API server did not accept the credentials', {
      hint: 'Renew the token or certificate of this connection.',
    });
  }
  if (response.status >= 500 || response.status === 429) {
    throw new ConnectorError(
      'UNREACHABLE',
      `the API server answered ${response.status} to a review of our rights`,
    );
  }
  if (response.status > 201) {
    throw new ConnectorError(
      'BAD_RESPONSE',
      `the API server answered ${response.status} to a review of our rights`,
      {
        hint: 'Every authenticated user may create these reviews by default (system:basic-user).',
      },
    );
  }
  return record(await response.json().catch(() => null));
}

async function answerOf(response: Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    return await response;
  } catch (error) {
    if (signal.aborted || error instanceof ConnectorError) throw ConnectorError.from(error);
    throw new ConnectorError('UNREACHABLE', 'the Kubernetes API server could not be reached', {
      hint: 'Check the server address, the network policy of the agent and the certificate authority.',
      cause: error,
    });
  }
}

/** Resources of each API version in use that the server does not serve, by read. */
export async function unserved(
  client: KubeClient,
  queries: Queries,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const served = new Map<string, ReadonlySet<string>>();
  const missing = new Set<string>();
  for (const [read, query] of queries) {
    const version = query.list.slice(0, query.list.lastIndexOf('/'));
    const known = served.get(version) ?? (await resourcesOf(client, version, signal));
    served.set(version, known);
    if (!known.has(query.resource)) missing.add(read);
  }
  return missing;
}

async function resourcesOf(
  client: KubeClient,
  version: string,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const response = await answerOf(
    client.get(version, { accept: 'application/json', query: {} }, signal),
    signal,
  );
  if (response.status === 401) {
    throw new ConnectorError('AUTH', 'the API server did not accept the credentials');
  }
  const body: unknown = response.ok ? await response.json().catch(() => null) : null;
  const names = list(get(body, 'resources')).map((resource) => text(get(resource, 'name')));
  return new Set(names.filter((name) => name !== null));
}

/** A stream is there when at least one of its reads is served. */
export function describeStreams(
  emits: ReadonlyMap<string, readonly string[]>,
  missing: ReadonlySet<string>,
): readonly StreamDescriptor[] {
  const streams = new Set([...emits.values()].flat());
  return [...streams].map((stream) => {
    const reads = [...emits.keys()].filter((read) => emits.get(read)?.includes(stream));
    const gone = reads.filter((read) => missing.has(read));
    if (gone.length < reads.length) return { stream, available: true };
    return { stream, available: false, reason: `the API server serves none of ${gone.join(', ')}` };
  });
}
