import type { Detector } from '../../../policies/detectors/detector.ts';

/**
 * What most redactors do: every rule searches every text. Built of the detectors' own expressions; where a detector
 * reads by hand from a fixed prefix, of the prefix and what may follow it.
 */
export function regExpLoop(detectors: readonly Detector[]): (text: string) => number {
  const patterns = detectors.flatMap(searches);
  return (text) => {
    let found = 0;
    for (const pattern of patterns) {
      pattern.lastIndex = 0;
      if (pattern.test(text)) found += 1;
    }
    return found;
  };
}

function searches({ patterns, keywords }: Detector): RegExp[] {
  const own = patterns.filter(({ flags }) => flags.includes('g'));
  if (own.length > 0) return own.map(({ source, flags }) => new RegExp(source, flags.replace('d', '')));
  if (keywords.length > 0)
    return keywords.map((keyword) => new RegExp(`${escaped(keyword)}[\\w.+/=-]{8,255}`, 'gi'));
  return patterns.map(
    ({ source, flags }) => new RegExp(unanchored(source), `${flags.replaceAll(/[dgy]/g, '')}g`),
  );
}

function escaped(literal: string): string {
  return literal.replaceAll(/[^a-z0-9]/gi, String.raw`\$&`);
}

function unanchored(source: string): string {
  return source.replace(/^\^/, '').replace(/\$$/, '');
}
