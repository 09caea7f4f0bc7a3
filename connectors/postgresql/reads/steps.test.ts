import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../sdk/index.ts';
import { grownSince, intervalOf, percentOf, perSecond, remember, stepsOf } from './steps.ts';
import { pendingSegments } from './wal.ts';

const NAMES = ['reads', 'writes'] as const;
const RESET = '2026-10-02T08:00:00.000Z';
const LATER = '2026-11-20T08:00:00.000Z';
const THEN = '2026-11-21T00:13:02.000Z';
const NOW = '2026-11-21T00:14:02.000Z';

const count = fc.nat({ max: 1_000_000_000 });
const counters = fc.record({ reads: count, writes: count });
/** As it comes back from the store. */
const stored = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

describe('stepsOf', () => {
  it('adds up to the growth, however many reads there are on the way', () => {
    fc.assert(
      fc.property(fc.array(counters, { minLength: 1 }), (growth) => {
        let now = { reads: 7, writes: 11 };
        let state: JsonValue = stored(remember(NAMES, now, RESET, THEN));
        const sum = { reads: 0, writes: 0 };
        for (const { reads, writes } of growth) {
          now = { reads: now.reads + reads, writes: now.writes + writes };
          const steps = stepsOf(NAMES, now, RESET, state);
          sum.reads += steps.reads_step ?? Number.NaN;
          sum.writes += steps.writes_step ?? Number.NaN;
          state = stored(remember(NAMES, now, RESET, NOW));
        }
        expect(sum).toEqual({ reads: now.reads - 7, writes: now.writes - 11 });
      }),
    );
  });

  it('knows nothing across a reset, even when every counter has grown', () => {
    const state = remember(NAMES, { reads: 1, writes: 2 }, RESET, THEN);
    expect(stepsOf(NAMES, { reads: 5, writes: 6 }, LATER, state)).toEqual({});
    expect(stepsOf(NAMES, { reads: 5, writes: 6 }, null, state)).toEqual({});
  });

  it('is never negative, and leaves out what fell or is not counted', () => {
    const state = remember(NAMES, { reads: 10, writes: 20 }, RESET, THEN);
    expect(stepsOf(NAMES, { reads: 9, writes: 25 }, RESET, state)).toEqual({ writes_step: 5 });
    expect(stepsOf(NAMES, { reads: null, writes: 20 }, RESET, state)).toEqual({ writes_step: 0 });
  });

  it.each([undefined, null, 'odd', 3, [], {}])('knows nothing after the state %j', (state) => {
    expect(stepsOf(NAMES, { reads: 1, writes: 2 }, RESET, state)).toEqual({});
  });
});

describe('grownSince', () => {
  it('counts from the read before, and from the reset where that is nearer', () => {
    const state = remember(NAMES, { reads: 10, writes: 20 }, RESET, THEN);
    const now = { reads: 15, writes: 21 };
    expect(grownSince(NAMES, now, RESET, state)).toEqual({ since: THEN, counts: { reads: 5, writes: 1 } });
    expect(grownSince(NAMES, now, LATER, state)).toEqual({ since: LATER, counts: now });
    expect(grownSince(NAMES, now, RESET, undefined)).toEqual({ since: RESET, counts: now });
  });

  it('takes one counter that fell as a reset of all', () => {
    const state = remember(NAMES, { reads: 10, writes: 20 }, RESET, THEN);
    const now = { reads: 15, writes: 2 };
    expect(grownSince(NAMES, now, RESET, state)).toEqual({ since: RESET, counts: now });
  });

  it('keeps what is not counted apart from zero', () => {
    const state = remember(NAMES, { reads: null, writes: 20 }, RESET, THEN);
    const now = { reads: null, writes: 20 };
    expect(grownSince(NAMES, now, RESET, state)).toEqual({ since: THEN, counts: { reads: null, writes: 0 } });
  });
});

describe('rates and shares', () => {
  it('measures the time between two reads', () => {
    expect(intervalOf({ at: THEN }, NOW)).toBe(60_000);
    expect(intervalOf({ at: NOW }, THEN)).toBeUndefined();
    expect(intervalOf(undefined, NOW)).toBeUndefined();
  });

  it('divides only by what is known', () => {
    expect(perSecond(90, 60_000)).toBe(1.5);
    expect(perSecond(90, undefined)).toBeUndefined();
    expect(percentOf(1, 3)).toBe(33.3);
    expect(percentOf(0, 0)).toBeUndefined();
    expect(percentOf(1, -1)).toBeUndefined();
  });
});

describe('pendingSegments', () => {
  const row = {
    archiving: true,
    segment_bytes: 16 * 1024 ** 2,
    archived_segment: '000000020000000A000000FE',
    current_segment: '000000020000000B00000003',
  };

  it('counts the finished ones across the end of a log file', () => {
    expect(pendingSegments(row)).toBe(4);
    expect(pendingSegments({ ...row, segment_bytes: 1024 ** 3 })).toBe(0);
    expect(pendingSegments({ ...row, current_segment: '000000020000000A000000FF' })).toBe(0);
  });

  it.each([
    { archiving: false },
    { archiving: null },
    { segment_bytes: null },
    { segment_bytes: 0 },
    { archived_segment: null },
    { archived_segment: '00000002.history' },
    { archived_segment: '000000020000000A000000FE.partial' },
    { archived_segment: '000000010000000A000000FE' },
    { current_segment: null },
  ])('says nothing when %j', (change) => {
    expect(pendingSegments({ ...row, ...change })).toBeUndefined();
  });
});
