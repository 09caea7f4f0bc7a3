import { describe, expect, it } from 'vitest';
import { isCapital, isDigit, isHexDigit, isLetter, isLetterOrDigit, isSmall } from './ascii.ts';

const KINDS = [
  ['isDigit', isDigit, /^[0-9]$/],
  ['isSmall', isSmall, /^[a-z]$/],
  ['isCapital', isCapital, /^[A-Z]$/],
  ['isLetter', isLetter, /^[A-Za-z]$/],
  ['isLetterOrDigit', isLetterOrDigit, /^[A-Za-z0-9]$/],
  ['isHexDigit', isHexDigit, /^[0-9A-Fa-f]$/],
] as const;

describe.each(KINDS)('%s', (_, isOfKind, pattern) => {
  it('says what the class of an expression says, of every code unit', () => {
    for (let code = 0; code <= 0xffff; code++) {
      if (isOfKind(code) !== pattern.test(String.fromCharCode(code))) expect.fail(`differs at ${code}`);
    }
    expect(isOfKind(Number.NaN)).toBe(false);
  });
});
