import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AgentError } from '../errors.ts';
import type { CliIo } from './io.ts';
import { writeAtomically } from './write-file.ts';

/** What an argument says in place of a file: standard input, or standard output. */
export const STREAM = '-';

/** Reads a file that an argument names. Throws AgentError INPUT. */
export async function readInput(file: string, what: string, io: CliIo): Promise<Buffer> {
  try {
    return await readFile(path.resolve(io.cwd, file));
  } catch (error) {
    throw unreadable(file, what, error);
  }
}

/** The absolute path of a file that an argument names and that is read later. Throws AgentError INPUT. */
export async function inputPath(file: string, what: string, io: CliIo): Promise<string> {
  const found = path.resolve(io.cwd, file);
  try {
    if ((await stat(found)).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return found;
  } catch (error) {
    throw unreadable(file, what, error);
  }
}

/**
 * The path of what an argument names. Standard input is kept in a temporary file for that long, because it may have to be
 * read twice. Throws AgentError INPUT.
 */
export async function withInputFile<Result>(
  file: string,
  what: string,
  io: CliIo,
  use: (found: string) => Promise<Result>,
): Promise<Result> {
  if (file !== STREAM) return use(await inputPath(file, what, io));
  const folder = await mkdtemp(path.join(tmpdir(), 'exhibit-'));
  try {
    const kept = path.join(folder, 'input');
    await writeAtomically(kept, io.stdin);
    return await use(kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unreadable(file: string, what: string, cause: unknown): AgentError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new AgentError('INPUT', `${what} ${file} can not be read (${code})`, {
    hint: 'Check the path and its permissions.',
    cause,
  });
}
