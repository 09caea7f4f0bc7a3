import type { Detector } from './detectors/detector.ts';
import { makeRunReader } from './detectors/runs.ts';
import { ANY_DIGITS, CARD, CUT, PHONE } from './redact-gate-bits.ts';
import { isCutNumber } from './redact-gate-cut.ts';
import { HIT, indexKeywords, type Keyword } from './redact-gate-keywords.ts';
import { lineCrossing } from './redact-gate-lines.ts';
import { hasLongWord, runShapes } from './redact-gate-shapes.ts';
import { HAS_DIGIT, kindsFor, signShapes } from './redact-gate-signs.ts';
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
  const readRuns = makeRunReader();
  const waking = makeWaking(detectors);
  const signs = kindsFor(waking.wanted);
  const wantsNumbers = (waking.wanted & (PHONE | CARD | ANY_DIGITS | CUT)) !== 0;
  const wantsCut = (waking.wanted & CUT) !== 0;

  return function gate(text) {
    waking.begin(text);
    const { table, length, kinds } = index.find(text);
    for (let at = 0; at < length; at += HIT) {
      waking.keyword(index.keywords[table[at + 1] as number] as Keyword, table[at] as number);
    }
    const hasSigns = (kinds & signs) !== 0;
    const hasRuns = ((kinds & HAS_DIGIT) !== 0 && wantsNumbers) || hasLongWord(text);
    // Names and values mostly hold nothing that anybody waits for.
    if (!hasSigns && !hasRuns && !waking.isAnybody()) return undefined;
    const runs = readRuns(text);
    let inRuns = hasRuns ? runShapes(text, runs, waking.wanted) : 0;
    if (hasRuns && wantsCut && isCutNumber(text)) inRuns |= CUT;
    return waking.end(hasSigns ? inRuns | signShapes(text, runs, isWrapped) : inRuns, runs);
  };
}
