import type { Timestamp } from '../connectors/sdk/index.ts';
import type { Ledger } from './ledger.ts';
import { type SignedReceipt, signReceipt } from './receipt.ts';
import type { SigningKeys } from './sign/signer.ts';
import type { ExpiryRule } from './store/governance.ts';
import type { Store } from './store/store.ts';

export interface RetentionDeps {
  readonly store: Pick<Store, 'retention'>;
  readonly ledger: Pick<Ledger, 'saveReceipt'>;
  readonly keys: SigningKeys;
  readonly tenant: string;
  readonly agent: { readonly name: string; readonly version: string };
  readonly now: () => Timestamp;
}

/**
 * Lets evidence expire by these rules and signs what went, together with what an earlier pass removed that did not get
 * to its receipt. Null when nothing expired. One pass at a time. Throws EvidenceError.
 */
export async function expireEvidence(
  deps: RetentionDeps,
  rules: readonly ExpiryRule[],
  said: { readonly by: string; readonly reason: string },
): Promise<SignedReceipt | null> {
  const { store, ledger, keys, tenant, agent, now } = deps;
  await store.retention.expire(rules, now());
  const sum = await store.retention.expiryToReceipt();
  if (sum === null) return null;
  const { through, ...counts } = sum;
  const receipt = {
    schema: 'exhibit.receipt/v1',
    kind: 'expiry',
    tenant,
    agent,
    createdAt: now(),
    ...said,
    rules: rules.map(({ classes, streams, olderThan }) => ({
      ...(classes === undefined ? {} : { classes: [...classes] }),
      ...(streams === undefined ? {} : { streams: [...streams] }),
      olderThan,
    })),
    ...counts,
  } as const;
  return ledger.saveReceipt((head) => signReceipt(receipt, { keys, head }), { expiredThrough: through });
}
