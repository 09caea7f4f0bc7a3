/**
 * Kinds of ASCII characters, by the code of a character or byte. What is none, as the code of a place outside a text
 * (`NaN`), is of no kind.
 */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isSmall(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

export function isCapital(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

export function isLetter(code: number): boolean {
  return isSmall(code | 32);
}

export function isLetterOrDigit(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

/** In any case. */
export function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 32) >= 0x61 && (code | 32) <= 0x66);
}
