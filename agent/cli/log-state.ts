import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openCheckpoint } from '../../evidence/log/checkpoint.ts';
import { AgentError } from '../errors.ts';
import { replacePublic } from '../secrets/durable.ts';
import type { CliIo } from './io.ts';

/** All that an auditor keeps of a log: its newest signed checkpoint, as a file. */

/** Null when there is no such file yet. Throws AgentError INPUT for one that holds something else. */
export async function readLogState(
  file: string,
  vkeys: readonly string[],
  io: CliIo,
): Promise<string | null> {
  const note = await readIfThere(path.resolve(io.cwd, file));
  if (note === null) return null;
  try {
    openCheckpoint(note, vkeys);
    return note;
  } catch (error) {
    throw new AgentError('INPUT', `${file} is not a checkpoint that this key signed`, {
      hint: 'It was changed, or is of another log. Nothing was compared. If the key was rotated, give the old one too.',
      cause: error,
    });
  }
}

/** Durable when it resolves: the file holds either what it held or all of the new note. */
export async function writeLogState(file: string, note: string, io: CliIo): Promise<void> {
  try {
    await replacePublic(path.resolve(io.cwd, file), note);
  } catch (error) {
    throw new AgentError('INPUT', `the checkpoint can not be kept in ${file}`, {
      hint: 'Check that its folder exists and is writable.',
      cause: error,
    });
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new AgentError('INPUT', `the kept checkpoint can not be read`, {
      hint: 'Check the file given with --state and its permissions.',
      cause: error,
    });
  }
}
