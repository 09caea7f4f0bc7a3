import {
  type AdmittedRead,
  type ConnectorDeps,
  ConnectorError,
  type Gap,
  type JsonValue,
  type ReadOutcome,
  type RunContext,
} from '../sdk/index.ts';
import type { KubeClient } from './client.ts';
import type { KubernetesConfig } from './config.ts';
import { RevisionHistory } from './history.ts';
import { get, isRecord, type KubeObject, kubeObject, text } from './kube-object.ts';
import { projector, queryRules } from './projection.ts';
import { backoff, Expired, type ProtocolDeps, pages, type WatchLine, watch } from './protocol.ts';
import { type ResourceQuery, resourceQuery } from './schema.ts';
import { decodeState, encodeState, type ObjectState, stateKey } from './state.ts';
import { type Look, type TransitionDeps, transition } from './transition.ts';

export interface CollectDeps {
  readonly config: KubernetesConfig;
  readonly connector: ConnectorDeps;
  readonly client: KubeClient;
}

/**
 * Reads one kind like an informer: list, then watch from there; after a gap list again and compare with what is
 * remembered. Mode `full` stops after the list. Ends normally when the signal aborts or the time budget is used up.
 */
export async function readKind(
  deps: CollectDeps,
  query: ResourceQuery,
  run: RunContext,
  request: AdmittedRead,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const timer = deps.connector.clock.sleep(run.meter.remainingMs(), until).then(
    () => ending.abort(),
    () => undefined,
  );
  const namespaces = query.namespaced ? (deps.config.namespaces ?? [null]) : [null];
  const admitted = namespaces.filter((name) => name === null || request.scope.includes('namespace', name));
  try {
    const informers = admitted.map((namespace) => new Informer(deps, query, run, request, namespace, until));
    const settled = await Promise.allSettled(informers.map((informer) => informer.run()));
    return outcomeOf(settled.map(valueOrThrow));
  } finally {
    ending.abort();
    await timer;
  }
}

function valueOrThrow<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw ConnectorError.from(settled.reason);
  return settled.value;
}

function outcomeOf(outcomes: readonly InformerOutcome[]): ReadOutcome {
  const read = outcomes.reduce((sum, outcome) => sum + outcome.read, 0);
  const reason = outcomes.find((outcome) => outcome.reason !== null)?.reason ?? null;
  return { completeness: { state: reason === null ? 'complete' : 'partial', read, expected: null, reason } };
}

