import { type AdmittedRead, ConnectorError, type ReadOutcome, type RunContext } from '../sdk/index.ts';
import { type CollectDeps, Informer, type InformerOutcome } from './informer.ts';
import type { ResourceQuery } from './schema.ts';

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
    const settled = await Promise.allSettled(informers.map((informer) => orEndAll(informer, ending)));
    return outcomeOf(settled.map(valueOrThrow));
  } finally {
    ending.abort();
    await timer;
  }
}

/** Of several namespaces, one that cannot be read further ends the run: the scheduler starts all of them anew. */
async function orEndAll(informer: Informer, ending: AbortController): Promise<InformerOutcome> {
  try {
    return await informer.run();
  } catch (error) {
    ending.abort();
    throw error;
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
