import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import { expireEvidence } from '../../evidence/retention.ts';
import type { CompiledPolicy } from '../../policies/compile.ts';
import { type KeyActionDeps, reloadKeyring, rotateWhenDue } from '../secrets/key-actions.ts';
import { expiryRules } from './retention.ts';
import type { Duty } from './upkeep.ts';

export interface DutyDeps extends KeyActionDeps {
  readonly policy: () => CompiledPolicy;
  readonly manifests: readonly ConnectorManifest[];
  /** Takes over what was done to the keys that sign. */
  readonly followKeys: () => Promise<void>;
  /** Age at which the live pseudonym key is replaced, in milliseconds; undefined: only when somebody says so. */
  readonly rotateAfterMs: number | undefined;
}

const KEYRING_EVERY_MS = 5_000;
const HOUR_MS = 3_600_000;
const BY = 'agent';

/** What an agent has to do now and then: follow its keyring, rotate it, and let evidence expire. */
export function dutiesOf(deps: DutyDeps): readonly Duty[] {
  const { policy, manifests, rotateAfterMs } = deps;
  const rotation = {
    name: 'rotate pseudonym keys',
    everyMs: HOUR_MS,
    run: async () => void (await rotateWhenDue(deps, rotateAfterMs ?? Number.POSITIVE_INFINITY, BY)),
  };
  return [
    {
      name: 'follow the keyring',
      everyMs: KEYRING_EVERY_MS,
      run: async () => void (await reloadKeyring(deps)),
    },
    { name: 'follow the signing keys', everyMs: KEYRING_EVERY_MS, run: deps.followKeys },
    ...(rotateAfterMs === undefined ? [] : [rotation]),
    { name: 'let evidence expire', everyMs: HOUR_MS, run: () => expire(deps, policy(), manifests) },
  ];
}

async function expire(
  deps: DutyDeps,
  policy: CompiledPolicy,
  manifests: readonly ConnectorManifest[],
): Promise<void> {
  const now = deps.clock.now();
  const rules = expiryRules(policy, manifests, now);
  const { store, ledger, keys, tenant, version } = deps;
  if (rules.length === 0) return;
  await expireEvidence(
    { store, ledger, keys, tenant, agent: { name: 'exhibit', version }, now: () => now.toISOString() },
    rules,
    { by: BY, reason: `retention of the policy ${policy.version}` },
  );
}
