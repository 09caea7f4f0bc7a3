import path from 'node:path';
import type { Timestamp } from '../../connectors/sdk/index.ts';
import { EvidenceError } from '../../evidence/errors.ts';
import { localNoteSigner, type NoteSigner } from '../../evidence/log/note.ts';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import { type OpenedSigner, type OpenOptions, openSigner } from '../../evidence/sign/open.ts';
import type { Signer } from '../../evidence/sign/signer.ts';
import { hasSealed } from '../../evidence/store/has-sealed.ts';
import {
  beginHistory,
  checkpointEntry,
  currentKey,
  evidenceEntry,
} from '../../evidence/trust/key-changes.ts';
import {
  type HistoryKey,
  type KeyHistory,
  type KeyPurpose,
  signKeyHistory,
} from '../../evidence/trust/key-history.ts';
import type { KeyPlaces } from '../config/key-places.ts';
import { AgentError } from '../errors.ts';
import { locked } from './durable.ts';
import { makeHistoryFile, readHistoryFile, type StoredHistory } from './history-file.ts';
import { settleKeyFile } from './key-swap.ts';

/** What signs, and the history in which both keys stand. */
export interface SigningSet {
  readonly signer: Signer;
  readonly checkpointSigner: NoteSigner;
  readonly history: StoredHistory;
  /** Private keys that this process holds. */
  readonly secrets: readonly { readonly id: string; readonly pem: string }[];
}

export interface OpenKeysOptions {
  readonly env: OpenOptions['env'];
  readonly now: () => Timestamp;
  /** The caller has the lock of the keys. */
  readonly mine?: boolean;
}

/**
 * Opens both keys and looks whether the history lets them sign now; begins the history when there is none. Throws
 * EvidenceError KEY or LOG, AgentError KEY or CONFLICT.
 */
export async function openSigningKeys(places: KeyPlaces, options: OpenKeysOptions): Promise<SigningSet> {
  const history = await readHistoryFile(places.keyHistory, places.tenant);
  if (history !== null && options.mine !== true) await settle(places, history.history);
  const expected = history === null ? {} : { expected: currentKey(history.history, 'evidence').keyId };
  const opened = await openSigner(places.signing, { env: options.env, ...expected });
  const checkpointPem = await readPrivateFile(places.checkpointKey);
  const checkpointSigner = localNoteSigner(places.origin, checkpointPem);
  const now = options.now();
  const known = history ?? (await begin(places, opened.signer, checkpointSigner, now));
  assertMaySign(known.history, 'evidence', opened.signer.keyId, now);
  const { keyId } = checkpointEntry(checkpointSigner.vkey, now);
  assertMaySign(known.history, 'checkpoint', keyId, now);
  assertSameOrigin(known.history, checkpointSigner);
  return {
    signer: opened.signer,
    checkpointSigner,
    history: known,
    secrets: secretsOf(opened, checkpointPem),
  };
}

/** What a rotation left undone that died; while another process has the lock, it is that one's to do. */
async function settle(places: KeyPlaces, history: KeyHistory): Promise<void> {
  try {
    await locked(places.keyHistory, 'the keys', async () => {
      if (places.signing.kind === 'file')
        await settleKeyFile(places.signing.path, currentKey(history, 'evidence').keyId);
      await settleKeyFile(places.checkpointKey, currentKey(history, 'checkpoint').keyId);
    });
  } catch (error) {
    // Keys that are mounted read-only were not rotated here.
    if (!(error instanceof AgentError) || !['CONFLICT', 'KEY'].includes(error.code)) throw error;
  }
}

async function begin(
  places: KeyPlaces,
  signer: Signer,
  checkpointSigner: NoteSigner,
  at: Timestamp,
): Promise<StoredHistory> {
  assertNothingSealed(places);
  const keys = [evidenceEntry(signer.publicKeyPem, at), checkpointEntry(checkpointSigner.vkey, at)] as const;
  const first = await signKeyHistory(beginHistory(places.tenant, keys, { at, by: 'agent' }), signer);
  return makeHistoryFile(places.keyHistory, first);
}

/** A history that starts anew would forget which keys were revoked. */
function assertNothingSealed({ dataDir, keyHistory }: KeyPlaces): void {
  if (!hasSealed(path.join(dataDir, 'evidence.db'))) return;
  throw new AgentError('KEY', `${keyHistory} is missing, though evidence was signed before`, {
    hint: 'Restore it from a backup; every bundle holds it as well, as key-history.json: exhibit bundle extract.',
  });
}

function assertMaySign(history: KeyHistory, purpose: KeyPurpose, id: string, now: Timestamp): void {
  const key = history.keys.find((entry) => entry.keyId === id && entry.purpose === purpose);
  const name = purpose === 'evidence' ? 'signing' : 'checkpoint';
  if (key === undefined) {
    throw new EvidenceError('KEY', `${id} is not in the key history, and can not be the ${name} key`, {
      hint: `Put the old key back and let the new one take over: exhibit keys rotate ${name} --to <new key>. Who verifies could not follow otherwise.`,
    });
  }
  const why = refusal(key, now);
  if (why === null) return;
  throw new EvidenceError('KEY', `${id} can not be the ${name} key: it ${why}`, {
    hint: `Configure the current one, ${currentKeyId(history, purpose)}; see \`exhibit keys list\`.`,
  });
}

function refusal({ revokedAt, validUntil }: HistoryKey, now: Timestamp): string | null {
  if (revokedAt !== null) return `was revoked as of ${revokedAt}`;
  return validUntil !== null && now > validUntil
    ? `was replaced, and is good only until ${validUntil}`
    : null;
}

function currentKeyId(history: KeyHistory, purpose: KeyPurpose): string {
  return (purpose === 'evidence' ? currentKey(history, 'evidence') : currentKey(history, 'checkpoint')).keyId;
}

function assertSameOrigin(history: KeyHistory, { vkey }: NoteSigner): void {
  if (history.keys.some((entry) => entry.purpose === 'checkpoint' && entry.vkey === vkey)) return;
  throw new EvidenceError('KEY', 'the log has another origin than the key history says', {
    hint: 'Set transparency.origin back: a log does not change its name.',
  });
}

function secretsOf({ privateKeyPem }: OpenedSigner, checkpointPem: string): SigningSet['secrets'] {
  const own = privateKeyPem === null ? [] : [{ id: 'signing-key', pem: privateKeyPem }];
  return [...own, { id: 'checkpoint-key', pem: checkpointPem }];
}
