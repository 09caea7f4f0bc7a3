import { randomBytes } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Secret, type Timestamp } from '../../connectors/sdk/index.ts';
import { generateNoteKey, type NoteSigner } from '../../evidence/log/note.ts';
import { readPrivateFile, writeKeyFiles } from '../../evidence/sign/key-file.ts';
import { generateKeyPair } from '../../evidence/sign/local.ts';
import type { Signer, SigningKeys } from '../../evidence/sign/signer.ts';
import { currentKey } from '../../evidence/trust/key-changes.ts';
import { formatKeyring, newKeyring } from '../../policies/keyring.ts';
import type { KeyPlaces } from '../config/key-places.ts';
import { AgentError } from '../errors.ts';
import { writeDurably } from './durable.ts';
import type { StoredHistory } from './history-file.ts';
import { publicKeyPath } from './key-swap.ts';
import { KeyringFile } from './keyring-file.ts';
import { type OpenKeysOptions, openSigningKeys, type SigningSet } from './signing-keys.ts';

/** Replaces what signs; called where nothing is being signed. */
export type Swap = () => void;

export interface AgentKeys extends SigningKeys {
  /** Names people and digests values. Losing it breaks comparisons with older evidence, nothing else. */
  readonly keyring: KeyringFile;
  /** Salts the leaves of manifests; the same for the life of the keyring. */
  readonly saltKey: Uint8Array;
  /** Every version of the key history. */
  readonly history: StoredHistory;
  /** Private keys that this process holds, as they are now. */
  readonly secrets: readonly { readonly id: string; readonly value: Secret }[];
  /**
   * Takes over what `exhibit keys rotate` and `revoke` did since; says whether anything changed. Throws like `loadKeys`;
   * what was there stays in use then.
   *
   * @param whenIdle calls the swap at a moment when nothing is half signed (`Ledger.between`)
   */
  reload(whenIdle?: (swap: Swap) => Promise<void>): Promise<boolean>;
}

const TOKEN_BYTES = 32;

/**
 * Makes the keys that are missing and leaves the others alone; returns the paths written. Folders are made for this
 * user only, files with mode 0600. A signing key that is not in a file is not made here.
 */
export async function makeMissingKeys(
  places: KeyPlaces,
  now: Timestamp = new Date().toISOString(),
): Promise<readonly string[]> {
  const written: string[] = [];
  const signing = places.signing.kind === 'file' ? [places.signing.path] : [];
  for (const file of [...signing, places.checkpointKey, places.pseudonymKey, places.apiToken]) {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  }
  for (const file of signing) {
    if (await exists(file)) continue;
    const publicKey = publicKeyPath(file);
    await writeKeyFiles({ privateKey: file, publicKey }, generateKeyPair());
    written.push(file, publicKey);
  }
  const secrets = [
    [places.checkpointKey, generateNoteKey],
    [places.pseudonymKey, () => formatKeyring(newKeyring(now))],
    [places.apiToken, () => `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`],
  ] as const;
  for (const [file, text] of secrets) {
    if (await exists(file)) continue;
    await writeDurably(file, text(), 0o600);
    written.push(file);
  }
  return written;
}

/**
 * Opens every key, wherever it is, and the key history, which is begun when there is none. Throws EvidenceError KEY or
 * LOG, or AgentError KEY, when one is missing, open to others, no key, or not one that may sign now.
 */
export async function loadKeys(
  places: KeyPlaces,
  options: OpenKeysOptions = { env: process.env, now: () => new Date().toISOString() },
): Promise<AgentKeys> {
  const keyring = await KeyringFile.open(places.pseudonymKey);
  return new LoadedKeys(places, options, keyring, await openSigningKeys(places, options));
}

class LoadedKeys implements AgentKeys {
  readonly keyring: KeyringFile;
  readonly saltKey: Uint8Array;
  readonly secrets: AgentKeys['secrets'];
  readonly #places: KeyPlaces;
  readonly #options: OpenKeysOptions;
  #set: SigningSet;

  constructor(places: KeyPlaces, options: OpenKeysOptions, keyring: KeyringFile, set: SigningSet) {
    this.#places = places;
    this.#options = options;
    this.#set = set;
    this.keyring = keyring;
    this.saltKey = keyring.current().saltKey;
    this.secrets = set.secrets.map(({ id }) => ({ id, value: new Secret(() => this.#secret(id)) }));
  }

  get signer(): Signer {
    return this.#set.signer;
  }

  get checkpointSigner(): NoteSigner {
    return this.#set.checkpointSigner;
  }

  get history(): StoredHistory {
    return this.#set.history;
  }

  async reload(whenIdle: (swap: Swap) => Promise<void> = async (swap) => swap()): Promise<boolean> {
    if (!(await this.#isBehind())) return false;
    const next = await openSigningKeys(this.#places, this.#options);
    const changed =
      next.history.digest !== this.#set.history.digest ||
      next.signer.keyId !== this.#set.signer.keyId ||
      next.checkpointSigner.vkey !== this.#set.checkpointSigner.vkey;
    if (changed) await whenIdle(() => void (this.#set = next));
    return changed;
  }

  /** Whether the file says something else than is known, or a key in a file has not followed it yet. */
  async #isBehind(): Promise<boolean> {
    const { history, signer, checkpointSigner } = this.#set;
    const text = await readFile(this.#places.keyHistory, 'utf8');
    if (text !== history.text) return true;
    const inFile = this.#places.signing.kind === 'file';
    if (inFile && signer.keyId !== currentKey(history.history, 'evidence').keyId) return true;
    return checkpointSigner.vkey !== currentKey(history.history, 'checkpoint').vkey;
  }

  #secret(id: string): string {
    return this.#set.secrets.find((each) => each.id === id)?.pem ?? '';
  }
}

/** The API's token from its default file. */
export async function loadToken(places: Pick<KeyPlaces, 'apiToken'>): Promise<Secret> {
  const token = (await readPrivateFile(places.apiToken)).trim();
  if (token.length >= 16) return new Secret(token);
  throw new AgentError('KEY', `${places.apiToken} holds fewer than 16 characters`, {
    hint: 'Remove it and run `exhibit keys generate`.',
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
