import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../errors.ts';

/** Files of keys: written whole or not at all, and what they held before does not stay behind. */

/** A change takes seconds at most; a lock this old was left by a process that died. */
const STALE_LOCK_MS = 30_000;

/** The new content takes the place of the old in one step; the old bytes are overwritten where they lay. */
export async function replaceSecret(file: string, text: string): Promise<void> {
  const next = `${file}.new`;
  try {
    await wipe(next);
    await writeDurably(next, text, 0o600);
    await moveOver(next, file);
  } finally {
    await wipe(next).catch(() => undefined);
  }
}

/** Like `replaceSecret`, with a file that is there already; it ends under the other name. */
export async function moveOver(next: string, file: string): Promise<void> {
  const old = await open(file, 'r+');
  try {
    await rename(next, file);
    await syncFolder(path.dirname(file));
    await overwrite(old);
  } finally {
    await old.close();
  }
}

/** A file that is no secret, replaced in one step; made when it is not there. */
export async function replacePublic(file: string, text: string): Promise<void> {
  const next = `${file}.new`;
  await rm(next, { force: true });
  await writeDurably(next, text, 0o644);
  await rename(next, file);
  await syncFolder(path.dirname(file));
}

/** Makes a file with all of its content, or fails with EEXIST when there is one. */
export async function makePublic(file: string, text: string): Promise<void> {
  const next = `${file}.first`;
  await rm(next, { force: true });
  await writeDurably(next, text, 0o644);
  try {
    await link(next, file);
  } finally {
    await rm(next, { force: true });
  }
  await syncFolder(path.dirname(file));
}

/** What a process left behind that died while it replaced the file. */
export async function wipe(file: string): Promise<void> {
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

export async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * One process changes the file at a time. Throws AgentError CONFLICT while another does, KEY where there can be no lock.
 *
 * @param what for messages: `the keyring`
 */
export async function locked<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  await take(lock, what);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

async function take(lock: string, what: string): Promise<void> {
  const taken = await stat(lock).catch(() => null);
  if (taken !== null && Date.now() - taken.mtimeMs > STALE_LOCK_MS) await rm(lock, { force: true });
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new AgentError('CONFLICT', `another process is changing ${what}`, {
        hint: `Try again in a moment; a lock that was left behind (${lock}) is ignored after 30 seconds.`,
      });
    }
    throw new AgentError('KEY', `the folder of ${lock} can not be written to (${codeOf(error)})`, {
      hint: 'Keys that are mounted read-only are changed where they come from.',
      cause: error,
    });
  }
}

async function overwrite(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size), 0, size, 0);
  await handle.sync();
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
