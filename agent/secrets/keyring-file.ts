import { realpath, stat } from 'node:fs/promises';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import {
  formatKeyring,
  type Keyring,
  KeyringError,
  liveEpoch,
  parseKeyring,
} from '../../policies/keyring.ts';
import { AgentError } from '../errors.ts';
import { codeOf, locked, replaceSecret } from './durable.ts';

/** A keyring of MAX_EPOCHS epochs is half of this. */
const MAX_BYTES = 2 * 1024 ** 2;

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
    await locked(file, 'the keyring', async () => {
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
  try {
    await replaceSecret(file, text);
  } catch (error) {
    throw new AgentError('KEY', `${file} can not be replaced (${codeOf(error)})`, {
      hint: 'Its folder must be writable. A keyring that is mounted read-only is changed where it comes from.',
      cause: error,
    });
  }
}
