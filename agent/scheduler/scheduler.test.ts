import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock, recordingLogger } from '../../connectors/sdk/testing/index.ts';
import type { Job, JobOutcome, ScheduledRead } from './job.ts';
import { readKey } from './job.ts';
import { Scheduler, type SchedulerOptions } from './scheduler.ts';

const OPTIONS: SchedulerOptions = {
  concurrency: 2,
  lookbackMs: 3_600_000,
  overlapMs: 120_000,
  minimumIntervalMs: 1_000,
  backoff: { baseMs: 1_000, capMs: 60_000, floorMs: 100 },
};

const GOOD: JobOutcome = { status: 'ok', items: 3, gaps: 0, error: null };
const FAILED: JobOutcome = { status: 'failed', items: 0, gaps: 1, error: 'UNREACHABLE' };

function read(
  connection: string,
  id: string,
  intervalMs: number,
  mode: ScheduledRead['mode'] = 'full',
): ScheduledRead {
  return { connection, connector: 'postgresql', read: id, mode, intervalMs };
}

/** Jobs that end after a time on the fake clock, with a record of everything that was ever at once. */
function bench(clock: FakeClock, work: (job: Job, nth: number) => { ms: number; outcome?: JobOutcome }) {
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

async function pass(clock: FakeClock, ms: number, step = 250): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    clock.advance(step);
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

function scheduler(
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

function count(jobs: readonly Job[], id: string): number {
  return jobs.filter(({ request }) => request.read === id).length;
}

describe('the timetable', () => {
  it('runs each read about once per interval, the first within five seconds', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, () => ({ ms: 20 }));
    const subject = scheduler(
      clock,
      [read('orders', 'locks', 10_000), read('audit', 'settings', 60_000)],
      runJob,
    );
    subject.start();
    await pass(clock, 5_250);
    expect(new Set(started.map(({ request }) => request.read))).toEqual(new Set(['locks', 'settings']));
    await pass(clock, 594_750);
    expect(count(started, 'locks')).toBeGreaterThanOrEqual(55);
    expect(count(started, 'locks')).toBeLessThanOrEqual(64);
    expect(count(started, 'settings')).toBeGreaterThanOrEqual(9);
    expect(count(started, 'settings')).toBeLessThanOrEqual(11);
    await subject.stop(1_000);
  });

  it('starts what falls due while it is starting something else', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const ids = ['pods', 'nodes', 'events', 'jobs', 'services', 'quotas'];
    const { runJob, started } = bench(clock, () => ({ ms: 9_000_000 }));
    const slowly = (job: Job, signal: AbortSignal) => {
      clock.advance(900);
      return runJob(job, signal);
    };
    const reads = ids.map((id) => read('prod', id, 3_600_000, 'streaming'));
    const subject = scheduler(clock, reads, slowly);
    subject.start();
    await pass(clock, 5_250);
    expect(started.map(({ request }) => request.read).sort()).toEqual(ids.sort());
    await subject.stop(1_000);
  });

  it('does not let a read that waits for its connection hold up another connection', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, ({ request }) => ({
      ms: request.read === 'slow' ? 300_000 : 100,
    }));
    const reads = [
      read('orders', 'slow', 600_000),
      read('orders', 'locks', 5_000),
      read('audit', 'locks', 10_000),
    ];
    const subject = scheduler(clock, reads, runJob);
    await Promise.all([subject.runNow({ trigger: 'once', connection: 'audit' }), pass(clock, 1_000, 100)]);
    subject.start();
    void subject.runNow({ trigger: 'once', reads: ['slow'] });
    await pass(clock, 120_000);
    expect(started.filter(({ request }) => request.connection === 'audit').length).toBeGreaterThanOrEqual(10);
    await Promise.all([subject.stop(1_000), pass(clock, 2_000)]);
  });

  it('looks back at first, then goes on a little before where the last good run ended', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, (_job, nth) => ({
      ms: 0,
      ...(nth === 1 ? { outcome: FAILED } : {}),
    }));
    const subject = scheduler(clock, [read('orders', 'locks', 30_000)], runJob);
    subject.start();
    await pass(clock, 120_000);
    const [first, second, third] = started.map(({ request }) => request.window);
    expect(Date.parse(first?.to ?? '') - Date.parse(first?.from ?? '')).toBe(3_600_000);
    const expected = new Date(Date.parse(first?.to ?? '') - 120_000).toISOString();
    expect([second?.from, third?.from]).toEqual([expected, expected]);
    await subject.stop(1_000);
  });

  it('waits for a backoff after a failure, and at least as long as the source asked', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const startedAt = clock.now().getTime();
    const at: number[] = [];
    const subject = scheduler(clock, [read('orders', 'locks', 600_000)], async () => {
      at.push(clock.now().getTime() - startedAt);
      if (at.length === 3)
        return { ...FAILED, error: 'RATE_LIMITED', retryAt: new Date(startedAt + 200_000) };
      return FAILED;
    });
    subject.start();
    await pass(clock, 210_000);
    const [first = 0, second = 0, third = 0, fourth = 0] = at;
    expect(second - first).toBe(500);
    expect(third - second).toBe(1_000);
    expect(fourth).toBe(200_000);
    await subject.stop(1_000);
  });

  it('treats a job that throws as failed and says so without quoting it', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const logger = recordingLogger();
    const subject = new Scheduler([read('orders', 'locks', 60_000)], OPTIONS, {
      clock,
      logger,
      random: () => 0,
      runJob: () => Promise.reject(new Error('password=canary-7421')),
    });
    const [finished] = await subject.runNow({ trigger: 'once' });
    expect(finished?.outcome).toEqual({ status: 'failed', items: 0, gaps: 0, error: 'INTERNAL' });
    expect(JSON.stringify(logger.lines)).not.toContain('canary-7421');
  });

  it('runs more often while the cadence is raised, but not below the minimum', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, () => ({ ms: 0 }));
    const subject = scheduler(clock, [read('orders', 'slow', 60_000), read('audit', 'fast', 2_000)], runJob);
    subject.start();
    await pass(clock, 10_000);
    subject.setCadence(4);
    const before = { slow: count(started, 'slow'), fast: count(started, 'fast') };
    await pass(clock, 60_000);
    expect(count(started, 'slow') - before.slow).toBeGreaterThanOrEqual(3);
    expect(count(started, 'fast') - before.fast).toBeLessThanOrEqual(61);
    await subject.stop(1_000);
  });
});

