import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EvidenceError } from '../../evidence/errors.ts';
import { type FollowedHistory, readKeyHistory } from '../../evidence/trust/follow-history.ts';
import { formatKeyHistory, type SignedKeyHistory } from '../../evidence/trust/key-history.ts';
import { AgentError } from '../errors.ts';
import { codeOf, makePublic, replacePublic } from './durable.ts';

/** A history as it lies in its file. */
export interface StoredHistory extends FollowedHistory {
  /** The exact bytes, RFC 8785. */
  readonly text: string;
}

/** Null when there is none yet. Throws EvidenceError KEY for one that does not hold together or is of another tenant. */
export async function readHistoryFile(file: string, tenant: string): Promise<StoredHistory | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw new AgentError('KEY', `the key history ${file} can not be read (${codeOf(error)})`, {
      cause: error,
    });
  });
  if (text === null) return null;
  const followed = readKeyHistory(text);
  if (followed.history.tenant === tenant) return { ...followed, text };
  throw new EvidenceError('KEY', `the key history ${file} is of another tenant`, {
    hint: 'Correct `tenant` or `dataDir`; a tenant does not change its name.',
  });
}

/** The first version. Throws AgentError KEY when it can not be written, CONFLICT when another process just did. */
export async function makeHistoryFile(file: string, first: SignedKeyHistory): Promise<StoredHistory> {
  const text = formatKeyHistory([first]);
  const made = mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).then(() => makePublic(file, text));
  await made.catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST')
      throw new AgentError('CONFLICT', 'another process has just begun the key history', {
        hint: 'Try again.',
      });
    throw notWritable(file, error);
  });
  return { ...readKeyHistory(text), text };
}

/** What was there, and these after it. Looks at the result before it is written. */
export async function extendHistoryFile(
  file: string,
  history: StoredHistory,
  more: readonly SignedKeyHistory[],
): Promise<StoredHistory> {
  const text = formatKeyHistory([...history.versions, ...more]);
  const followed = readKeyHistory(text);
  await replacePublic(file, text).catch((error: unknown) => {
    throw notWritable(file, error);
  });
  return { ...followed, text };
}

function notWritable(file: string, error: unknown): AgentError {
  return new AgentError('KEY', `the key history ${file} can not be written (${codeOf(error)})`, {
    hint: 'It lies in the folder keys of dataDir, which must be writable; it is public, so it needs no mount of its own.',
    cause: error,
  });
}
