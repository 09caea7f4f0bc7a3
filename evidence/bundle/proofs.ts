import { z } from 'zod';
import { hashBase64, toBase64 } from '../base64.ts';
import { parseCheckpoint } from '../log/checkpoint.ts';
import { parseNote } from '../log/note.ts';
import { proveConsistency } from '../log/proofs.ts';
import type { Logged } from '../logged.ts';
import type { LogStore } from '../store/log.ts';

/**
 * What a bundle brings to check the log with: the checkpoint of when its incident began, that of the tree that ends
 * with its manifest, and the proof that the one is a prefix of the other (RFC 9162, section 2.1.4). No digest covers it:
 * checkpoints are signed, and proofs hold or do not.
 */

const note = z
  .string()
  .min(1)
  .max(64 * 1024);

export const bundleProofs = z.strictObject({
  /** Signed notes, oldest first; only the newest when the log was empty before. */
  checkpoints: z.union([z.tuple([note]), z.tuple([note, note])]),
  consistency: z.array(hashBase64).max(64),
});
export type BundleProofs = z.infer<typeof bundleProofs>;

/** The proofs for a manifest that is in the log, from the log's state at `since` (RFC 3339) on. Throws LOG. */
export async function proofsOf(
  log: LogStore,
  { note: newest, size }: Logged,
  since: string,
): Promise<BundleProofs> {
  const older = await log.checkpointAt(since);
  const from = older === null ? size : parseCheckpoint(parseNote(older).text).size;
  if (older === null || from >= size) return { checkpoints: [newest], consistency: [] };
  const proof = await proveConsistency(log, from, size);
  return {
    checkpoints: [older, newest],
    consistency: proof.map(toBase64),
  };
}
