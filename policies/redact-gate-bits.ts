import type { Shape } from './detectors/detector.ts';

/** In the order of their bits. */
export const SHAPES: readonly Shape[] = [
  'at-then-dot',
  'user-in-url',
  'quote',
  'colons',
  'phone-digits',
  'card-digits',
  'long-word',
  'hex-groups',
  'any-digits',
  'any-long-word',
  'foreign',
  'cut-number',
];

/** What one reading of a text has seen: the shapes of detectors, and four signs of its own. */
export const AT_THEN_DOT = 1;
export const USER_IN_URL = 2;
export const QUOTED = 4;
export const COLONS = 8;
export const PHONE = 16;
export const CARD = 32;
export const LONG = 64;
export const HEX_GROUPS = 128;
export const ANY_DIGITS = 256;
export const ANY_LONG = 512;
export const FOREIGN = 1024;
export const CUT = 2048;
export const NEWLINE = 4096;
/** A word that may be an encoded text. */
export const ENCODED = 8192;
/** A character that begins an escape or stands for another. */
export const HIDING = 16_384;
/** A secret may be wrapped over two lines. */
export const WRAPPED = 32_768;
