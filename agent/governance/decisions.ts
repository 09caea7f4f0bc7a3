import type { Logger } from '../../connectors/sdk/index.ts';
import type { Decision } from '../../evidence/store/governance.ts';
import type { Store } from '../../evidence/store/store.ts';
import { errorFields } from '../telemetry/logger.ts';

/** Different reasons are a few dozen; what is beyond that comes from somewhere it should not. */
const MAX_REASONS = 1_000;

/**
 * The decision log as runs write it: counted by the store, off the path of the records. Reasons are our own words and
 * are scanned all the same: some name rights and streams as the source does.
 */
export function countDecisions(
  store: Pick<Store, 'governance'>,
  scrub: (text: string) => string,
  logger: Logger,
): { note(decision: Decision): void } {
  const clean = new Map<string, string>();
  const reasonOf = (reason: string): string => {
    const known = clean.get(reason) ?? scrub(reason);
    if (clean.size < MAX_REASONS) clean.set(reason, known);
    return known;
  };
  return {
    note: (decision) => {
      store.governance
        .recordDecision({ ...decision, reason: reasonOf(decision.reason) })
        .catch((error: unknown) => logger.error('a decision could not be counted', errorFields(error)));
    },
  };
}
