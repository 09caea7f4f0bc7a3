import type { Detector } from './detectors/detector.ts';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner, type Scanner } from './redact.ts';

/** The detectors of one policy, and the two nets made of them. Costly to make: once for each version. */
export interface Scanners {
  readonly detectors: readonly Detector[];
  /** High-precision detectors, over everything that is kept. */
  readonly net: Scanner;
  /** All detectors, over free text that a policy opened. */
  readonly text: Scanner;
}

/** The built-in detectors and those that a policy brings along. */
export function scannersWith(patterns: readonly Detector[]): Scanners {
  return patterns.length === 0 ? builtIn() : scannersOf([...DETECTORS, ...patterns]);
}

/** A constant, made when it is first needed: its tables take a second and some megabytes. */
const builtIn = once(() => scannersOf(DETECTORS));

function scannersOf(detectors: readonly Detector[]): Scanners {
  return { detectors, net: makeScanner(detectors, 'all'), text: makeScanner(detectors, 'text') };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
