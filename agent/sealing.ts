import type { Clock, Window } from '../connectors/sdk/index.ts';
import type { ListedConnection, Range } from '../evidence/account/account.ts';
import type { PrivilegeAccount } from '../evidence/account/schema.ts';
import type { Timestamping } from '../evidence/attest.ts';
import type { Head } from '../evidence/chain.ts';
import type { Envelope } from '../evidence/item.ts';
import type { SealWith } from '../evidence/ledger.ts';
import { countItems, type EvidenceScope, type ManifestAgent } from '../evidence/manifest.ts';
import { type SealContext, type Sealed, type SealKeys, seal } from '../evidence/seal.ts';

export interface SealingDeps {
  readonly tenant: string;
  readonly agent: ManifestAgent;
  /** The policy in force when a bundle is made; a batch of a run is sealed with the one it was cleared by. */
  readonly policy: () => PolicyName;
  /** What is known of the rights of a connection's account. */
  readonly privileges: (connection: string) => PrivilegeAccount | null;
  readonly keys: SealKeys;
  /** For the manifests of these purposes. */
  readonly timestamp?: { readonly purposes: readonly SealContext['purpose'][]; readonly ask: Timestamping };
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
  /** An incident's items. */
  bundle(envelopes: readonly Envelope[], head: Head, of: BundleOf): Promise<Sealed>;
}

/** What a bundle is about besides its items. */
export interface BundleOf {
  readonly window: Window;
  readonly scope: EvidenceScope;
  readonly configured: readonly ListedConnection[];
  /** The numbers that it accounts for. */
  readonly range: Range;
  /** Digests of what was read out of the items. */
  readonly parts: Readonly<Record<string, string>>;
}

export function makeSealing(deps: SealingDeps): Sealing {
  const { tenant, agent, policy, privileges, keys, timestamp, clock } = deps;
  const common = ({ digest, version }: PolicyName, purpose: SealContext['purpose']) => ({
    tenant,
    agent,
    purpose,
    policy: { digest, version },
    privileges,
    createdAt: clock.now().toISOString(),
    keys,
    ...(timestamp?.purposes.includes(purpose) === true ? { timestamp: timestamp.ask } : {}),
  });
  return {
    run: (fresh, head) =>
      seal(fresh, {
        ...common(fresh[0]?.item.provenance.policy ?? policy(), 'run'),
        head,
        window: spanOf(fresh, clock),
        counts: countsOf(fresh),
      }),
    bundle: (envelopes, head, of) =>
      seal(envelopes, {
        ...common(policy(), 'bundle'),
        ...of,
        head,
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
