import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { AgentError } from '../errors.ts';

/**
 * Writes a file that only its owner may read; it is there whole or not at all. Says how many bytes. What the chunks
 * throw goes through; throws AgentError INPUT when the file can not be written.
 */
export async function writeAtomically(file: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', 0o600).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
  let bytes = 0;
  try {
    try {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw isOf(error, ['write', 'fsync', 'rename']) ? unwritable(file, error) : error;
  }
}

function unwritable(file: string, cause: unknown): AgentError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new AgentError('INPUT', `${file} can not be written (${code})`, {
    hint: 'Check that the folder exists, is writable and has room.',
    cause,
  });
}

function isOf(error: unknown, calls: readonly string[]): boolean {
  return error instanceof Error && 'syscall' in error && calls.includes(String(error.syscall));
}
