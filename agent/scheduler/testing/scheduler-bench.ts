import { type FakeClock, recordingLogger } from '../../../connectors/sdk/testing/index.ts';
import { type Job, type JobOutcome, readKey, type ScheduledRead } from '../job.ts';
import { Scheduler, type SchedulerOptions } from '../scheduler.ts';

export const OPTIONS: SchedulerOptions = {
  concurrency: 2,
  lookbackMs: 3_600_000,
  overlapMs: 120_000,
  minimumIntervalMs: 1_000,
  backoff: { baseMs: 1_000, capMs: 60_000, floorMs: 100 },
};

export const GOOD: JobOutcome = { status: 'ok', items: 3, gaps: 0, error: null };
export const FAILED: JobOutcome = { status: 'failed', items: 0, gaps: 1, error: 'UNREACHABLE' };

export function read(
  connection: string,
  id: string,
  intervalMs: number,
  mode: ScheduledRead['mode'] = 'full',
): ScheduledRead {
  return { connection, connector: 'postgresql', read: id, mode, intervalMs };
}

/** Jobs that end after a time on the fake clock, with a record of everything that was ever at once. */
export function bench(
  clock: FakeClock,
  work: (job: Job, nth: number) => { ms: number; outcome?: JobOutcome },
) {
  const started: Job[] = [];
  const active = new Set<Job>();
  const violations: string[] = [];
  let atOnce = 0;
  async function runJob(job: Job, signal: AbortSignal): Promise<JobOutcome> {
    for (const other of active) {
      if (readKey(other.request) === readKey(job.request))
        violations.push(`overlap of ${readKey(job.request)}`);
      if (isPlain(other) && isPlain(job) && other.request.connection === job.request.connection) {
        violations.push(`two reads of ${job.request.connection}`);
      }
    }
    const nth = started.filter((earlier) => readKey(earlier.request) === readKey(job.request)).length;
    started.push(job);
    active.add(job);
    atOnce = Math.max(atOnce, [...active].filter(isPlain).length);
    const { ms, outcome } = work(job, nth);
    try {
      await clock.sleep(ms, signal);
      return outcome ?? GOOD;
    } catch {
      return { status: 'cancelled', items: 0, gaps: 0, error: null };
    } finally {
      active.delete(job);
    }
  }
  return { runJob, started, active, violations, most: () => atOnce };
}

function isPlain(job: Job): boolean {
  return job.request.mode !== 'streaming';
}

export async function pass(clock: FakeClock, ms: number, step = 250): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    clock.advance(step);
    await settle();
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

export function scheduler(
  clock: FakeClock,
  reads: readonly ScheduledRead[],
  runJob: (job: Job, signal: AbortSignal) => Promise<JobOutcome>,
  options: Partial<SchedulerOptions> = {},
): Scheduler {
  return new Scheduler(
    reads,
    { ...OPTIONS, ...options },
    { clock, logger: recordingLogger(), runJob, random: () => 0.5 },
  );
}

export function count(jobs: readonly Job[], id: string): number {
  return jobs.filter(({ request }) => request.read === id).length;
}