describe('runNow', () => {
  it('works without a timetable and runs only what is selected', async () => {
    const clock = fakeClock({ sleep: 'auto' });
    const { runJob } = bench(clock, () => ({ ms: 5 }));
    const reads = [
      read('orders', 'locks', 1_000),
      read('orders', 'settings', 1_000),
      read('audit', 'locks', 1_000),
    ];
    const window = { from: '2026-11-20T23:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };
    const finished = await scheduler(clock, reads, runJob).runNow({
      trigger: 'once',
      connection: 'orders',
      reads: ['settings'],
      window,
    });
    expect(finished.map(({ job }) => job.request)).toEqual([
      {
        connection: 'orders',
        connector: 'postgresql',
        read: 'settings',
        mode: 'full',
        trigger: 'once',
        window,
      },
    ]);
  });

  it('runs a read again that was running already, once for all who asked, over all their windows', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started, violations } = bench(clock, () => ({ ms: 1_000 }));
    const subject = scheduler(clock, [read('orders', 'locks', 60_000)], runJob);
    subject.start();
    await pass(clock, 6_000, 500);
    const running = subject.runNow({ trigger: 'once' });
    const early = subject.runNow({
      trigger: 'once',
      window: { from: '2026-11-20T20:00:00.000Z', to: '2026-11-20T21:00:00.000Z' },
    });
    const late = subject.runNow({
      trigger: 'incident',
      window: { from: '2026-11-20T20:30:00.000Z', to: '2026-11-20T22:00:00.000Z' },
    });
    await pass(clock, 3_000, 500);
    const [[a], [b], [c]] = await Promise.all([running, early, late]);
    expect(b?.job.id).toBe(c?.job.id);
    expect(a?.outcome.status).toBe('ok');
    const merged = started.find(({ id }) => id === b?.job.id)?.request;
    expect(merged?.window).toEqual({ from: '2026-11-20T20:00:00.000Z', to: '2026-11-20T22:00:00.000Z' });
    expect(merged?.trigger).toBe('incident');
    expect(violations).toEqual([]);
    await subject.stop(1_000);
  });

  it('asks streams for what there is, within the limit of jobs, when it is a single pass', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started, most } = bench(clock, () => ({ ms: 100 }));
    const reads = ['pods', 'nodes', 'events', 'jobs'].map((id) => read('prod', id, 60_000, 'streaming'));
    const pass1 = scheduler(clock, reads, runJob, { concurrency: 3 }).runNow({ trigger: 'once' });
    await pass(clock, 1_000, 100);
    expect((await pass1).map(({ outcome }) => outcome.status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(started.map(({ request }) => request.mode)).toEqual(['full', 'full', 'full', 'full']);
    expect(most()).toBe(3);
  });

  it('runs what an incident asks for before what is only due', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, () => ({ ms: 10_000 }));
    const reads = [read('a', 'first', 600_000), read('b', 'second', 600_000), read('c', 'third', 600_000)];
    const subject = scheduler(clock, reads, runJob, { concurrency: 1 });
    const once = subject.runNow({ trigger: 'once' });
    const urgent = subject.runNow({ trigger: 'incident', connection: 'c' });
    for (let round = 0; round < 5; round += 1) await pass(clock, 10_000, 1_000);
    await Promise.all([once, urgent]);
    expect(started.map(({ request }) => request.read)).toEqual(['first', 'third', 'second']);
  });

  it('does not wait for a stream that is running', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, active } = bench(clock, () => ({ ms: 9_000_000 }));
    const subject = scheduler(clock, [read('prod', 'watch', 60_000, 'streaming')], runJob);
    subject.start();
    await pass(clock, 6_000);
    expect(active.size).toBe(1);
    expect(await subject.runNow({ trigger: 'incident' })).toEqual([]);
    await subject.stop(1_000);
  });
});

