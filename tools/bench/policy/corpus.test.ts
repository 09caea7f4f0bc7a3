import { describe, expect, test } from 'vitest';
import { canaryCorpus, corpus } from './corpus.ts';
import { FORMS, leaks } from './forms.ts';
import { strings } from './piece.ts';

describe('the corpus of the policy benchmark', () => {
  test('is the same for the same seed and another for another', () => {
    const of = (seed: number) => JSON.stringify([...corpus(seed, 200_000, 100_000)]);
    expect(of(5)).toBe(of(5));
    expect(of(5)).not.toBe(of(6));
  });

  test('has something planted in about one record of thirty', () => {
    const records = [...corpus(8, 2_000_000, 2_000_000)].flat();
    const share = records.filter(({ planted }) => planted !== undefined).length / records.length;
    expect(share).toBeGreaterThan(1 / 45);
    expect(share).toBeLessThan(1 / 20);
  });

  test('has every class in every form, and each is readable before clearing', () => {
    const seen = new Map<string, Set<string>>();
    for (const { record, planted } of canaryCorpus(9, 2)) {
      if (planted === undefined) throw new Error('a record without a canary');
      expect([planted.canary.id, planted.form, leaks(strings(record.body), planted.traces)]).toEqual([
        planted.canary.id,
        planted.form,
        true,
      ]);
      seen.set(planted.canary.id, (seen.get(planted.canary.id) ?? new Set()).add(planted.form));
    }
    expect(seen.size).toBeGreaterThanOrEqual(38);
    for (const forms of seen.values()) expect([...forms]).toEqual([...FORMS]);
  });
});
