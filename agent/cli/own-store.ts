import { userInfo } from 'node:os';
import path from 'node:path';
import type { Store } from '../../evidence/store/store.ts';
import type { CliIo } from './io.ts';

/**
 * The store of the agent, for commands that run without it. Throws EvidenceError STORE while the agent has it, after
 * `waitMs`.
 */
export async function withStore<T>(
  dataDir: string,
  work: (store: Store) => Promise<T>,
  options: { readonly waitMs?: number } = {},
): Promise<T> {
  const { openSqliteStore } = await import('../../evidence/store/sqlite-store.ts');
  const store = await openSqliteStore({ path: storeFile(dataDir), ...options });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

export function storeFile(dataDir: string): string {
  return path.join(dataDir, 'evidence.db');
}

/** Whoever runs the command; a user without a name, as in containers, by number. */
export function operator(): string {
  try {
    return `os:${userInfo().username}`;
  } catch {
    return `os:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** A file that an argument names, as it is shown: relative to where the command runs. */
export function shownPath(file: string, io: CliIo): string {
  return path.relative(process.cwd(), path.resolve(io.cwd, file)) || '.';
}
