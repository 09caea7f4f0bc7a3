import type { Detector } from '../../../policies/detectors/detector.ts';
import { DETECTORS } from '../../../policies/detectors/index.ts';
import { prefixedTokens } from '../../../policies/detectors/prefixed-token.ts';
import { makeScanner } from '../../../policies/redact.ts';
import { print } from '../measure.ts';
import { megabytesOf, type Piece } from './piece.ts';
import { processorSeconds } from './processor-time.ts';

const FEW = 10;
const MANY = 100;
/** Characters of free text that it is measured on. */
const TEXTS = 4_000;
const ROUNDS = 4;

/** How the speed over free text depends on the number of detectors. */
export function benchGrowth({ texts }: Piece): void {
  const sample = texts.slice(0, TEXTS);
  const speed = (detectors: readonly Detector[]) => {
    const scanner = makeScanner(detectors, 'text');
    const scan = () => sample.forEach((text) => scanner.scan(text));
    scan();
    return megabytesOf(sample) / Math.min(...Array.from({ length: ROUNDS }, () => processorSeconds(scan)));
  };
  const step = Math.floor(DETECTORS.length / FEW);
  const few = speed(DETECTORS.filter((_, index) => index % step === 0).slice(0, FEW));
  const many = speed([...DETECTORS, ...padding(MANY - DETECTORS.length)]);
  const note = `${FEW} of the shipped ones against all of them and ${MANY - DETECTORS.length} more`;
  print({ name: 'policy.growth.10', value: few, unit: 'MB/s' });
  print({
    name: 'policy.growth.100',
    value: many,
    unit: 'MB/s',
    limit: '10 detectors',
    ratio: many / few,
    note,
  });
}

/** Detectors of tokens with prefixes of their own, as an organisation would add. */
function padding(count: number): Detector[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `pad-${index}`,
    title: 'Token of the benchmark',
    docs: 'tools/bench',
    net: 'all',
    ...prefixedTokens([
      { issuer: 'bench', prefix: `q${index.toString(36)}x_`, body: 'A-Za-z0-9', min: 30, max: 255 },
    ]),
  }));
}
