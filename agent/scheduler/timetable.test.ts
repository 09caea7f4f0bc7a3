import { describe, expect, it } from 'vitest';
import { fakeClock, recordingLogger } from '../../connectors/sdk/testing/index.ts';
import { type Job, type JobOutcome, readKey, type Trigger } from './job.ts';
import { Scheduler } from './scheduler.ts';
import { bench, count, FAILED, GOOD, OPTIONS, pass, read, scheduler } from './testing/scheduler-bench.ts';
import { Timetable } from './timetable.ts';

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

describe('of reads that are due at the same moment', () => {
  const WAKES = { reads: ['blocking_tree'], intervalMs: 2_000, durationMs: 20_000, restMs: 100_000 };

  /** Who is due, in order, when everything is overdue but what a burst has only just woken. */
  function order(asked: readonly { readonly read: string; readonly trigger: Trigger }[]) {
    const clock = fakeClock();
    const reads = [
      ...['settings', 'wal', 'slru'].map((id) => read('orders', id, 60_000)),
      { ...read('orders', 'pulse', 60_000), wakes: WAKES },
      read('orders', 'blocking_tree', 600_000),
    ];
    const timetable = new Timetable(reads, OPTIONS, { clock, random: () => 0.5 });
    const slotOf = (id: string) => timetable.slots.find((slot) => slot.read.read === id);
    timetable.begin();
    for (const [nth, id] of ['slru', 'settings', 'wal'].entries()) {
      const slot = slotOf(id);
      if (slot !== undefined) slot.dueAt = 1_000 + nth;
    }
    clock.advance(70_000);
    const [tree, pulse] = [slotOf('blocking_tree'), slotOf('pulse')];
    if (tree === undefined || pulse === undefined) throw new Error('the reads are not there');
    timetable.ended(tree, GOOD);
    timetable.ended(pulse, { ...GOOD, symptoms: 1 });
    for (const { read: id, trigger } of asked) {
      slotOf(id)?.pending.push({ request: { trigger }, resolve: () => undefined });
    }
    return timetable.due(clock.monotonic()).map((slot) => slot.read.read);
  }

  it('those of a burst come before those that are only overdue, and of these the one that has waited longest', () => {
    expect(order([])).toEqual(['blocking_tree', 'slru', 'settings', 'wal']);
  });

  it('what an incident asks for comes first, then what somebody asks for', () => {
    const asked = [
      { read: 'settings', trigger: 'once' },
      { read: 'wal', trigger: 'incident' },
    ] as const;
    expect(order(asked)).toEqual(['wal', 'settings', 'blocking_tree', 'slru']);
  });

  it('the one that is woken is the next to start on a connection that can not keep up', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const { runJob, started } = bench(clock, ({ request }) => ({
      ms: 3_000,
      outcome: { ...GOOD, symptoms: request.read === 'pulse' ? 1 : 0 },
    }));
    const reads = [
      ...['settings', 'wal', 'slru', 'io'].map((id) => read('orders', id, 1_000)),
      { ...read('orders', 'pulse', 5_000), wakes: WAKES },
      read('orders', 'blocking_tree', 600_000),
    ];
    const subject = scheduler(clock, reads, runJob);
    subject.start();
    await pass(clock, 60_000);
    const ids = started.map(({ request }) => request.read);
    expect(ids[ids.indexOf('pulse') + 1]).toBe('blocking_tree');
    await Promise.all([subject.stop(10_000), pass(clock, 5_000)]);
  });
});
