import type { Timestamp } from '../../connectors/sdk/index.ts';
import { EvidenceError } from '../../evidence/errors.ts';
import { generateNoteKey, localNoteSigner } from '../../evidence/log/note.ts';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import { generateKeyPair, localSigner } from '../../evidence/sign/local.ts';
import { type OpenOptions, openSigner, type SigningKeyAt } from '../../evidence/sign/open.ts';
import type { Signer } from '../../evidence/sign/signer.ts';
import {
  accepted,
  checkpointEntry,
  currentKey,
  evidenceEntry,
  withNewKey,
  withRevokedKey,
} from '../../evidence/trust/key-changes.ts';
import {
  type HistoryKey,
  type KeyHistory,
  type KeyPurpose,
  type SignedKeyHistory,
  signKeyHistory,
} from '../../evidence/trust/key-history.ts';
import type { KeyPlaces } from '../config/key-places.ts';
import { AgentError } from '../errors.ts';
import { locked } from './durable.ts';
import { extendHistoryFile, type StoredHistory } from './history-file.ts';
import { swapKeyFile, writeNextKey } from './key-swap.ts';
import { openSigningKeys } from './signing-keys.ts';

/** Where a rotation may die; a test lets it. */
export type RotationStep = 'next key written' | 'history written' | 'swapped' | 'done';

export interface KeyChangeDeps {
  readonly places: KeyPlaces;
  readonly env: OpenOptions['env'];
  readonly now: () => Timestamp;
  /** `os:<user>`. */
  readonly by: string;
  readonly step?: (step: RotationStep) => Promise<void> | void;
}

export interface RotationWish {
  readonly purpose: KeyPurpose;
  /** How long the old key stays good, in milliseconds. */
  readonly overlapMs: number;
  /** A key that is there already: a file, an entry of the Secret, a version in Vault, an id in KMS. */
  readonly to?: string;
}

export interface Rotated {
  readonly before: HistoryKey;
  readonly after: HistoryKey;
  /** Whether the configured place holds the new key now; otherwise the config has to be changed. */
  readonly inPlace: boolean;
  readonly history: StoredHistory;
}

/** A new key takes over. Throws EvidenceError KEY, AgentError KEY, USAGE or CONFLICT; nothing has changed then. */
export async function rotateKey(deps: KeyChangeDeps, wish: RotationWish): Promise<Rotated> {
  await openSigningKeys(deps.places, deps);
  return locked(deps.places.keyHistory, 'the keys', () => rotate(deps, wish));
}

export interface RevocationWish {
  /** The id, or its beginning: `sha256:0a1b2c3d`. */
  readonly keyId: string;
  readonly reason: string;
  /** From when on the key is not believed; default: now. */
  readonly since?: Timestamp;
  /** The key is the current one: let another take over first. */
  readonly rotate?: Omit<RotationWish, 'purpose'>;
}

/** Ends trust in a key. The history version is signed by another key. Throws like `rotateKey`, and NOT_FOUND. */
export async function revokeKey(
  deps: KeyChangeDeps,
  wish: RevocationWish,
): Promise<{ readonly key: HistoryKey; readonly rotated: Rotated | null }> {
  const { history } = await openSigningKeys(deps.places, deps);
  const key = findKey(history.history, wish.keyId);
  return locked(deps.places.keyHistory, 'the keys', async () => {
    const { reason, since, rotate: over } = wish;
    const rotated =
      key.validUntil === null && over !== undefined
        ? await rotate(deps, { ...over, purpose: key.purpose })
        : null;
    const { signer, history: before } = await opened(
      deps,
      rotated?.after.purpose === 'evidence' ? over?.to : undefined,
    );
    const at = deps.now();
    const next = withRevokedKey(before.history, {
      keyId: key.keyId,
      reason,
      at,
      by: deps.by,
      ...(since === undefined ? {} : { since }),
    });
    const after = await extendHistoryFile(deps.places.keyHistory, before, [
      await signKeyHistory(next, signer),
    ]);
    return { key: findKey(after.history, key.keyId), rotated };
  });
}

/** Throws AgentError NOT_FOUND unless exactly one key has an id that begins like this. */
export function findKey(history: KeyHistory, id: string): HistoryKey {
  const bare = id.replace(/^sha256:/, '');
  const found = bare.length < 8 ? [] : history.keys.filter(({ keyId }) => keyId.startsWith(`sha256:${bare}`));
  const [key] = found;
  if (key !== undefined && found.length === 1) return key;
  throw new AgentError('NOT_FOUND', 'there is no such key in the key history', {
    hint: 'Give at least 8 digits of an id from `exhibit keys list`.',
  });
}

