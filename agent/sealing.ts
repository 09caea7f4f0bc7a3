import type { Clock, Window } from '../connectors/sdk/index.ts';
import type { Envelope } from '../evidence/item.ts';
import type { SealWith } from '../evidence/ledger.ts';
import { countItems } from '../evidence/manifest.ts';
import { type Sealed, type SealKeys, seal } from '../evidence/seal.ts';
import type { ChainHead } from '../evidence/store/store.ts';

export interface SealingDeps {
  readonly tenant: string;
  readonly version: string;
  /** The policy in force when a bundle is made; a batch of a run is sealed with the one it was cleared by. */
  readonly policy: () => PolicyName;
  readonly keys: SealKeys;
  readonly clock: Clock;
}

interface PolicyName {
  readonly digest: string;
  readonly version: string;
}

/** Seals in the name of this agent. */
export interface Sealing {
  /** A batch of a run, over the span of its items. */
  readonly run: SealWith;
  /** An incident's items and the digests of what was read out of them. */
  bundle(
    envelopes: readonly Envelope[],
    head: ChainHead | null,
    of: { readonly window: Window; readonly parts: Readonly<Record<string, string>> },
  ): Promise<Sealed>;
}

export function makeSealing({ tenant, version, policy, keys, clock }: SealingDeps): Sealing {
  const common = ({ digest, version: policyVersion }: PolicyName) => ({
    tenant,
    policy: { digest, version: policyVersion },
    agent: { name: 'exhibit', version },
    createdAt: clock.now().toISOString(),
    keys,
  });
  return {
    run: (fresh, head) =>
      seal(fresh, {
        ...common(fresh[0]?.item.provenance.policy ?? policy()),
        purpose: 'run',
        head,
        window: spanOf(fresh, clock),
        counts: countsOf(fresh),
      }),
    bundle: (envelopes, head, { window, parts }) =>
      seal(envelopes, {
        ...common(policy()),
        purpose: 'bundle',
        head,
        window,
        parts,
        counts: countsOf(envelopes),
      }),
  };
}

function countsOf(envelopes: readonly Envelope[]) {
  const items = envelopes.map(({ item }) => item);
  return countItems(items, { denied: items.filter((item) => item.class === 'refusal').length });
}

function spanOf(envelopes: readonly Envelope[], clock: Clock): Window {
  const now = clock.now().toISOString();
  let [from, to] = [envelopes[0]?.item.occurredAt ?? now, envelopes[0]?.item.occurredAt ?? now];
  for (const { item } of envelopes) {
    if (item.occurredAt < from) from = item.occurredAt;
    if (item.occurredAt > to) to = item.occurredAt;
  }
  return { from, to };
}
