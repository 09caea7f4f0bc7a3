import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EvidenceError } from '../errors.ts';
import type { KeyPairPem } from './local.ts';
import { localSigner } from './local.ts';
import type { Signer } from './signer.ts';

/** Larger than any PEM of a P-256 key; keeps a wrong path from being read into memory. */
const MAX_KEY_BYTES = 16 * 1024;

const OTHERS = 0o077;
const OTHERS_BUT_GROUP_READ = 0o037;

export interface KeyFiles {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * Writes both halves durably, the private one readable by its owner alone. Never overwrites: throws KEY when one of
 * the files exists, because a lost key can not be told from a stolen one.
 */
export async function writeKeyFiles(files: KeyFiles, pair: KeyPairPem): Promise<void> {
  await writeNew(files.privateKey, pair.privateKeyPem, 0o600);
  await writeNew(files.publicKey, pair.publicKeyPem, 0o644);
}

/** Throws KEY for a file that others could read or write, or that holds no P-256 private key. */
export async function loadSigner(path: string): Promise<Signer> {
  return localSigner(await readPrivateFile(path));
}

/**
 * Reads a secret file of this process's user, mode 0600 or less. A file of root's may be readable by its group (0640),
 * which is how container platforms mount secrets for processes that are not root. Throws KEY otherwise.
 */
export async function readPrivateFile(path: string, maxBytes: number = MAX_KEY_BYTES): Promise<string> {
  const file = await openForReading(path);
  try {
    const { mode, uid, size } = await file.stat();
    const own = uid === process.geteuid?.();
    if ((mode & (uid === 0 && !own ? OTHERS_BUT_GROUP_READ : OTHERS)) !== 0) {
      throw new EvidenceError('KEY', `${path} is open to other users (mode ${octal(mode)})`, {
        hint: `Run: chmod 600 ${path}. If others could read it, make a new key.`,
      });
    }
    if (size > maxBytes) throw new EvidenceError('KEY', `${path} is too large for a key`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new EvidenceError('KEY', `${path} can not be opened`, {
      hint: 'Check the path, or make a key with "exhibit keys".',
      cause: error,
    });
  }
}

/** The name appears only when all bytes are on disk; linking, unlike renaming, fails when it is taken. */
async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new EvidenceError('KEY', taken ? `${path} exists already` : `${path} can not be written`, {
      hint: taken ? 'Move the old key away first.' : 'Check that the directory exists and is writable.',
      cause: error,
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8).padStart(3, '0')}`;
}
