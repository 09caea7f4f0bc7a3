import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rememberingClean } from './clean-values.ts';
import type { Scanner } from './redact.ts';

function counting(): { scanner: Scanner; asked: string[] } {
  const asked: string[] = [];
  const scanner: Scanner = {
    net: 'all',
    scan: (text) => ({ text, findings: [] }),
    scanFields: () => {
      throw new Error('not asked for here');
    },
    hasFinding(text) {
      asked.push(text);
      return text.includes('secret');
    },
  };
  return { scanner, asked };
}

describe('values that were found clean', () => {
  it('are read once', () => {
    const { scanner, asked } = counting();
    const kept = rememberingClean(scanner);
    expect(['shop', 'prod', 'shop', 'shop'].map((name) => kept.hasFinding(name))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(asked).toEqual(['shop', 'prod']);
  });

  it('are no others: what was found stays found', () => {
    const { scanner, asked } = counting();
    const kept = rememberingClean(scanner);
    expect([kept.hasFinding('a-secret'), kept.hasFinding('a-secret')]).toEqual([true, true]);
    expect(asked).toEqual(['a-secret', 'a-secret']);
  });

  it('are forgotten when many others came since, and not when they were asked for lately', () => {
    const { scanner, asked } = counting();
    const kept = rememberingClean(scanner);
    for (let index = 0; index < 40_000; index += 1) {
      if (index % 100 === 0) kept.hasFinding('often');
      kept.hasFinding(`pod-${index}`);
    }
    kept.hasFinding('pod-3');
    expect(asked.filter((text) => text === 'often')).toHaveLength(1);
    expect(asked.filter((text) => text === 'pod-3')).toHaveLength(2);
  });

  it('are not remembered when they are longer than any kept value', () => {
    const { scanner, asked } = counting();
    const kept = rememberingClean(scanner);
    const long = 'x'.repeat(513);
    expect([kept.hasFinding(long), kept.hasFinding(long)]).toEqual([false, false]);
    expect(asked).toHaveLength(2);
  });

  it('are told from all others, however alike these are', () => {
    const { scanner } = counting();
    const kept = rememberingClean(scanner);
    const middle = fc.constantFrom('public', 'secret', 'Secret');
    const text = fc
      .tuple(fc.nat(3), middle, fc.nat(3))
      .map(([a, b, c]) => 'x'.repeat(a * 30) + b + 'y'.repeat(c * 30));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        for (const one of texts) expect(kept.hasFinding(one)).toBe(one.includes('secret'));
      }),
    );
  });
});
