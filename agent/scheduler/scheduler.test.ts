import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { readKey } from './job.ts';
import { bench, count, FAILED, GOOD, pass, read, scheduler } from './testing/scheduler-bench.ts';

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
  });
});
