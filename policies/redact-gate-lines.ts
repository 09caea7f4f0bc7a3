import { isDigit } from './ascii.ts';
import type { Detector, Shape } from './detectors/detector.ts';
import {
  CLASS_BITS,
  classInLiteral,
  classOf,
  GRAM,
  GRAM_MASK,
  gramsAround,
  gramsOf,
  packed,
} from './redact-gate-grams.ts';
import { HIT, type KeywordIndex } from './redact-gate-keywords.ts';
import { makeOwnPass } from './redact-gate-pass.ts';
import { CARD_DIGITS, isLetterOrDigit, LONG_WORD } from './redact-gate-shapes.ts';
import { endOfLine, mayGoOn, startOfNext } from './unwrap.ts';

const LONGEST_KEYWORD = 32;

/** Whether a keyword of a detector that looks over line breaks shows when the break at the line feed is left out. */
export function lineCrossing(
  detectors: readonly Detector[],
  index: KeywordIndex,
): (text: string, lineFeed: number) => boolean {
  const wraps = (index: number) => detectors[index]?.wraps === true;
  const waitsFor = (shape: Shape) => detectors.some(({ wraps, shapes }) => wraps && shapes.includes(shape));
  const hasLongWords =
    waitsFor('long-word') || detectors.some(({ wraps, longWords }) => wraps && (longWords ?? []).length > 0);
  const hasCards = waitsFor('card-digits');
  const passOver = makeOwnPass(index.filed);
  const grams = gramsIn(detectors.filter(({ wraps }) => wraps).flatMap(({ keywords }) => keywords));

  /** Whether one goes over the place where the ends of two lines meet. */
  function isOver(joined: string, place: number): boolean {
    const { table, length } = index.find(passOver(joined));
    for (let at = 0; at < length; at += HIT) {
      const end = table[at] as number;
      const keyword = index.keywords[table[at + 1] as number];
      if (end > place && keyword !== undefined && end - keyword.length < place && keyword.sets.some(wraps))
        return true;
    }
    return false;
  }

  return (text, lineFeed) => {
    const before = endOfLine(text, lineFeed);
    const after = startOfNext(text, lineFeed);
    if (!mayGoOn(text, before, after)) return false;
    if (hasLongWords && isLongTogether(text, before, after, isLetterOrDigit, LONG_WORD)) return true;
    if (hasCards && isLongTogether(text, before, after, isDigit, CARD_DIGITS)) return true;
    if (!mayBeOver(grams, text, before, after)) return false;
    const end = text.slice(Math.max(0, before - LONGEST_KEYWORD), before);
    const joined = end + text.slice(after, after + LONGEST_KEYWORD);
    return isOver(joined, end.length);
  };
}

/** A bit for each three characters in a row of a keyword; where it has only two, any may be the third. */
function gramsIn(keywords: readonly string[]): Int32Array {
  const grams = new Int32Array((GRAM_MASK + 1) >>> 5);
  for (const keyword of keywords) {
    if (keyword.length < 2) continue;
    const classes = [...keyword].map(classInLiteral);
    for (const gram of classes.length < GRAM ? gramsAround(classes) : gramsOf(classes)) {
      grams[gram >>> 5] = (grams[gram >>> 5] as number) | (1 << gram);
    }
  }
  return grams;
}

/** Most ends of lines make no three characters of a keyword with what follows. */
function mayBeOver(grams: Int32Array, text: string, before: number, after: number): boolean {
  const pair = packed([classAt(text, before - 1), classAt(text, after)]);
  const behind = (pair << CLASS_BITS) | classAt(text, after + 1);
  const front = (classAt(text, before - 2) << (2 * CLASS_BITS)) | pair;
  return (
    ((((grams[front >>> 5] as number) >>> front) | ((grams[behind >>> 5] as number) >>> behind)) & 1) === 1
  );
}

function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (CLASS_OF[code] as number) : 0;
}

const CLASS_OF = Uint8Array.from({ length: 128 }, (_, code) => classOf(code));

/** Whether what ends before the break and what starts after it are together that long. */
function isLongTogether(
  text: string,
  before: number,
  after: number,
  isPart: (code: number) => boolean,
  length: number,
): boolean {
  let start = before;
  while (start > before - length && isPart(text.charCodeAt(start - 1))) start--;
  if (start === before) return false;
  let end = after;
  while (end < after + length && isPart(text.charCodeAt(end))) end++;
  return end > after && before - start + end - after >= length;
}
