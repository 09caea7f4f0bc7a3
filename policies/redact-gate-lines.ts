import type { Detector, Shape } from './detectors/detector.ts';
import { HIT, type KeywordIndex } from './redact-gate-keywords.ts';
import { CARD_DIGITS, isDigit, isLetterOrDigit, LONG_WORD } from './redact-gate-shapes.ts';
import { endOfLine, mayGoOn, startOfNext } from './unwrap.ts';

const LONGEST_KEYWORD = 32;

/** Whether a keyword of a detector that looks over line breaks shows when the break at the line feed is left out. */
export function lineCrossing(
  detectors: readonly Detector[],
  index: KeywordIndex,
): (text: string, lineFeed: number) => boolean {
  const wraps = (index: number) => detectors[index]?.wraps === true;
  const waitsFor = (shape: Shape) => detectors.some(({ wraps, shapes }) => wraps && shapes.includes(shape));
  const hasLongWords = waitsFor('long-word');
  const hasCards = waitsFor('card-digits');

  /** Whether one goes over the place where the ends of two lines meet. */
  function isOver(joined: string, place: number): boolean {
    const { table, length } = index.find(joined);
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
    const end = text.slice(Math.max(0, before - LONGEST_KEYWORD), before);
    const joined = end + text.slice(after, after + LONGEST_KEYWORD);
    return isOver(joined, end.length);
  };
}

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
