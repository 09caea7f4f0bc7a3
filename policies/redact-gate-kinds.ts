/** What a text holds of each kind of character that is looked at by itself, as bits. */
export const HAS_AT = 1;
export const HAS_QUOTE = 2;
export const HAS_DOT = 4;
export const HAS_COLON = 8;
export const HAS_LINE_FEED = 16;
/** What may begin an escape or stand for something else. */
export const HAS_HIDING = 32;
export const HAS_DIGIT = 64;
/** Outside ASCII, where anything may stand for something else. */
export const HAS_FOREIGN = 128;

/** Of a UTF-16 code unit; 0 for most. */
export function kindOf(code: number): number {
  if (code > 127) return HAS_FOREIGN | HAS_HIDING;
  const character = String.fromCharCode(code);
  const sign = "@'.:\n".indexOf(character);
  if (sign !== -1) return 1 << sign;
  if (character >= '0' && character <= '9') return HAS_DIGIT;
  const isControl = code === 0x7f || (code < 0x20 && !'\t\r'.includes(character));
  return isControl || '%\\&='.includes(character) ? HAS_HIDING : 0;
}
