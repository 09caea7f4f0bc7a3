import type { Detector } from './detectors/detector.ts';
import { makeRunReader } from './detectors/runs.ts';
import { HIT, indexKeywords, type Keyword } from './redact-gate-keywords.ts';
import { lineCrossing } from './redact-gate-lines.ts';
import { runShapes } from './redact-gate-shapes.ts';
import { signShapes } from './redact-gate-signs.ts';
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

  return function gate(text) {
    waking.begin(text);
    const { table, length } = index.find(text);
    for (let at = 0; at < length; at += HIT) {
      waking.keyword(index.keywords[table[at + 1] as number] as Keyword, table[at] as number);
    }
    const runs = readRuns(text);
    return waking.end(runShapes(text, runs, waking.wanted) | signShapes(text, runs, isWrapped), runs);
  };
}