describe('a read that wakes others', () => {
  const WAKES = { reads: ['blocking_tree'], intervalMs: 2_000, durationMs: 20_000, restMs: 100_000 };
  const SICK: JobOutcome = { ...GOOD, symptoms: 1 };

  function watched(sickFrom: number, sickUntil: number, wakes = WAKES) {
    const clock = fakeClock({ sleep: 'manual' });
    const at: { read: string; at: number; trigger: string }[] = [];
    const { runJob } = bench(clock, ({ request }) => {
      const now = clock.monotonic();
      at.push({ read: readKey(request), at: now, trigger: request.trigger });
      const isSick = request.read === 'pulse' && now >= sickFrom && now < sickUntil;
      return { ms: 10, ...(isSick ? { outcome: SICK } : {}) };
    });
    const reads = [
      { ...read('orders', 'pulse', 5_000), wakes },
      read('orders', 'blocking_tree', 60_000),
      read('orders', 'schema', 60_000),
      read('billing', 'blocking_tree', 60_000),
    ];
    return { clock, at, timetable: scheduler(clock, reads, runJob) };
  }

  const between = (at: readonly { read: string; at: number }[], read: string, from: number, to: number) =>
    at.filter((one) => one.read === read && one.at >= from && one.at < to);

  it('sees a storm of fifteen seconds between two polls, and leaves other reads and connections alone', async () => {
    const { clock, at, timetable } = watched(70_000, 85_000);
    timetable.start();
    await pass(clock, 180_000);
    const storm = between(at, 'orders/blocking_tree', 70_000, 85_000);
    expect(storm.length).toBeGreaterThanOrEqual(4);
    expect(storm.slice(1).every((one) => (one as { trigger?: string }).trigger === 'burst')).toBe(true);
    expect(at.filter((one) => one.read === 'orders/schema').length).toBeLessThanOrEqual(4);
    expect(at.filter((one) => one.read === 'billing/blocking_tree').length).toBeLessThanOrEqual(4);
    expect(at.filter((one) => one.trigger === 'burst').map((one) => one.read)).not.toContain('orders/schema');
    await timetable.stop(100);
  });

  it('stops after its time and rests, however long the trouble lasts', async () => {
    const { clock, at, timetable } = watched(0, Number.POSITIVE_INFINITY);
    timetable.start();
    await pass(clock, 90_000);
    const bursts = at.filter((one) => one.trigger === 'burst').map((one) => one.at);
    expect(bursts.length).toBeGreaterThanOrEqual(8);
    expect((bursts.at(-1) ?? 0) - (bursts[0] ?? 0)).toBeLessThanOrEqual(WAKES.durationMs);
    await pass(clock, 60_000);
    const second = at.filter((one) => one.trigger === 'burst' && one.at > 90_000).map((one) => one.at);
    expect((second[0] ?? 0) - (bursts[0] ?? 0)).toBeGreaterThanOrEqual(WAKES.restMs);
    await timetable.stop(100);
  });

  it('never runs them more often than the minimum', async () => {
    const { clock, at, timetable } = watched(0, Number.POSITIVE_INFINITY, { ...WAKES, intervalMs: 1 });
    timetable.start();
    await pass(clock, 30_000);
    const times = at.filter((one) => one.read === 'orders/blocking_tree').map((one) => one.at);
    const pauses = times.slice(2).map((time, index) => time - (times[index + 1] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(OPTIONS.minimumIntervalMs);
    await timetable.stop(100);
  });

  it('does not shorten the pause of a read that fails', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const at: number[] = [];
    const { runJob } = bench(clock, ({ request }) => {
      if (request.read === 'pulse') return { ms: 10, outcome: SICK };
      at.push(clock.monotonic());
      return { ms: 10, outcome: { ...FAILED, retryAt: new Date(clock.now().getTime() + 40_000) } };
    });
    const reads = [
      { ...read('orders', 'pulse', 5_000), wakes: WAKES },
      read('orders', 'blocking_tree', 60_000),
    ];
    const timetable = scheduler(clock, reads, runJob);
    timetable.start();
    await pass(clock, 30_000);
    expect(at).toHaveLength(1);
    await timetable.stop(100);
  });
});

describe('streaming reads', () => {
  it('run beside the other reads of their connection and start again after they end', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started, most } = bench(clock, ({ request }) => ({
      ms: request.read === 'watch' ? 30_000 : 100,
    }));
    const reads = [read('prod', 'watch', 5_000, 'streaming'), read('prod', 'nodes', 10_000)];
    const subject = scheduler(clock, reads, runJob, { concurrency: 1 });
    subject.start();
    await pass(clock, 120_000);
    expect(count(started, 'watch')).toBe(4);
    expect(count(started, 'nodes')).toBeGreaterThanOrEqual(10);
    expect(most()).toBe(1);
    await subject.stop(1_000);
  });
});

