import { ConnectorError } from '../connectors/sdk/index.ts';
import { type AdmitDeps, admit, isDenied } from '../policies/admit.ts';
import { withDeadline } from './runner/deadline.ts';
import type { RunDeps } from './runner/deps.ts';
import { Run } from './runner/run.ts';
import type { Job, JobOutcome } from './scheduler/job.ts';

export type PipelineDeps = RunDeps;

/** Signs, in the name of a read, that something is missing which the read itself had no occasion to say. */
export async function recordGap(job: Job, missing: ConnectorError, deps: PipelineDeps): Promise<JobOutcome> {
  const run = await Run.start(job, deps);
  const read = admit(job.request, admission(run, deps));
  if (isDenied(read)) return run.refuse(read);
  await run.open(read, new AbortController().signal);
  return run.fail(missing);
}

/**
 * One job from question to evidence: admit → read → clear → envelope → seal → append.
 *
 * A refusal, a failure and a gap are evidence too, so this never throws for what a source or a policy does; it
 * throws only when the store can not keep what was found.
 */
export async function collect(job: Job, deps: PipelineDeps, signal: AbortSignal): Promise<JobOutcome> {
  const { connections, clock } = deps;
  const run = await Run.start(job, deps);

  const read = admit(job.request, admission(run, deps));
  if (isDenied(read)) return run.refuse(read);

  try {
    const connector = connections.get(read.connection);
    const deadline = withDeadline(signal, read.budget.durationMs, clock);
    const context = await run.open(read, signal); // its emit() clears, batches, envelops, seals and appends
    if (await deps.standing.ask(read.connection, signal)) {
      const known = admit(job.request, admission(run, deps));
      if (isDenied(known)) return run.refuse(known);
    }
    const { completeness } = await deadline.race((limit) => connector.read(context, read, limit));
    return signal.aborted || run.isSuperseded ? await run.cancel() : await run.finish(completeness);
  } catch (error) {
    if (signal.aborted || run.isSuperseded) return run.cancel();
    return run.fail(ConnectorError.from(error));
  }
}

function admission({ inForce }: Run, { proven, standing, clock }: PipelineDeps): AdmitDeps {
  return { policy: inForce.policy, proven, standing, now: clock.now().toISOString() };
}
