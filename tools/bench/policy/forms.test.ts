import { describe, expect, test } from 'vitest';
import { disguise, FORMS, type Form, leaks } from './forms.ts';
import { makeRandom } from './random.ts';

const CANARY = { fragment: 'token=Zq8-Lm4-Xw2-Rt6-Vb9', value: 'Zq8-Lm4-Xw2-Rt6-Vb9' };

function disguised(form: Form) {
  return disguise(form, CANARY, 'could not connect with {} after 3 attempts', makeRandom(7));
}

describe('disguise', () => {
  test.each(FORMS)('%s: what was planted counts as a leak while nothing is taken out', (form) => {
    const { parts, traces } = disguised(form);
    expect(leaks(parts, traces)).toBe(true);
  });

  test.each(FORMS)('%s: nothing leaks when all of it is gone', (form) => {
    expect(leaks(['could not connect with [REDACTED:token] after 3 attempts'], disguised(form).traces)).toBe(
      false,
    );
  });

  test('seven characters are no leak, eight are', () => {
    const { traces } = disguised('plain');
    expect(leaks(['Zq8-Lm4'], traces)).toBe(false);
    expect(leaks(['Zq8-Lm4-'], traces)).toBe(true);
  });

  test('a value in two fields leaks over their border', () => {
    const { parts, traces } = disguised('split');
    expect(parts).toHaveLength(2);
    expect(leaks(['[REDACTED:x]', parts[1] ?? ''], traces)).toBe(true);
    expect(leaks(['token=Zq8-', 'Lm4- gone'], traces)).toBe(true);
  });

  test('what a limit cut off ends with 60 % of the value', () => {
    expect(disguised('truncated').parts).toEqual(['could not connect with token=Zq8-Lm4-Xw2-']);
  });
});
