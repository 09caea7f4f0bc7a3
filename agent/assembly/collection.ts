import { countDecisions } from '../governance/decisions.ts';
import { collect, type PipelineDeps } from '../pipeline.ts';
import { scheduledReads } from '../registry/connections.ts';
import { Readiness } from '../runner/readiness.ts';
import { Retirement } from '../runner/retirement.ts';
import type { Job, ScheduledRead } from '../scheduler/job.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { Sealing } from '../sealing.ts';
import { makeOutgoing, type Outgoing } from '../telemetry/outgoing.ts';
import { runMeters } from '../telemetry/run-meters.ts';
import { agentTracer, spanOf, withSpan } from '../telemetry/tracing.ts';
import type { Base } from './base.ts';
import type { Governance } from './governance.ts';

/** What reads: the timetable, and the pipeline that each of its jobs goes through. */
export interface Collection {
  readonly reads: readonly ScheduledRead[];
  readonly readiness: Readiness;
  readonly pipeline: PipelineDeps;
  readonly scheduler: Scheduler;
  readonly retirement: Retirement;
  readonly outgoing: Outgoing;
}

export function makeCollection(base: Base, governance: Governance, sealing: Sealing): Collection {
  const { connections, store, clock, logger, metrics, loaded } = base;
  const { supervisor, inForce } = governance;
  const reads = scheduledReads(loaded.connections);
  const readiness = new Readiness(reads);
  const outgoing = makeOutgoing({ net: () => supervisor.current().net, metrics, logger });
  const pipeline: PipelineDeps = {
    tenant: base.tenant,
    inForce: () => supervisor.current(),
    proven: base.proven,
    standing: governance.standing,
    decisions: countDecisions(store, base.scrub, logger),
    connections,
    store,
    ledger: base.ledger,
    sealWith: sealing.run,
    clock,
    logger,
    meters: runMeters(metrics),
    readiness,
  };
  const configured = loaded.connections;
  const retirement = new Retirement({ connections, configured, policy: inForce, store, logger });
  const tracer = agentTracer(base.version);
  const run = async (job: Job, signal: AbortSignal) => {
    const outcome = await collect(job, pipeline, signal);
    await retirement.follow(job, outcome);
    return outcome;
  };
  const scheduler = new Scheduler(reads, timesOf(base), {
    clock,
    logger,
    random: base.random ?? Math.random,
    runJob: (job, signal) => withSpan(tracer, 'exhibit.run', spanOf(job), () => run(job, signal), outgoing),
  });
  return { reads, readiness, pipeline, scheduler, retirement, outgoing };
}

/** Keeps a source that fails at once from being asked again at once. */
const SHORTEST_RETRY_MS = 100;

function timesOf({ loaded }: Base): ConstructorParameters<typeof Scheduler>[1] {
  const { scheduler: times } = loaded.config;
  return {
    concurrency: times.concurrency,
    lookbackMs: times.lookback,
    overlapMs: times.overlap,
    minimumIntervalMs: times.minimumInterval,
    backoff: { baseMs: times.retryBase, capMs: times.retryCap, floorMs: SHORTEST_RETRY_MS },
  };
}
