import type { Detector } from '../detectors/detector.ts';
import { makeMatcher } from './matcher.ts';
import type { PatternSpec } from './pattern.ts';
import { wakeOf } from './wake.ts';

/** The detector of a pattern in which `checkPattern` finds no problem; of one that can not be woken it finds nothing. */
export function compilePattern(spec: PatternSpec): Detector {
  const match = makeMatcher(spec);
  return {
    id: spec.id,
    title: spec.title,
    docs: spec.description ?? 'a pattern of the policy',
    net: spec.net,
    ...(wakeOf(spec) ?? { keywords: [], shapes: [] }),
    patterns: [],
    find: (text) => match(text),
  };
}
