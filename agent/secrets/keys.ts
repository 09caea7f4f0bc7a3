import { randomBytes } from 'node:crypto';
import { access, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Secret, type Timestamp } from '../../connectors/sdk/index.ts';
import { loadSigner, readPrivateFile, writeKeyFiles } from '../../evidence/sign/key-file.ts';
import { generateKeyPair } from '../../evidence/sign/local.ts';
import type { Signer } from '../../evidence/sign/signer.ts';
import { formatKeyring, newKeyring } from '../../policies/keyring.ts';
import type { ConfigPaths } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { KeyringFile } from './keyring-file.ts';

/** The files of an agent's keys. */
export type KeyPaths = Pick<ConfigPaths, 'signingKey' | 'pseudonymKey' | 'apiToken'>;

export interface AgentKeys {
  readonly signer: Signer;
  /** Names people and digests values. Losing it breaks comparisons with older evidence, nothing else. */
  readonly keyring: KeyringFile;
  /** Salts the leaves of manifests; the same for the life of the keyring. */
  readonly saltKey: Uint8Array;
}

const TOKEN_BYTES = 32;

/** Where the public half of a signing key lies: `signing.pem` → `signing.pub.pem`. */
export function publicKeyPath(signingKey: string): string {
  const { dir, name, ext } = path.parse(signingKey);
  return path.join(dir, `${name}.pub${ext}`);
}

/**
 * Makes the keys that are missing and leaves the others alone; returns the paths written. Folders are made for this
 * user only, files with mode 0600.
 */
export async function makeMissingKeys(
  paths: KeyPaths,
  now: Timestamp = new Date().toISOString(),
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const file of [paths.signingKey, paths.pseudonymKey, paths.apiToken]) {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  }
  if (!(await exists(paths.signingKey))) {
    const publicKey = publicKeyPath(paths.signingKey);
    await writeKeyFiles({ privateKey: paths.signingKey, publicKey }, generateKeyPair());
    written.push(paths.signingKey, publicKey);
  }
  const secrets = [
    [paths.pseudonymKey, () => formatKeyring(newKeyring(now))],
    [paths.apiToken, () => `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`],
  ] as const;
  for (const [file, text] of secrets) {
    if (await exists(file)) continue;
    await writeSecret(file, text());
    written.push(file);
  }
  return written;
}

/** Throws EvidenceError KEY or AgentError KEY when one is missing, open to others, or no key. */
export async function loadKeys(paths: KeyPaths): Promise<AgentKeys> {
  const signer = await loadSigner(paths.signingKey);
  const keyring = await KeyringFile.open(paths.pseudonymKey);
  return { signer, keyring, saltKey: keyring.current().saltKey };
}

/** The API's token from its default file. */
export async function loadToken(paths: KeyPaths): Promise<Secret> {
  const token = (await readPrivateFile(paths.apiToken)).trim();
  if (token.length >= 16) return new Secret(token);
  throw new AgentError('KEY', `${paths.apiToken} holds fewer than 16 characters`, {
    hint: 'Remove it and run `exhibit keys generate`.',
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function writeSecret(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
