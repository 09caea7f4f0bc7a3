import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCase } from './any-case.ts';
import { DETECTORS } from './index.ts';

describe('an expression in any case', () => {
  test.each([
    ['kunde|name', '(?:[kK][uU][nN][dD][eE]|[nN][aA][mM][eE])'],
    ['[a-f0-9]{2}', '(?:[a-f0-9A-F]{2})'],
    ['pa[ _-]?x', '(?:[pP][aA][ _-]?[xX])'],
    ['[oó]n', '(?:[oóOÓ][nN])'],
    ['(?<secret>z)\\b\\p{L}', '(?:(?<secret>[zZ])\\b\\p{L})'],
    ['straße', '(?:[sS][tT][rR][aA]ß[eE])'],
  ])('of %s', (source, expected) => {
    expect(anyCase(source)).toBe(expected);
  });

  test('matches what the flag `i` matches', () => {
    const letters = fc.stringMatching(/^[a-dA-DäÄéÉ-]{1,6}$/);
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, (words, text) => {
        const source = words.join('|');
        expect(new RegExp(`^${anyCase(source)}$`, 'u').test(text)).toBe(
          new RegExp(`^(?:${source})$`, 'iu').test(text),
        );
      }),
    );
  });
});

test('no detector has a modifier in an expression', () => {
  const modified = DETECTORS.filter(({ patterns }) =>
    patterns.some(({ source }) => /\(\?[a-z-]+:/.test(source)),
  );
  expect(modified.map(({ id }) => id)).toEqual([]);
});

describe('without the optimisations that V8 gives up in a process with much code', () => {
  test('every detector finds what it finds with them', () => {
    const run = (...flags: string[]) => {
      const script = join(import.meta.dirname, 'testing', 'find-all.ts');
      const { stdout, stderr } = spawnSync(process.execPath, [...flags, script], { encoding: 'utf8' });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as Record<string, string[]>;
    };
    const found = run();
    expect(Object.values(found).flat().length).toBeGreaterThan(DETECTORS.length);
    expect(run('--no-regexp-optimization')).toEqual(found);
  });
});
