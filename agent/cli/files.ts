import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../errors.ts';
import type { CliIo } from './io.ts';

/** Reads a file that an argument names. Throws AgentError INPUT. */
export async function readInput(file: string, what: string, io: CliIo): Promise<Buffer> {
  try {
    return await readFile(path.resolve(io.cwd, file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new AgentError('INPUT', `${what} ${file} can not be read (${code})`, {
      hint: 'Check the path and its permissions.',
      cause: error,
    });
  }
}
