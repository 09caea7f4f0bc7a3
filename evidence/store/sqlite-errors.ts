import { EvidenceError } from '../errors.ts';

/** Primary result codes, https://www.sqlite.org/rescode.html, that an operator can do something about. */
const KNOWN: Readonly<Record<number, { readonly message: string; readonly hint: string }>> = {
  5: {
    message: 'the store is in use by another process',
    hint: 'One agent owns a store: stop the other one, or use its API instead.',
  },
  8: {
    message: 'the store can not be written to',
    hint: 'Check that the file, its folder and the file system are writable for this user.',
  },
  10: {
    message: 'the disk under the store failed',
    hint: 'Check the disk and the kernel log, then restart.',
  },
  11: {
    message: 'the store is damaged',
    hint: 'Keep the file for examination and restore a backup, or start with a new path.',
  },
  13: {
    message: 'the store is full',
    hint: 'Free space on its disk or raise its size limit; nothing of the refused write was kept.',
  },
  14: {
    message: 'the store can not be opened',
    hint: 'Check that its folder exists and that this user may write there.',
  },
  26: {
    message: 'the file is not a store',
    hint: 'Point dataDir at the folder of an exhibit store, or at one where none exists.',
  },
};

/** What the file system says before SQLite gets to see the file. */
const FILE_SYSTEM: Readonly<Record<string, number>> = {
  EACCES: 8,
  EPERM: 8,
  EROFS: 8,
  ENOSPC: 13,
  EDQUOT: 13,
  ENOENT: 14,
  ENOTDIR: 14,
  EISDIR: 14,
  EEXIST: 14,
  EIO: 10,
};

/** Turns what `node:sqlite` and `node:fs` throw into an EvidenceError STORE. Errors that are ours pass through. */
export function storeError(error: unknown): EvidenceError {
  if (error instanceof EvidenceError) return error;
  const known = KNOWN[resultCode(error)];
  if (known !== undefined)
    return new EvidenceError('STORE', known.message, { hint: known.hint, cause: error });
  return new EvidenceError('STORE', 'the store failed', {
    hint: 'See the cause in the log of the agent.',
    cause: error,
  });
}

/** The primary result code, or 0 when the error came from elsewhere. */
function resultCode(error: unknown): number {
  if (!(error instanceof Error)) return 0;
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode & 0xff;
  if ('code' in error && typeof error.code === 'string') return FILE_SYSTEM[error.code] ?? 0;
  return 0;
}
