import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRunReader, RUN, type Runs } from './detectors/runs.ts';
import { CLASS_BITS, classOf, GRAM_MASK } from './redact-gate-grams.ts';
import { kindOf } from './redact-gate-kinds.ts';
import { GRAM_PAIR, type GramPass, LONGEST_TEXT, makeOwnPass, passOver } from './redact-gate-pass.ts';

// Signs and letters of all kinds, what is outside ASCII in one byte, and what needs two.
const unit = fc.constantFrom(
  ..."azAZgG09 -_.:@'%\\&=/\n\t".split(''),
  '\u007f',
  '\u00e9',
  '\u0660',
  '\ud83d',
);
const text = fc.string({ unit, maxLength: 90 });

/** The same for every order of the texts: nothing of one is left in what is seen of the next. */
const texts = fc.array(text, { minLength: 1, maxLength: 6 });

const every = new Int32Array((GRAM_MASK + 1) >>> 5).fill(-1);

function runsOf({ table, length, firstForeign, lastForeign }: Runs) {
  const runs = Array.from({ length: length / RUN }, (_, run) => [
    table[run * RUN],
    table[run * RUN + 1],
    (table[run * RUN + 2] ?? 0) & 0x1e0,
  ]);
  return { runs, firstForeign, lastForeign };
}

function gramsOf({ grams, gramCount }: GramPass) {
  return [...grams.subarray(0, gramCount)];
}

/** The last five classes up to each place, and what is left of a sixth. */
function classesAt(one: string): number[] {
  let classes = 0;
  return one.split('').flatMap((character, at) => {
    classes = (classes << CLASS_BITS) | classOf(character.charCodeAt(0));
    return [at, classes];
  });
}

describe('a pass', () => {
  it('sees the runs that a reader of runs sees, the signs, and the kinds of characters', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const read = makeRunReader();
        for (const one of all) {
          const { runs, signs, signCount, kinds, length } = passOver(one, every);
          const codes = one.split('').map((character) => character.charCodeAt(0));
          expect(length).toBe(one.length);
          expect(runsOf(runs)).toEqual(runsOf(read(one)));
          expect([...signs.subarray(0, signCount)]).toEqual(
            codes.flatMap((code, at) => (kindOf(code) === 0 || (code >= 0x30 && code <= 0x39) ? [] : [at])),
          );
          expect(kinds).toBe(codes.reduce((seen, code) => seen | kindOf(code), 0));
        }
      }),
    );
  });

  it('marks the grams that are looked for, and no others', () => {
    fc.assert(
      fc.property(texts, fc.integer(), (all, bits) => {
        const filed = every.map((_, word) => Math.imul(word + 1, bits));
        const own = makeOwnPass(filed);
        for (const one of all) {
          const expected = classesAt(one).flatMap((classes, at, list) => {
            const isFiled =
              at % GRAM_PAIR === 1 && ((filed[(classes & GRAM_MASK) >>> 5] ?? 0) >>> classes) & 1;
            return isFiled === 1 ? [list[at - 1], classes] : [];
          });
          expect(gramsOf(passOver(one, filed))).toEqual(expected);
          expect(gramsOf(own(one))).toEqual(expected);
        }
      }),
    );
  });

  it('leaves what another has seen as it is when it is one of its own', () => {
    const seen = passOver('one two', every);
    makeOwnPass(every)('quite another text');
    expect(runsOf(seen.runs).runs.map(([start, end]) => [start, end])).toEqual([
      [0, 3],
      [4, 7],
    ]);
  });

  it('refuses what there is no room for', () => {
    const longest = 'ab '.repeat(LONGEST_TEXT / 3);
    expect(passOver(longest, every).runs.length).toBe((RUN * LONGEST_TEXT) / 3);
    expect(() => passOver(`${longest}a`, every)).toThrow('too long');
  });
});
