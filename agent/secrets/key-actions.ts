import type { Clock, JsonObject } from '../../connectors/sdk/index.ts';
import type { Ledger } from '../../evidence/ledger.ts';
import {
  type Receipt,
  receipt as receiptSchema,
  type SignedReceipt,
  signReceipt,
} from '../../evidence/receipt.ts';
import type { SigningKeys } from '../../evidence/sign/signer.ts';
import type { Store } from '../../evidence/store/store.ts';
import {
  dueForRotation,
  erased,
  type KeyEpoch,
  type Keyring,
  liveEpoch,
  rotated,
} from '../../policies/keyring.ts';
import { AgentError } from '../errors.ts';
import type { KeyringFile } from './keyring-file.ts';

export interface KeyActionDeps {
  readonly keyring: KeyringFile;
  readonly store: Store;
  readonly ledger: Pick<Ledger, 'saveReceipt'>;
  readonly keys: SigningKeys;
  readonly tenant: string;
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Hands every changed keyring to those who make names with it (`SwitchableKeyed.use`). */
  readonly onChange?: (keyring: Keyring) => void;
}

/** A new live epoch, and an entry in the audit trail. Throws AgentError KEY or CONFLICT. */
export async function rotateEpoch(deps: KeyActionDeps, by: string): Promise<KeyEpoch> {
  const epoch = await rotate(deps);
  await audit(deps, 'keys.rotate', by, epoch.id, 'done', {});
  return epoch;
}

/** `rotateEpoch` when the live epoch is older than `maxAge` milliseconds; null when it is not. */
export async function rotateWhenDue(
  deps: KeyActionDeps,
  maxAge: number,
  by: string,
): Promise<KeyEpoch | null> {
  const now = deps.clock.now().toISOString();
  return dueForRotation(deps.keyring.current(), now, maxAge) ? rotateEpoch(deps, by) : null;
}

/**
 * Takes over what was done to the keyring's file from outside: `exhibit keys rotate` works while the agent runs. Says
 * whether anything was. Throws like `KeyringFile.open`; the keyring that was there stays in use then.
 */
export async function reloadKeyring(deps: KeyActionDeps): Promise<boolean> {
  const before = liveEpoch(deps.keyring.current()).id;
  if (!(await deps.keyring.reload())) return false;
  const keyring = deps.keyring.current();
  deps.onChange?.(keyring);
  await audit(deps, 'keys.reload', 'agent', liveEpoch(keyring).id, 'done', { before });
  return true;
}

export interface Erasure {
  readonly epoch: string;
  readonly reason: string;
  /** `os:<user>`, or who the API knows it to be. */
  readonly by: string;
  /** The epoch is the live one: let another take over first. */
  readonly rotate?: boolean;
}

/**
 * Destroys the key of an epoch and signs that it did. An erasure that a crash kept from its receipt gets one when it
 * is asked for again. The process that runs this must be the only one that holds the keyring and the store: the store
 * sees to that, since it opens for one process at a time.
 *
 * Throws AgentError NOT_FOUND, CONFLICT (the live epoch, or one that is erased and has its receipt) or KEY.
 */
export async function eraseEpoch(deps: KeyActionDeps, erasure: Erasure): Promise<SignedReceipt> {
  const { epoch: id, by, reason } = erasure;
  try {
    // Another process may have rotated it since.
    if (await deps.keyring.reload()) deps.onChange?.(deps.keyring.current());
    const before = deps.keyring.current().epochs.find((epoch) => epoch.id === id);
    if (before?.key === null) await refuseSecondReceipt(deps.store, id);
    else await destroy(deps, erasure);
  } catch (error) {
    if (error instanceof AgentError)
      await audit(deps, 'keys.erase', by, id, 'refused', { reason, code: error.code });
    throw error;
  }
  const said = await receiptOf(deps, erasure);
  const receipt = await deps.ledger.saveReceipt((head) => signReceipt(said, { keys: deps.keys, head }));
  await audit(deps, 'keys.erase', by, id, 'done', { reason, receipt: receipt.id });
  return receipt;
}

async function rotate(deps: KeyActionDeps): Promise<KeyEpoch> {
  const keyring = await deps.keyring.change((current) => rotated(current, deps.clock.now().toISOString()));
  deps.onChange?.(keyring);
  return liveEpoch(keyring);
}

/** With `rotate`, in two steps: no name is made any more with a key when it is destroyed. */
async function destroy(deps: KeyActionDeps, { epoch, rotate: takeOver }: Erasure): Promise<void> {
  if (takeOver === true && liveEpoch(deps.keyring.current()).id === epoch) await rotate(deps);
  const keyring = await deps.keyring.change((current) =>
    erased(current, epoch, deps.clock.now().toISOString()),
  );
  deps.onChange?.(keyring);
}

async function receiptOf(deps: KeyActionDeps, { epoch: id, by, reason }: Erasure): Promise<Receipt> {
  const { keyring, store, tenant, version, clock } = deps;
  const epoch = keyring.current().epochs.find((one) => one.id === id);
  if (epoch?.erasedAt === undefined || epoch.retiredAt === undefined)
    throw new AgentError('INTERNAL', 'the epoch is not erased');
  const { createdAt, retiredAt, erasedAt } = epoch;
  return {
    schema: 'exhibit.receipt/v1',
    kind: 'epoch-erasure',
    tenant,
    agent: { name: 'exhibit', version },
    createdAt: clock.now().toISOString(),
    by,
    reason,
    epoch: { id, createdAt, retiredAt, erasedAt },
    items: await store.retention.itemsNamedUnder(id),
  };
}

async function refuseSecondReceipt(store: Store, epoch: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await store.governance.receipts({ limit: 100, ...(cursor === null ? {} : { cursor }) });
    for (const { id, canonical } of page.items) {
      const receipt = receiptSchema.parse(JSON.parse(canonical));
      if (receipt.kind !== 'epoch-erasure' || receipt.epoch.id !== epoch) continue;
      throw new AgentError('CONFLICT', `epoch ${epoch} was erased at ${receipt.epoch.erasedAt}`, {
        hint: `Its receipt is ${id}: exhibit keys receipts`,
      });
    }
    cursor = page.next;
  } while (cursor !== null);
}

function audit(
  { store, clock }: KeyActionDeps,
  action: string,
  actor: string,
  target: string,
  outcome: 'done' | 'refused',
  detail: JsonObject,
): Promise<void> {
  return store.governance.appendAudit({
    at: clock.now().toISOString(),
    actor,
    action,
    target,
    outcome,
    detail,
  });
}
