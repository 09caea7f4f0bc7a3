import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { observe } from '../observation.ts';
import {
  admitted,
  canonicalPretty,
  expectGolden,
  fakeClock,
  fakeDeps,
  fakeDigest,
  fakeFetch,
  goldenCases,
  onlyScope,
  recordingLogger,
  recordingRun,
} from './index.ts';

const never = new AbortController().signal;

describe('fakeClock', () => {
  it('moves when slept on, and keeps the sleeps', async () => {
    const clock = fakeClock({ at: '2026-01-02T03:04:05.000Z' });
    await clock.sleep(1_500, never);
    await clock.sleep(250, never);
    expect(clock.now().toISOString()).toBe('2026-01-02T03:04:06.750Z');
    expect(clock.monotonic()).toBe(1_750);
    expect(clock.sleeps).toEqual([1_500, 250]);
  });

  it('waits for advance() in manual mode, waking only those due', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const woken: string[] = [];
    const short = clock.sleep(10, never).then(() => woken.push('short'));
    const long = clock.sleep(30, never).then(() => woken.push('long'));
    clock.advance(29);
    await short;
    expect(woken).toEqual(['short']);
    clock.advance(1);
    await long;
    expect(woken).toEqual(['short', 'long']);
  });

  it('rejects with the reason when aborted, before and during', async () => {
    const clock = fakeClock({ sleep: 'manual' });
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal);
    controller.abort(new Error('stop now'));
    await expect(sleeping).rejects.toThrow('stop now');
    await expect(clock.sleep(10, controller.signal)).rejects.toThrow('stop now');
  });
});

describe('fakeDeps', () => {
  it('refuses to fetch unless a fetch is handed in', async () => {
    await expect(fakeDeps().fetch('https://example.com')).rejects.toThrow('hands in no fetch');
  });

  it('digests by content, not by key order', () => {
    expect(fakeDigest({ a: 1, b: [2] })).toBe(fakeDigest({ b: [2], a: 1 }));
    expect(fakeDigest({ a: 1 })).not.toBe(fakeDigest({ a: 2 }));
    expect(fakeDigest('x')).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
  });
});

describe('recordingLogger', () => {
  it('keeps level, message and fields', () => {
    const logger = recordingLogger();
    logger.warn('slow', { ms: 12 });
    logger.debug('quiet');
    expect(logger.lines).toEqual([
      { level: 'warn', message: 'slow', fields: { ms: 12 } },
      { level: 'debug', message: 'quiet', fields: {} },
    ]);
  });
});

describe('recordingRun', () => {
  const record = observe({
    stream: 's',
    class: 'state',
    entity: 'x://y',
    key: 'k',
    occurredAt: '2026-01-01T00:00:00.000Z',
    body: {},
  });

  it('sorts records from gaps and applies checkpoints', async () => {
    const run = recordingRun({ state: new Map([['old', 1]]) });
    await run.emit(record);
    await run.emit({ gap: 'PRIVILEGE', missing: 'm', reason: 'r' });
    await run.checkpoint({ set: { cursor: 'c' }, delete: ['old'] });
    expect(run.observations).toEqual([record]);
    expect(run.gaps).toEqual([{ gap: 'PRIVILEGE', missing: 'm', reason: 'r' }]);
    expect([...run.state.keys()]).toEqual(['cursor']);
    expect(run.state.get('cursor')).toBe('c');
    expect(run.checkpoints).toEqual([{ patch: { set: { cursor: 'c' }, delete: ['old'] }, after: 2 }]);
  });

  it('meters against its budget', () => {
    const run = recordingRun({ budget: { calls: 1 } });
    run.meter.useCall();
    expect(() => run.meter.useCall()).toThrow(expect.objectContaining({ code: 'BUDGET' }));
  });

  it('keeps no record that onEmit threw at', async () => {
    const run = recordingRun({
      onEmit: () => {
        throw new Error('full');
      },
    });
    await expect(run.emit(record)).rejects.toThrow('full');
    expect(run.records).toEqual([]);
  });
});

