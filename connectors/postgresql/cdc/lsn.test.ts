import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lsnText, parseLsn } from './lsn.ts';

it('reads back every position that it writes, and nothing else', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (position) => {
      expect(parseLsn(lsnText(position))).toBe(position);
    }),
  );
  expect(lsnText(0x16_b374_d848n)).toBe('16/B374D848');
  for (const wrong of [null, 7, '', '16', '16/', '16/b374d848', '1/123456789', '0/1; SELECT 1'])
    expect(parseLsn(wrong)).toBeNull();
});