/** The lock is held. */
async function rotate(deps: KeyChangeDeps, wish: RotationWish): Promise<Rotated> {
  const { places, step = () => undefined } = deps;
  const { signer, history } = await opened(deps);
  const { purpose } = wish;
  const before =
    purpose === 'evidence'
      ? currentKey(history.history, 'evidence')
      : currentKey(history.history, 'checkpoint');
  const next =
    purpose === 'evidence' ? await nextSigner(deps, wish, signer) : await nextCheckpoint(deps, wish);
  await step('next key written');
  const versions = await versionsOf(history.history, next, signer, wish.overlapMs, deps);
  const after = await extendHistoryFile(places.keyHistory, history, versions);
  await step('history written');
  if (next.file !== null) await swapKeyFile(next.file, step);
  await step('done');
  const entry = after.history.keys.at(-1);
  if (entry === undefined) throw new AgentError('INTERNAL', 'the key history lost the new key');
  return { before, after: entry, inPlace: next.inPlace, history: after };
}

interface NextKey {
  readonly entry: (at: Timestamp) => HistoryKey;
  /** Null for a key of the log, which does not sign histories. */
  readonly signer: Signer | null;
  /** The file that is to be replaced by the one beside it. */
  readonly file: string | null;
  readonly inPlace: boolean;
}

async function versionsOf(
  history: KeyHistory,
  next: NextKey,
  signer: Signer,
  overlapMs: number,
  { now, by }: KeyChangeDeps,
): Promise<readonly SignedKeyHistory[]> {
  const at = now();
  const entry = next.entry(at);
  const rotated = withNewKey(history, entry, overlapMs, { at, by });
  const first = await signKeyHistory(rotated, signer);
  if (next.signer === null) return [first];
  return [first, await signKeyHistory(accepted(rotated, entry.keyId, { at, by }), next.signer)];
}

async function nextSigner(
  { places, env }: KeyChangeDeps,
  { to }: RotationWish,
  current: Signer,
): Promise<NextKey> {
  const { signing } = places;
  if (signing.kind === 'file' && to === undefined) {
    const { privateKeyPem } = generateKeyPair();
    await writeNextKey(signing.path, privateKeyPem);
    return { ...evidence(localSigner(privateKeyPem)), file: signing.path, inPlace: true };
  }
  const { signer } = await openSigner(placeOf(signing, to), { env, ...versionOf(signing, to) });
  if (signer.keyId !== current.keyId)
    return { ...evidence(signer), file: null, inPlace: signing.kind === 'vaultTransit' };
  throw new EvidenceError('KEY', 'that is the key that signs now', { hint: HINTS[signing.kind] });
}

const HINTS: Readonly<Record<SigningKeyAt['kind'], string>> = {
  file: 'Name the file of the new key with --to.',
  kubernetesSecret: 'Put the new key into another entry of the Secret, and name that with --to.',
  vaultTransit: 'Make a new version in Vault first: vault write -f <mount>/keys/<key>/rotate',
  awsKms: 'Make a new key in KMS (asymmetric keys have no versions), and name it with --to.',
};

function evidence(signer: Signer): Pick<NextKey, 'entry' | 'signer'> {
  return { entry: (at) => evidenceEntry(signer.publicKeyPem, at), signer };
}

/** The configured place, with another key in it. */
function placeOf(signing: SigningKeyAt, to: string | undefined): SigningKeyAt {
  if (to === undefined) {
    if (signing.kind === 'vaultTransit') return signing;
    throw new AgentError('USAGE', 'the new key must be named with --to', { hint: HINTS[signing.kind] });
  }
  switch (signing.kind) {
    case 'file':
      return { ...signing, path: to };
    case 'kubernetesSecret':
      return { ...signing, key: to };
    case 'awsKms':
      return { ...signing, keyId: to };
    case 'vaultTransit':
      return signing;
  }
}

function versionOf(signing: SigningKeyAt, to: string | undefined): { readonly version?: number } {
  if (signing.kind !== 'vaultTransit' || to === undefined) return {};
  if (/^[1-9]\d{0,8}$/.test(to)) return { version: Number(to) };
  throw new AgentError('USAGE', '--to must be the number of a version in Vault');
}

async function nextCheckpoint({ places }: KeyChangeDeps, { to }: RotationWish): Promise<NextKey> {
  const pem = to === undefined ? generateNoteKey() : await readPrivateFile(to);
  const { vkey } = localNoteSigner(places.origin, pem);
  const common = { entry: (at: Timestamp) => checkpointEntry(vkey, at), signer: null };
  if (to !== undefined) return { ...common, file: null, inPlace: false };
  await writeNextKey(places.checkpointKey, pem);
  return { ...common, file: places.checkpointKey, inPlace: true };
}

/** What signs now; after a rotation to a key that the config does not name yet, that key. */
async function opened(
  deps: KeyChangeDeps,
  to?: string,
): Promise<{ readonly signer: Signer; readonly history: StoredHistory }> {
  const { places, env } = deps;
  if (to === undefined) return openSigningKeys(places, { ...deps, mine: true });
  const signing = placeOf(places.signing, to);
  const { history } = await openSigningKeys(places, { ...deps, mine: true });
  return { signer: (await openSigner(signing, { env, ...versionOf(places.signing, to) })).signer, history };
}