describe('admitted', () => {
  it('lets everything in, unless told otherwise', () => {
    const open = admitted({ read: 'r' });
    expect(open.scope.includes('namespace', 'any')).toBe(true);
    const narrow = admitted({ read: 'r', scope: onlyScope({ namespace: ['shop'] }), budget: { rows: 3 } });
    expect(narrow.scope.includes('namespace', 'bank')).toBe(false);
    expect(narrow.scope.includes('namespace', 'shop')).toBe(true);
    expect(narrow.scope.includes('node', 'n1')).toBe(true);
    expect(narrow.budget.rows).toBe(3);
    expect(narrow.budget.calls).toBeGreaterThan(1);
  });
});

describe('fakeFetch', () => {
  it('answers each exchange once, by method, URL, headers and body', async () => {
    const fake = fakeFetch([
      { url: 'https://h/a', headers: { accept: 'text/one' }, answer: { text: 'one' } },
      { url: 'https://h/a', answer: { json: { two: 2 } } },
      { method: 'POST', url: 'https://h/a', body: { q: 3 }, answer: { status: 304 } },
    ]);
    expect(await (await fake.fetch('https://h/a')).json()).toEqual({ two: 2 });
    const one = await fake.fetch('https://h/a', { headers: { accept: 'text/one' } });
    expect(await one.text()).toBe('one');
    expect(() => fake.assertAllUsed()).toThrow('unused [POST https://h/a]');
    expect((await fake.fetch('https://h/a', { method: 'POST', body: '{"q":3}' })).status).toBe(304);
    fake.assertAllUsed();
    expect(fake.calls).toEqual(['GET https://h/a', 'GET https://h/a', 'POST https://h/a']);
  });

  it('fails on a call it does not know, and again at the end', async () => {
    const fake = fakeFetch([]);
    await expect(fake.fetch('https://h/b')).rejects.toThrow('no exchange is left for GET https://h/b');
    expect(() => fake.assertAllUsed()).toThrow('unknown [GET https://h/b]');
  });

  it('throws the error of an exchange', async () => {
    const fake = fakeFetch([{ url: 'https://h/c', answer: { error: new TypeError('fetch failed') } }]);
    await expect(fake.fetch('https://h/c')).rejects.toThrow('fetch failed');
    fake.assertAllUsed();
  });
});

describe('golden', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'golden-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function addCase(name: string): void {
    mkdirSync(join(folder, 'fixtures', name), { recursive: true });
    writeFileSync(join(folder, 'fixtures', name, 'input.json'), JSON.stringify({ name }));
  }

  it('lists ok and ng cases', () => {
    for (const name of ['ok.two', 'ng.denied', 'ok.one']) addCase(name);
    const cases = goldenCases(folder);
    expect(cases.map(({ name, kind }) => [name, kind])).toEqual([
      ['ng.denied', 'ng'],
      ['ok.one', 'ok'],
      ['ok.two', 'ok'],
    ]);
    expect(cases[1]?.json('input.json')).toEqual({ name: 'ok.one' });
    expect(cases[1]?.has('expected.json')).toBe(false);
  });

  it('refuses a missing kind and a folder of another name', () => {
    addCase('ok.one');
    expect(() => goldenCases(folder)).toThrow('has no ng.* case');
    addCase('ng.two');
    addCase('nok.three');
    expect(() => goldenCases(folder)).toThrow('must be named');
  });

  it('passes on equal content in any key order, and fails otherwise', () => {
    const path = join(folder, 'expected.json');
    writeFileSync(path, canonicalPretty({ a: 1, b: { d: 2, c: 3 } }));
    expectGolden(path, { b: { c: 3, d: 2 }, a: 1 }, {});
    expect(() => expectGolden(path, { a: 1, b: { c: 3, d: 4 } }, {})).toThrow('differs');
  });

  it('writes only when asked, fails then too, and never writes in CI', () => {
    const path = join(folder, 'expected.json');
    expect(() => expectGolden(path, { a: 1 }, {})).toThrow('is missing');
    expect(() => expectGolden(path, { a: 1 }, { UPDATE_GOLDEN: '1', CI: 'true' })).toThrow('is missing');
    expect(() => expectGolden(path, { a: 1 }, { UPDATE_GOLDEN: '1' })).toThrow('was written');
    expect(readFileSync(path, 'utf8')).toBe('{\n  "a": 1\n}\n');
    expect(() => expectGolden(path, { a: 2 }, { UPDATE_GOLDEN: '1', CI: '1' })).toThrow('differs');
    expectGolden(path, { a: 1 }, {});
  });
});
