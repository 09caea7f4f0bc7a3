import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import type { Job, JobOutcome } from './job.ts';
import {
  bench,
  count,
  FAILED,
  GOOD,
  OPTIONS,
  pass,
  read,
  scheduler,
  settle,
} from './testing/scheduler-bench.ts';

describe('restartAll', () => {
  it('aborts what runs before it returns, and runs it again at once', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started, active, violations } = bench(clock, () => ({ ms: 5_000 }));
    const aborted: string[] = [];
    const watched = (job: Job, signal: AbortSignal) => {
      signal.addEventListener('abort', () => aborted.push(job.request.read));
      return runJob(job, signal);
    };
    const reads = [read('orders', 'locks', 60_000), read('prod', 'pods', 30_000, 'streaming')];
    const subject = scheduler(clock, reads, watched);
    subject.start();
    await pass(clock, 5_000);
    expect([...active].map(({ request }) => request.read).toSorted()).toEqual(['locks', 'pods']);
    subject.restartAll();
    expect(aborted.toSorted()).toEqual(['locks', 'pods']);
    await settle();
    expect([count(started, 'locks'), count(started, 'pods')]).toEqual([2, 2]);
    // The run that was aborted has seen nothing: the next one looks back as far.
    const [first, second] = started.filter(({ request }) => request.read === 'locks');
    const span = (job: Job | undefined) =>
      Date.parse(job?.request.window.to ?? '') - Date.parse(job?.request.window.from ?? '');
    expect([span(first), span(second)]).toEqual([OPTIONS.lookbackMs, OPTIONS.lookbackMs]);
    expect(violations).toEqual([]);
    await Promise.all([subject.stop(1_000), pass(clock, 2_000)]);
  });

  it('looks back again as far as at the start: earlier runs passed over what the new rules may let out', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, () => ({ ms: 10 }));
    const subject = scheduler(clock, [read('orders', 'locks', 60_000)], runJob);
    const span = ({ request: { window } }: Job) => Date.parse(window.to) - Date.parse(window.from);
    subject.start();
    await pass(clock, 130_000);
    const before = started.length;
    expect(started.slice(1).every((job) => span(job) < OPTIONS.lookbackMs)).toBe(true);
    subject.restartAll();
    await pass(clock, 130_000);
    const [next, after] = started.slice(before);
    expect([next && span(next), after && span(after) < OPTIONS.lookbackMs]).toEqual([
      OPTIONS.lookbackMs,
      true,
    ]);
    await Promise.all([subject.stop(1_000), pass(clock, 2_000)]);
  });

  it('tells who waits for a run of the one that follows, also in a single pass', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, (_job, nth) => ({
      ms: 1_000,
      outcome: { ...GOOD, items: 10 + nth },
    }));
    const subject = scheduler(clock, [read('orders', 'locks', 60_000)], runJob);
    const finished = subject.runNow({ trigger: 'once' });
    await settle();
    subject.restartAll();
    await pass(clock, 2_000);
    expect((await finished).map(({ outcome }) => [outcome.status, outcome.items])).toEqual([['ok', 11]]);
    expect(started).toHaveLength(2);
  });

  it('tries again at once what was refused, and leaves a failing source its pause', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const refused: JobOutcome = { status: 'refused', items: 1, gaps: 0, error: null };
    const { runJob, started } = bench(clock, (job) => ({
      ms: 10,
      outcome: job.request.read === 'locks' ? refused : FAILED,
    }));
    const subject = scheduler(
      clock,
      [read('orders', 'locks', 600_000), read('audit', 'roles', 600_000)],
      runJob,
      {
        backoff: { baseMs: 500_000, capMs: 600_000, floorMs: 500_000 },
      },
    );
    subject.start();
    await pass(clock, 6_000);
    expect([count(started, 'locks'), count(started, 'roles')]).toEqual([1, 1]);
    subject.restartAll();
    await settle();
    await pass(clock, 250);
    expect([count(started, 'locks'), count(started, 'roles')]).toEqual([2, 1]);
    await Promise.all([subject.stop(1_000), pass(clock, 2_000)]);
  });

  it('leaves other connections alone, and everything when the agent stops', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, () => ({ ms: 9_000 }));
    const reads = [read('orders', 'locks', 60_000), read('audit', 'roles', 60_000)];
    const subject = scheduler(clock, reads, runJob);
    subject.start();
    await pass(clock, 6_000);
    subject.restartAll((connection) => connection === 'audit');
    await settle();
    expect([count(started, 'locks'), count(started, 'roles')]).toEqual([1, 2]);
    const stopped = subject.stop(1_000);
    subject.restartAll();
    await Promise.all([stopped, pass(clock, 3_000)]);
    expect([count(started, 'locks'), count(started, 'roles')]).toEqual([1, 2]);
  });
});

describe('stop', () => {
  it('ends streams at once, lets the others finish and starts nothing more', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const outcomes: string[] = [];
    const { runJob, started } = bench(clock, ({ request }) => ({
      ms: request.read === 'watch' ? 9_000_000 : 4_000,
    }));
    const recording = async (job: Job, signal: AbortSignal) => {
      const outcome = await runJob(job, signal);
      outcomes.push(`${job.request.read} ${outcome.status}`);
      return outcome;
    };
    const reads = [read('prod', 'watch', 5_000, 'streaming'), read('orders', 'locks', 20_000)];
    const subject = scheduler(clock, reads, recording);
    subject.start();
    await pass(clock, 3_000, 500);
    const asked = started.length;
    const stopped = subject.stop(10_000);
    await settle();
    expect(outcomes).toEqual(['watch cancelled']);
    await pass(clock, 4_000, 500);
    await stopped;
    expect(outcomes).toEqual(['watch cancelled', 'locks ok']);
    await pass(clock, 120_000, 5_000);
    expect(started.length).toBe(asked);
  });

  it('aborts what is not done at the deadline, and answers those who were waiting', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, active } = bench(clock, () => ({ ms: 9_000_000 }));
    const subject = scheduler(
      clock,
      [read('orders', 'locks', 1_000), read('orders', 'settings', 1_000)],
      runJob,
    );
    const waiting = subject.runNow({ trigger: 'once' });
    await settle();
    const stopped = subject.stop(5_000);
    await pass(clock, 6_000, 500);
    await stopped;
    expect(active.size).toBe(0);
    expect((await waiting).map(({ outcome }) => outcome.status)).toEqual(['cancelled', 'cancelled']);
    await subject.stop(5_000);
  });

  it('does not wait for ever for a job that ignores its signal', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const subject = scheduler(clock, [read('orders', 'locks', 1_000)], () => new Promise(() => undefined));
    void subject.runNow({ trigger: 'once' });
    let stopped = false;
    void subject.stop(5_000).then(() => {
      stopped = true;
    });
    await pass(clock, 6_000, 500);
    expect(stopped).toBe(true);
  });
});
