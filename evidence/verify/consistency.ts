import { bundleProofs } from '../bundle/proofs.ts';
import { EvidenceError } from '../errors.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { type TreeHead, verifyConsistency } from '../merkle.ts';
import { type InLog, originText, readNote } from './logged.ts';
import { type CheckList, one, type Problem, shapeProblems } from './report.ts';
import { type Believed, openWith } from './trust.ts';

/**
 * Whether the log that is seen here is the one that was seen elsewhere and before: the bundle's own proofs hold, and no
 * checkpoint that the verifier kept contradicts them. Two trees of one size with two roots are a fork; a log that
 * became smaller was rolled back. Both are signed by the log itself, so they convict it.
 */
export function checkConsistency(
  proofs: unknown,
  inLog: InLog | null,
  believed: Believed,
  checks: CheckList,
): void {
  const { kept } = believed;
  const own = proofs === undefined ? [] : checkProofs(proofs, believed, checks);
  if (inLog === null) return checks.skip('consistency', 'the place in the log is not known');
  if (own === null) return;
  const { origin, size } = inLog.facts;
  const seen: readonly TreeHead[] = [...inLog.heads, ...own];
  const problems = [...forks(seen, origin), ...rolledBack(kept)];
  let unproved = 0;
  for (const checkpoint of kept) {
    if (checkpoint.origin !== origin) continue;
    const same = seen.find((head) => head.size === checkpoint.size);
    if (same === undefined) unproved += 1;
    else if (!isSameRoot(same, checkpoint))
      problems.push(...fork(checkpoint, origin, 'checkpoint that was kept'));
  }
  if (own.some((head) => head.origin !== origin)) {
    problems.push(...one('CONSISTENCY', 'the checkpoints are those of another log', 'proofs.checkpoints'));
  }
  const newest = own.at(-1);
  if (newest !== undefined && newest.size !== size) {
    const what = `the newest checkpoint is about ${newest.size} leaves, the proof of inclusion about ${size}`;
    problems.push(...one('CONSISTENCY', what, 'proofs.checkpoints'));
  }
  if (!checks.record('consistency', problems)) return;
  if (kept.filter((one) => one.origin === origin).length > unproved) return;
  checks.warn('consistency', unprovedAgainst(unproved, size));
}

function unprovedAgainst(unproved: number, size: number): Problem {
  const what =
    unproved === 0
      ? 'no checkpoint was kept to compare with: a log that shows others another history would not be noticed'
      : `nothing here connects the kept checkpoints with the tree of ${size} leaves`;
  const fix = 'Keep checkpoints ("exhibit log tail"), and compare with the log itself ("exhibit log audit").';
  return { code: 'CONSISTENCY_UNPROVED', what, where: 'proofs', fix };
}

/** The checkpoints that the bundle brings, when they hold together; null when not, which is filed. */
function checkProofs(proofs: unknown, believed: Believed, checks: CheckList): readonly Checkpoint[] | null {
  const shape = bundleProofs.safeParse(proofs);
  if (!shape.success) {
    checks.record('consistency', shapeProblems('PROOFS_SHAPE', shape.error, 'proofs'));
    return null;
  }
  const found: Checkpoint[] = [];
  for (const [index, note] of shape.data.checkpoints.entries()) {
    const checkpoint = readOwn(note, believed);
    if (checkpoint === null) {
      const what = 'is not a checkpoint that the log signed';
      checks.record('consistency', one('CONSISTENCY', what, `proofs.checkpoints[${index}]`));
      return null;
    }
    found.push(checkpoint);
  }
  const problems = proofProblems(found, shape.data.consistency);
  if (problems.length === 0) return found;
  checks.record('consistency', problems);
  return null;
}

function readOwn(note: string, { logKeys }: Believed): Checkpoint | null {
  if (logKeys.length === 0) return readNote(note);
  try {
    return openWith(note, logKeys).checkpoint;
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

function proofProblems([older, newer]: readonly Checkpoint[], hashes: readonly string[]): readonly Problem[] {
  if (older === undefined || newer === undefined) {
    if (hashes.length === 0) return [];
    return one('CONSISTENCY', 'there is a proof, and only one checkpoint', 'proofs.consistency');
  }
  if (older.size > newer.size) {
    const what = `the log had ${older.size} leaves and has ${newer.size}: it was rolled back`;
    return one('LOG_ROLLED_BACK', what, 'proofs.checkpoints', ASK);
  }
  if (older.size === newer.size && !isSameRoot(older, newer))
    return fork(older, older.origin, 'other checkpoint');
  const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
  if (verifyConsistency(older, newer, proof)) return [];
  const what = `no proof that the tree of ${newer.size} leaves begins with that of ${older.size}`;
  return one('CONSISTENCY', what, 'proofs.consistency');
}

const ASK = 'History was rewritten: keep this file and the checkpoints, and ask the operator of the agent.';

/** Trees of one size with two roots among those that are seen here. */
function forks(heads: readonly TreeHead[], origin: string): Problem[] {
  const bySize = new Map<number, TreeHead>();
  for (const head of heads) {
    const same = bySize.get(head.size);
    if (same !== undefined && !isSameRoot(same, head)) return [...fork(head, origin, 'attestation')];
    bySize.set(head.size, head);
  }
  return [];
}

function fork({ size }: TreeHead, origin: string, other: string): readonly Problem[] {
  const what = `${originText(origin)} has two trees of ${size} leaves: this one, and that of the ${other}`;
  return one('LOG_FORKED', what, 'proofs.checkpoints', ASK);
}

/** Each kept checkpoint was the newest when it was kept. */
function rolledBack(kept: readonly Checkpoint[]): Problem[] {
  return kept.flatMap((checkpoint, index) => {
    const before = kept.slice(0, index).findLast(({ origin }) => origin === checkpoint.origin);
    if (before === undefined || before.size <= checkpoint.size) {
      const isFork = before?.size === checkpoint.size && !isSameRoot(before, checkpoint);
      return isFork ? fork(checkpoint, checkpoint.origin, 'checkpoint kept before it') : [];
    }
    const what = `${originText(checkpoint.origin)} had ${before.size} leaves and then ${checkpoint.size}: it was rolled back`;
    return one('LOG_ROLLED_BACK', what, `checkpoints[${index}]`, ASK);
  });
}

function isSameRoot(a: TreeHead, b: TreeHead): boolean {
  return Buffer.compare(a.root, b.root) === 0;
}
