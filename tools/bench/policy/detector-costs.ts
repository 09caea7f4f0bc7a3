import type { Detector, Net } from '../../../policies/detectors/detector.ts';
import { DETECTORS } from '../../../policies/detectors/index.ts';
import { makeScanner } from '../../../policies/redact.ts';
import { print } from '../measure.ts';
import type { Piece } from './piece.ts';

/** The most expensive ones are told. */
const TOLD = 8;

interface Cost {
  milliseconds: number;
  calls: number;
  /** Calls that found nothing. */
  vain: number;
}

/** Which detectors take the time: those that are woken by ordinary text, and those that read slowly. */
export function printDetectorCosts({ texts, names }: Piece): void {
  printCosts('text', texts, 'free text');
  printCosts('all', names, 'kept values');
}

function printCosts(net: Net, texts: readonly string[], of: string): void {
  const costs = new Map<string, Cost>();
  const scanner = makeScanner(
    DETECTORS.map((detector) => counted(detector, costs)),
    net,
  );
  for (const text of texts) scanner.hasFinding(text);
  costs.clear();
  for (const text of texts) scanner.hasFinding(text);
  const dearest = [...costs].sort(([, a], [, b]) => b.milliseconds - a.milliseconds).slice(0, TOLD);
  for (const [id, { milliseconds, calls, vain }] of dearest) {
    print({
      name: `policy.detectors.cost.${net}.${id}`,
      value: (1e6 * milliseconds) / texts.length,
      unit: 'ns a text',
      note: `${of}: woken by ${calls} of ${texts.length}, ${vain} times for nothing`,
    });
  }
}

function counted(detector: Detector, costs: Map<string, Cost>): Detector {
  return {
    ...detector,
    find(text, starts, runs) {
      const cost = costs.get(detector.id) ?? { milliseconds: 0, calls: 0, vain: 0 };
      costs.set(detector.id, cost);
      const startedAt = performance.now();
      const spans = [...detector.find(text, starts, runs)];
      cost.milliseconds += performance.now() - startedAt;
      cost.calls += 1;
      if (spans.length === 0) cost.vain += 1;
      return spans;
    },
  };
}