describe('a streaming read that is refused', () => {
  it('is tried again after its interval, not at once like one that ended', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const refused: JobOutcome = { status: 'refused', items: 1, gaps: 0, error: null };
    const { runJob, started } = bench(clock, () => ({ ms: 0, outcome: refused }));
    const subject = scheduler(clock, [read('prod', 'pods', 60_000, 'streaming')], runJob);
    subject.start();
    await pass(clock, 185_000);
    expect(started.length).toBeGreaterThanOrEqual(3);
    expect(started.length).toBeLessThanOrEqual(4);
    await subject.stop(1_000);
  });
});

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

describe('whatever happens', () => {
  const anyRead = fc.record({
    connection: fc.constantFrom('orders', 'audit', 'prod'),
    read: fc.constantFrom('locks', 'settings', 'schema', 'watch'),
    intervalMs: fc.integer({ min: 1_000, max: 30_000 }),
    durationMs: fc.integer({ min: 0, max: 8_000 }),
    fails: fc.boolean(),
    streaming: fc.boolean(),
  });

  it('no read overlaps itself, limits hold, and everything due runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyRead, { minLength: 1, maxLength: 8, selector: (r) => `${r.connection}/${r.read}` }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 5 }),
        async (specs, concurrency, asked) => {
          const clock = fakeClock({ sleep: 'manual' });
          const byKey = new Map(specs.map((spec) => [`${spec.connection}/${spec.read}`, spec]));
          const { runJob, started, violations, most } = bench(clock, (job) => {
            const spec = byKey.get(readKey(job.request));
            return { ms: spec?.durationMs ?? 0, outcome: spec?.fails === true ? FAILED : GOOD };
          });
          const reads = specs.map((spec) =>
            read(spec.connection, spec.read, spec.intervalMs, spec.streaming ? 'streaming' : 'full'),
          );
          const subject = scheduler(clock, reads, runJob, { concurrency });
          subject.start();
          for (let second = 0; second < 200; second += 1) {
            if (asked.includes(second)) void subject.runNow({ trigger: 'incident' });
            await pass(clock, 1_000, 1_000);
          }
          const stopped = subject.stop(1_000);
          await pass(clock, 2_000, 1_000);
          await stopped;
          expect(violations).toEqual([]);
          expect(most()).toBeLessThanOrEqual(concurrency);
          expect(new Set(started.map(({ request }) => readKey(request)))).toEqual(new Set(byKey.keys()));
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);
});
