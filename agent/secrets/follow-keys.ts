import type { Clock } from '../../connectors/sdk/index.ts';
import { payloadBytes } from '../../evidence/dsse.ts';
import type { Ledger } from '../../evidence/ledger.ts';
import type { Store } from '../../evidence/store/store.ts';
import { type KeyHistory, keyHistoryStatement } from '../../evidence/trust/key-history.ts';
import type { StoredHistory } from './history-file.ts';
import type { AgentKeys } from './keys.ts';

export interface FollowDeps {
  readonly keys: AgentKeys;
  readonly ledger: Pick<Ledger, 'between'>;
  readonly store: Pick<Store, 'governance'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Takes over what `exhibit keys rotate` and `revoke` did while the agent runs, between two manifests, and puts it into the
 * audit trail, which that command could not write to. Says whether anything had changed. Throws like `AgentKeys.reload`.
 */
export async function followSigningKeys({ keys, ledger, store, clock }: FollowDeps): Promise<boolean> {
  const known = keys.history.history.sequence;
  if (!(await keys.reload((swap) => ledger.between(swap)))) return false;
  const changes = versionsOf(keys.history).filter(({ sequence }) => sequence > known);
  for (const { change, createdAt, sequence } of changes) {
    if (change.kind === 'accept') continue;
    await store.governance.appendAudit({
      at: clock.now().toISOString(),
      actor: change.by,
      action: `keys.${change.kind}`,
      target: change.keyId,
      outcome: 'done',
      detail: { signedAt: createdAt, version: sequence },
    });
  }
  return true;
}

/** Oldest first. What stands in a `StoredHistory` was verified when it was read. */
export function versionsOf({ versions }: Pick<StoredHistory, 'versions'>): readonly KeyHistory[] {
  return versions.map(({ dsseEnvelope }) => {
    const statement = JSON.parse(Buffer.from(payloadBytes(dsseEnvelope)).toString('utf8')) as unknown;
    return keyHistoryStatement.parse(statement).predicate;
  });
}
