import { describe, expect, it } from 'vitest';
import { checkCanaries } from './canaries.ts';
import { plantedCanary, plantingRecipes } from './planted.ts';

describe('plantedCanary', () => {
  it('is a prefix and its bytes in base32', () => {
    const bytes = Buffer.from('exhibit canary 1');
    expect(plantedCanary(() => bytes)).toBe(`exhibit-canary-${base32(bytes)}`);
  });

  it('is new each time, and a name wherever it is put', () => {
    const some = Array.from({ length: 100 }, () => plantedCanary());
    expect(new Set(some).size).toBe(100);
    for (const marker of some) expect(marker).toMatch(/^exhibit-canary-[a-z2-7]{26}$/);
    expect(checkCanaries(some.map((value, id) => ({ id: `c${id}`, value })))).toEqual([]);
  });

  it('refuses too few random bytes', () => {
    expect(() => plantedCanary(() => new Uint8Array(15))).toThrow(/16 random bytes, got 15/);
  });
});

/** Bit by bit, as the standard describes it. */
function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

describe('plantingRecipes', () => {
  const marker = plantedCanary();

  it('covers what each source holds', () => {
    const recipes = plantingRecipes(marker);
    const count = (source: string) => recipes.filter((recipe) => recipe.source === source).length;
    expect([count('postgresql'), count('kubernetes'), count('github')]).toEqual([4, 4, 3]);
    expect(new Set(recipes.map(({ source, title }) => source + title)).size).toBe(recipes.length);
  });

  it('has the marker in one command of each', () => {
    for (const { commands } of plantingRecipes(marker)) {
      expect(commands.filter((command) => command.includes(marker))).toHaveLength(1);
    }
  });

  it.each([
    "x'; DROP TABLE a; --",
    'has space12',
    'UPPER-CASE-1',
    'short',
    '$(reboot)-abc',
    'ends-with-dash-',
  ])('refuses %j, which would have to be quoted', (unfit) => {
    expect(() => plantingRecipes(unfit)).toThrow(/lower-case letters, digits/);
  });
});
