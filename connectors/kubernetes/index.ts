import {
  type AdmittedRead,
  type Connector,
  type ConnectorDeps,
  ConnectorError,
  type ConnectorModule,
  type GrantRequest,
} from '../sdk/index.ts';
import { authReport, describeStreams, type Queries, unserved } from './auth.ts';
import { hostsOf, type KubeClient, kubeClient } from './client.ts';
import { readKind } from './collect.ts';
import { type KubernetesConfig, kubernetesConfig } from './config.ts';
import { clusterRole } from './privileges.ts';
import { parseQuery, type ResourceQuery } from './schema.ts';

/** Evidence from the Kubernetes API: what was changed, by whom, and what hurts. Only lists and watches. */
export const connector: ConnectorModule<KubernetesConfig> = {
  config: kubernetesConfig,
  egress: hostsOf,
  grants: ({ reads, texts }) => clusterRole(wanted(reads, texts)),
  create: kubernetes,
};

function kubernetes(config: KubernetesConfig, deps: ConnectorDeps): Connector {
  let opened: KubeClient | undefined;
  let parsed: Queries | undefined;
  const client = () => (opened ??= kubeClient(config, deps.fetch));
  const queries = () => (parsed ??= parseQueries(deps.reads));
  return {
    authenticate: async (signal) => authReport(client(), queries(), config.namespaces, signal),
    discover: async (signal) =>
      describeStreams(streamsOf(queries()), await unserved(client(), queries(), signal)),
    read: async (run, request, signal) => {
      const query = queryOf(queries(), request);
      return readKind({ config, connector: deps, client: client() }, query, run, request, signal);
    },
    // Every request ends with its read; nothing stays open in between.
    close: async () => undefined,
  };
}

function parseQueries(reads: ReadonlyMap<string, string>): Queries {
  return new Map([...reads].map(([read, source]) => [read, parseQuery(read, source)]));
}

function wanted(reads: GrantRequest['reads'], texts: ReadonlyMap<string, string>): readonly ResourceQuery[] {
  return reads.map(({ spec }) => parseQuery(spec.id, texts.get(spec.id) ?? ''));
}

function queryOf(queries: Queries, request: AdmittedRead): ResourceQuery {
  const query = queries.get(request.read);
  if (query !== undefined) return query;
  throw new ConnectorError('NOT_FOUND', `there is no read "${request.read}" in the Kubernetes connector`);
}

/** What a query can give rise to; manifest.yaml says the same, and a test compares the two. */
export function streamsOf(queries: Queries): ReadonlyMap<string, readonly string[]> {
  return new Map([...queries].map(([read, query]) => [read, emittedBy(query)]));
}

function emittedBy(query: ResourceQuery): readonly string[] {
  const hurts = [query.conditions, query.phases, query.flags, query.shortfalls, query.decreases];
  const streams: readonly (readonly [string, boolean])[] = [
    ['object_changes', query.changed],
    ['condition_changes', query.transitions.length > 0],
    ['symptoms', query.special !== undefined || hurts.some((rules) => rules.length > 0)],
    ['inventory', query.inventory !== undefined],
  ];
  return streams.filter(([, isEmitted]) => isEmitted).map(([stream]) => stream);
}
