import { isHexDigit } from './ascii.ts';
import { signOf } from './detectors/runs.ts';
import { FOLDS, FOLDS_BESIDE_ASCII, JUDGEMENTS } from './redact-characters.ts';
import {
  AT_THEN_DOT,
  COLONS,
  FOREIGN,
  HEX_GROUPS,
  HIDING,
  NEWLINE,
  QUOTED,
  USER_IN_URL,
  WRAPPED,
} from './redact-gate-bits.ts';
import {
  HAS_AT,
  HAS_COLON,
  HAS_DOT,
  HAS_FOREIGN,
  HAS_HIDING,
  HAS_LINE_FEED,
  HAS_QUOTE,
  kindOf,
} from './redact-gate-kinds.ts';
import type { Pass } from './redact-gate-pass.ts';

/** From colon to colon of a network address; of two with more between than times of day have, and of six in any case. */
const COLON_GAP = 5;
const LONG_GAP = 4;
const MANY_COLONS = 6;
/** From colon to colon of a hardware address, and how many colons the shortest one has. */
const PAIR = 3;
const PAIRS = 5;
/** Letters and digits before a quote that is one and no apostrophe: at most as many as those of `E'`, `U&'`. */
const QUOTE_PREFIX = 2;

const DOT = 0x2e;
/** From dot to dot of a hardware address. */
const DOT_GAP = 5;

/** For each byte of a pass its kind. */
const KINDS = Uint8Array.from({ length: 256 }, (_, code) => kindOf(code));

/** The kinds without which there is nothing to see for who waits for these shapes. */
export function kindsFor(wanted: number): number {
  return (
    HAS_LINE_FEED |
    HAS_HIDING |
    ((wanted & (AT_THEN_DOT | USER_IN_URL)) === 0 ? 0 : HAS_AT) |
    ((wanted & QUOTED) === 0 ? 0 : HAS_QUOTE) |
    ((wanted & COLONS) === 0 ? 0 : HAS_COLON) |
    ((wanted & HEX_GROUPS) === 0 ? 0 : HAS_COLON | HAS_DOT)
  );
}

/** What the signs say that a pass has come by; `isWrapped` is asked at line breaks until it says yes. */
export function signShapes(
  text: string,
  { bytes, signs, signCount, kinds }: Pass,
  isWrapped: (text: string, lineFeed: number) => boolean,
): number {
  let shapes = (kinds & HAS_FOREIGN) === 0 ? 0 : FOREIGN;
  let lastColon = -COLON_GAP - 1;
  let colons = 0;
  let pairs = 0;
  let lastAt = -1;
  for (let sign = 0; sign < signCount; sign++) {
    const at = signs[sign] as number;
    const kind = KINDS[bytes[at] as number] as number;
    if ((kind & HAS_HIDING) !== 0) {
      if ((shapes & HIDING) === 0 && isHiding(text, at, text.charCodeAt(at))) shapes |= HIDING;
    } else if (kind === HAS_DOT) {
      if (lastAt !== -1) shapes |= AT_THEN_DOT;
      if (at >= DOT_GAP && bytes[at - DOT_GAP] === DOT && isBetweenGroups(text, at)) shapes |= HEX_GROUPS;
    } else if (kind === HAS_COLON) {
      const gap = at - lastColon;
      colons = gap <= COLON_GAP ? colons + 1 : 1;
      pairs = gap === PAIR ? pairs + 1 : 1;
      if (gap === 1 || (gap >= LONG_GAP && gap <= COLON_GAP) || colons === MANY_COLONS) shapes |= COLONS;
      if (pairs === PAIRS) shapes |= HEX_GROUPS;
      lastColon = at;
    } else if (kind === HAS_QUOTE) {
      if ((shapes & QUOTED) === 0 && !isApostrophe(bytes, at)) shapes |= QUOTED;
    } else if (kind === HAS_AT) {
      if (lastAt === -1 && text.lastIndexOf('//', at) !== -1) shapes |= USER_IN_URL;
      lastAt = at;
    } else {
      shapes |= NEWLINE;
      if ((shapes & WRAPPED) === 0 && isWrapped(text, at)) shapes |= WRAPPED;
    }
  }
  return shapes;
}

/** More letters and digits before it than the prefix of a quoted text has. */
function isApostrophe(bytes: Uint8Array, at: number): boolean {
  if (at <= QUOTE_PREFIX) return false;
  for (let before = at - QUOTE_PREFIX - 1; before < at; before++) {
    if (signOf(bytes[before] as number) === 0) return false;
  }
  return true;
}

/** A dot, with another five characters before it. */
function isBetweenGroups(text: string, at: number): boolean {
  return isHexGroup(text, at - 4) && isHexGroup(text, at + 1);
}

function isHexGroup(text: string, at: number): boolean {
  for (let digit = at; digit < at + 4; digit++) if (!isHexDigit(text.charCodeAt(digit))) return false;
  return true;
}

/** Whether the character begins an escape, or stands for another. */
function isHiding(text: string, at: number, code: number): boolean {
  if (code < 0x20 || code === 0x7f) return true;
  const after = text.charCodeAt(at + 1);
  if (code === 0x25) return isHexDigit(after) && isHexDigit(text.charCodeAt(at + 2));
  if (code === 0x5c) return ESCAPED[after] === 1;
  if (code === 0x26) return after === 0x23 || ENTITY[after] === 1;
  if (code === 0x3d)
    return isHexDigit(after) && text.charCodeAt(at + 3) === 0x3d && isHexDigit(text.charCodeAt(at + 4));
  const judgement = JUDGEMENTS[code];
  if (judgement === FOLDS_BESIDE_ASCII) return isGraphic(text.charCodeAt(at - 1)) || isGraphic(after);
  return judgement === FOLDS && !isPictograph(code, after);
}

const ESCAPED = members('ux"\'`/nrtbf\\0123');
/** First letters of the references that are known by name. */
const ENTITY = members('algqcep');

function members(characters: string): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) =>
    characters.includes(String.fromCharCode(code)) ? 1 : 0,
  );
}

function isGraphic(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** The block of enclosed letters ends with the signs that flags are made of; pictographs follow. */
function isPictograph(code: number, low: number): boolean {
  return code === 0xd83c && (low >= 0xdde6 || low < 0xdd00);
}
