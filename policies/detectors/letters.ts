/** ASCII digits; a place outside the text has none. */
export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** ASCII letters. */
export function isLetterAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32;
  return code >= 0x61 && code <= 0x7a;
}

/** What may be a capital: those of ASCII, and everything outside it. */
export function isCapitalAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 0x41 && code <= 0x5a) || code > 127;
}

/** What may be a letter: those of ASCII, and everything outside it. */
export function isWordAt(text: string, at: number): boolean {
  return isLetterAt(text, at) || text.charCodeAt(at) > 127;
}
