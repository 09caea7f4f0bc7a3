import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeScanner } from '../redact.ts';
import { DETECTORS } from './index.ts';
import { fixturesOf } from './testing/fixtures.ts';

/** Expressions keep a place, and tables are used again for the next text: neither may show in what is found. */
test('what is found does not depend on what was read before, or read half', () => {
  const texts = DETECTORS.flatMap(({ id }) => fixturesOf(id).map(({ text }) => text));
  const scanners = [makeScanner(DETECTORS, 'text'), makeScanner(DETECTORS, 'all')];
  const found = (text: string) => JSON.stringify(scanners.map((scanner) => scanner.scan(text)));
  const alone = texts.map(found);
  expect(alone.some((one) => one.includes('start'))).toBe(true);
  const place = fc.nat(texts.length - 1);
  const steps = fc.array(fc.record({ text: place, before: place, by: fc.nat(DETECTORS.length - 1) }), {
    minLength: 50,
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (taken) => {
      for (const { text, before, by } of taken) {
        const half = DETECTORS[by]?.find(texts[before] ?? '')[Symbol.iterator]();
        half?.next();
        expect(found(texts[text] ?? '')).toBe(alone[text]);
        half?.next();
      }
    }),
    { numRuns: 30 },
  );
});
