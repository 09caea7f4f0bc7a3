import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Checksum,
  gs1,
  iban,
  iso7064Mod11And2,
  iso7064Mod11And10,
  iso7064Mod37And36,
  luhn,
  mod11,
  mod97,
  verhoeff,
} from './checksums.ts';

// Published examples: ISO/IEC 7812-1, ISO 17442-1, the IBAN registry, ISO 2108, GS1, the Verhoeff article (236 → 3),
// ISO/IEC 7064, ORCID's own example, and BZSt's example of a tax id.
const RIGHT: readonly (readonly [Checksum, string])[] = [
  [luhn, '79927398713'],
  [luhn, '49015420323751' + '8'],
  [mod97, '5493001KJTIIGC8Y1R12'],
  [iban, 'GB82WEST12345698765432'],
  [iban, 'NO9386011117947'],
  [mod11, '0306406152'],
  [mod11, '080442957X'],
  [gs1, '4006381333931'],
  [gs1, '73513537'],
  [verhoeff, '2363'],
  [verhoeff, '123451'],
  [iso7064Mod11And10, '0794' + '5'],
  [iso7064Mod11And10, '36574261809'],
  [iso7064Mod11And2, '0000000218250097'],
  [iso7064Mod11And2, '000000021694233X'],
  [iso7064Mod37And36, 'A12425GABC1234002M'],
];

describe.each(RIGHT.map(([isRight, number]) => [isRight.name, number, isRight] as const))(
  '%s',
  (_, number, isRight) => {
    it(`accepts ${number}`, () => {
      expect(isRight(number)).toBe(true);
    });

    it('refuses every single digit changed', () => {
      for (let at = 0; at < number.length; at++) {
        for (const digit of '0123456789') {
          const changed = number.slice(0, at) + digit + number.slice(at + 1);
          if (/^[0-9]$/.test(number.charAt(at)) && changed !== number) expect(isRight(changed)).toBe(false);
        }
      }
    });

    it('refuses nothing, zeros, separators and other characters', () => {
      for (const wrong of ['', '0', '0'.repeat(number.length), `${number} `, `${number.slice(0, -1)}ä`]) {
        expect(isRight(wrong)).toBe(false);
      }
    });

    it('accepts one last digit at most', () => {
      fc.assert(
        fc.property(fc.stringMatching(/^[1-9][0-9]{7,20}$/), (stem) => {
          const right = [...'0123456789'].filter((digit) => isRight(stem + digit));
          expect(right.length).toBeLessThanOrEqual(1);
        }),
      );
    });
  },
);
