import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import {
  formatKeyring,
  type Keyring,
  KeyringError,
  liveEpoch,
  parseKeyring,
} from '../../policies/keyring.ts';
import { AgentError } from '../errors.ts';

/** A keyring of MAX_EPOCHS epochs is half of this. */
const MAX_BYTES = 2 * 1024 ** 2;
/** A change takes milliseconds; a lock this old was left by a process that died. */
const STALE_LOCK_MS = 30_000;

/**
 * The keyring of a tenant in its file, mode 0600. Whoever holds one goes on with what was read last until `reload()`;
 * a file that can not be read leaves that in place.
 */
export class KeyringFile {
  readonly #path: string;
  #keyring: Keyring;

  private constructor(file: string, keyring: Keyring) {
    this.#path = file;
    this.#keyring = keyring;
  }

  /** Reads a keyring, or a file with one bare key from before there were epochs. Throws EvidenceError or AgentError KEY. */
  static async open(file: string): Promise<KeyringFile> {
    return new KeyringFile(file, await readKeyring(file));
  }

  current(): Keyring {
    return this.#keyring;
  }

  /** Reads the file again and says whether it holds other keys than before. Throws like `open`. */
  async reload(): Promise<boolean> {
    const before = formatKeyring(this.#keyring);
    const next = await readKeyring(this.#path);
    assertSameSalt(this.#keyring, next, this.#path);
    this.#keyring = next;
    return formatKeyring(next) !== before;
  }

  /**
   * Changes what the file holds now. The new content takes the place of the old in one step, and the old bytes are
   * overwritten where they lay; copies that a file system, a disk or a backup keeps are beyond its reach. Throws
   * AgentError: KEY when the file can not be replaced, CONFLICT while another process changes it or when the keyring
   * refuses the change, NOT_FOUND for an epoch that it does not have.
   */
  async change(change: (keyring: Keyring) => Keyring): Promise<Keyring> {
    const file = await realpath(this.#path).catch(() => this.#path);
    await locked(file, async () => {
      const before = await readKeyring(file);
      const next = changed(before, change);
      await replace(file, formatKeyring(next));
      this.#keyring = next;
    });
    return this.#keyring;
  }
}

async function readKeyring(file: string): Promise<Keyring> {
  const text = await readPrivateFile(file, MAX_BYTES);
  const keyring = parseKeyring(text, (await stat(file)).mtime.toISOString());
  if (keyring !== null) return keyring;
  throw new AgentError('KEY', `${file} does not hold a keyring, or a pseudonym key (32 bytes, base64url)`, {
    hint: 'Restore it from a backup; a new one (`exhibit keys generate`) makes new pseudonyms.',
  });
}

/** Another salt key would make every stored item look as if it had been changed from outside. */
function assertSameSalt(before: Keyring, after: Keyring, file: string): void {
  if (Buffer.compare(before.saltKey, after.saltKey) === 0) return;
  throw new AgentError('KEY', `${file} holds the keyring of another tenant or installation`, {
    hint: 'Restore the right one; to change over on purpose, restart the agent with an empty dataDir.',
  });
}

function changed(before: Keyring, change: (keyring: Keyring) => Keyring): Keyring {
  try {
    return change(before);
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    const epochs = before.epochs.map(({ id }) => id).join(', ');
    throw new AgentError(error.code === 'EPOCH_UNKNOWN' ? 'NOT_FOUND' : 'CONFLICT', error.message, {
      hint: HINTS[error.code] ?? `There are: ${epochs}. The live one is ${liveEpoch(before).id}.`,
      cause: error,
    });
  }
}

const HINTS: Partial<Record<KeyringError['code'], string>> = {
  EPOCH_LIVE: 'Let another epoch take over in the same step: exhibit keys erase <epoch> --rotate',
};

async function replace(file: string, text: string): Promise<void> {
  const next = `${file}.new`;
  let old: FileHandle | undefined;
  try {
    await wipe(next);
    old = await open(file, 'r+');
    await writeDurably(next, text);
    await rename(next, file);
    await syncFolder(path.dirname(file));
    await overwrite(old);
  } catch (error) {
    throw new AgentError('KEY', `${file} can not be replaced (${codeOf(error)})`, {
      hint: 'Its folder must be writable. A keyring that is mounted read-only is changed where it comes from.',
      cause: error,
    });
  } finally {
    await old?.close();
    await wipe(next).catch(() => undefined);
  }
}

/** What a process left behind that died while it replaced the file. */
async function wipe(file: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r+');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    await overwrite(handle);
  } finally {
    await handle.close();
  }
  await rm(file, { force: true });
}

async function overwrite(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size), 0, size, 0);
  await handle.sync();
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One process changes the file at a time. */
async function locked(file: string, work: () => Promise<void>): Promise<void> {
  const lock = `${file}.lock`;
  await take(lock);
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<void> {
  const taken = await stat(lock).catch(() => null);
  if (taken !== null && Date.now() - taken.mtimeMs > STALE_LOCK_MS) await rm(lock, { force: true });
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new AgentError('CONFLICT', 'another process is changing the keyring', {
        hint: `Try again in a moment; a lock that was left behind (${lock}) is ignored after 30 seconds.`,
      });
    }
    throw new AgentError('KEY', `the folder of ${lock} can not be written to (${codeOf(error)})`, {
      hint: 'A keyring that is mounted read-only is changed where it comes from.',
      cause: error,
    });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
