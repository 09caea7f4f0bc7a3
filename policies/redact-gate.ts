import type { Detector } from './detectors/detector.ts';
import { ANY_DIGITS, CARD, CUT, LONG, PHONE } from './redact-gate-bits.ts';
import { isCutNumber } from './redact-gate-cut.ts';
import { HIT, indexKeywords, type Keyword } from './redact-gate-keywords.ts';
import { HAS_DIGIT } from './redact-gate-kinds.ts';
import { lineCrossing } from './redact-gate-lines.ts';
import { passOver } from './redact-gate-pass.ts';
import { eachLongWord, hasLongWord, runShapes } from './redact-gate-shapes.ts';
import { kindsFor, signShapes } from './redact-gate-signs.ts';
import { makeWaking, type Wake } from './redact-gate-waking.ts';

/** Reads a text; undefined when nothing in it needs a closer look. */
export type Gate = (text: string) => Wake | undefined;

/**
 * Readings without an expression and without an allocation while nothing is found: for all keywords at once (in any
 * case), for the runs of letters and digits, and for the signs between these. Time is linear by construction. Shapes are
 * judged generously: a detector that runs for nothing costs time, one that does not run costs a secret.
 */
export function makeGate(detectors: readonly Detector[]): Gate {
  const index = indexKeywords(detectors.map(({ keywords }) => keywords));
  const isWrapped = lineCrossing(detectors, index);
  const waking = makeWaking(detectors);
  const signs = kindsFor(waking.wanted);
  const wantsNumbers = (waking.wanted & (PHONE | CARD | ANY_DIGITS | CUT)) !== 0;
  const wantsCut = (waking.wanted & CUT) !== 0;

  return function gate(text) {
    waking.begin(text);
    const pass = passOver(text, index.filed);
    const { kinds, runs } = pass;
    const { table, length } = index.find(pass);
    for (let at = 0; at < length; at += HIT) {
      waking.keyword(index.keywords[table[at + 1] as number] as Keyword, table[at] as number);
    }
    const hasNumbers = (kinds & HAS_DIGIT) !== 0 && wantsNumbers;
    let shapes = 0;
    if (hasNumbers || hasLongWord(pass.bytes, pass.length)) shapes |= runShapes(text, runs, waking.wanted);
    if ((shapes & LONG) !== 0) eachLongWord(runs, waking.longWord);
    if (hasNumbers && wantsCut && isCutNumber(text)) shapes |= CUT;
    if ((kinds & signs) !== 0) shapes |= signShapes(text, pass, isWrapped);
    if (shapes === 0 && !waking.isAnybody()) return undefined;
    return waking.end(shapes, runs);
  };
}
