import { envelopes } from '../../../evidence/envelope.ts';
import type { Envelope } from '../../../evidence/item.ts';
import { type Gate, isWithheld } from '../../../policies/clear.ts';
import type { Cleared } from '../../../policies/cleared.ts';
import { NOW } from './streams.ts';

export function cleared(
  gate: Gate,
  record: Parameters<Gate['clear']>[0],
  read: Parameters<Gate['clear']>[1],
): Cleared {
  const result = gate.clear(record, read, NOW);
  if (isWithheld(result)) throw new Error(`withheld: ${result.withheld} ${result.stream}`);
  return result;
}

const BATCH_SIZE = 1_000;

/** In batches, as a run makes them. */
export function envelop(records: readonly Cleared[]): Envelope[] {
  const made: Envelope[] = [];
  for (let from = 0; from < records.length; from += BATCH_SIZE) {
    made.push(...envelopes(records.slice(from, from + BATCH_SIZE), RUN, BATCH));
  }
  return made;
}

const DIGEST = `sha256:${'0'.repeat(64)}`;
const RUN = {
  tenant: 'bench',
  connection: 'bench',
  connector: 'bench@1.0.0',
  read: 'bench',
  readDigest: DIGEST,
  run: '2f4b5c1e-1111-4222-8333-444455556666',
  policy: { digest: DIGEST, version: 'standard@1' },
};
const BATCH = {
  observedAt: NOW,
  completeness: { state: 'complete', read: 1_000, expected: null, reason: null },
  cost: { durationMs: 8, rows: 12, bytes: 2_214, calls: 1 },
} as const;
