import { sha256 } from '../digest.ts';
import { pae, payloadBytes } from '../dsse.ts';
import { EvidenceError } from '../errors.ts';
import { leafDigest } from '../leaf.ts';
import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts';
import { leafHashOfEntry, parseLogEntry, type TlogEntry } from '../log/entry.ts';
import { frontierRoot } from '../log/frontier.ts';
import { parseNote } from '../log/note.ts';
import { keyIdBytes } from '../log/vkey.ts';
import type { LogPosition } from '../manifest.ts';
import { type TreeHead, verifyInclusion } from '../merkle.ts';
import { judgeWindow, windowText } from '../trust/trust.ts';
import { type CheckList, type LogFacts, one, type Problem } from './report.ts';
import type { Signed } from './signature.ts';
import { type Believed, openWith } from './trust.ts';

/** Where a signature stands in the log, as far as the proof that comes with it goes. */
export interface InLog {
  readonly facts: LogFacts;
  /** Trees that the inclusion proof itself has roots of: those that its hashes are complete subtrees of. */
  readonly heads: readonly TreeHead[];
}

const WHERE = 'attestation.verificationMaterial.tlogEntries[0]';
const LOG_CHECKS = ['inclusion', 'checkpoint', 'log-position'] as const;

/**
 * The entry is compared with the envelope in every member, because a proof of another entry proves nothing
 * (GHSA-whqx-f9j3-ch6m); then whether it is in the tree, and whether the log says that this is its tree.
 */
export function checkLogged(
  signed: Signed,
  provedAt: string | null,
  position: LogPosition | null,
  believed: Believed,
  checks: CheckList,
): InLog | null {
  const [entry] = signed.attestation.verificationMaterial.tlogEntries ?? [];
  if (entry === undefined) {
    const what = 'there is no entry of the log: nobody can tell whether this was kept from others';
    checks.record('log-entry', one('LOG_MISSING', what, WHERE));
    for (const check of LOG_CHECKS) checks.skip(check, 'there is no entry of the log');
    return null;
  }
  checks.record('log-entry', entryProblems(entry, signed));
  const { heads, included } = readProof(entry);
  checks.record('inclusion', included ? [] : one('INCLUSION', NOT_INCLUDED, `${WHERE}.inclusionProof`));
  const checkpoint = checkCheckpoint(entry, provedAt, believed, checks);
  if (checkpoint === null) {
    checks.skip('log-position', 'there is no checkpoint');
    return null;
  }
  const index = Number(entry.logIndex);
  const { origin, size } = checkpoint;
  if (position !== null) checks.record('log-position', positionProblems(position, index, origin, heads));
  const facts = { origin, index, size, proved: checkpoint.proved };
  return { facts, heads: [...heads, { size, root: checkpoint.root }] };
}

const NOT_INCLUDED =
  'the entry is not in the tree of the checkpoint: the proof was changed or is that of another entry';

function entryProblems(entry: TlogEntry, { attestation, key }: Signed): readonly Problem[] {
  const { dsseEnvelope } = attestation;
  const wrong = (what: string, where: string) => one('LOG_ENTRY', what, `${WHERE}.${where}`);
  if (entry.logIndex !== entry.inclusionProof.logIndex) {
    return wrong('the entry and its proof are about two places of the log', 'logIndex');
  }
  let body: ReturnType<typeof parseLogEntry>;
  try {
    body = parseLogEntry(Buffer.from(entry.canonicalizedBody, 'base64'));
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return wrong('is not the entry of a signature as a log writes it', 'canonicalizedBody');
  }
  const digest = sha256(pae(dsseEnvelope.payloadType, payloadBytes(dsseEnvelope)));
  const publicKey = key.key.export({ type: 'spki', format: 'der' });
  const members = [
    ['statement', body.paeDigest, digest],
    ['signature', body.signature, Buffer.from(dsseEnvelope.signatures[0].sig, 'base64')],
    ['key', body.publicKey, publicKey],
  ] as const;
  return members.flatMap(([name, logged, found]) =>
    Buffer.compare(logged, found) === 0
      ? []
      : wrong(`the log has another ${name} than the envelope`, 'canonicalizedBody'),
  );
}

function readProof(entry: TlogEntry): { readonly included: boolean; readonly heads: readonly TreeHead[] } {
  const { logIndex, treeSize, hashes, rootHash } = entry.inclusionProof;
  const [index, size] = [Number(logIndex), Number(treeSize)];
  const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
  const leaf = leafHashOfEntry(Buffer.from(entry.canonicalizedBody, 'base64'));
  const included = verifyInclusion({ leaf, index, size, proof, root: Buffer.from(rootHash, 'base64') });
  return { included, heads: included ? headsBefore(index, size, proof) : [] };
}

/**
 * The hashes of an inclusion proof that stand left of the path are the complete subtrees before the leaf, so that they
 * give the root of the tree before it, and those of some smaller ones: largest subtree first, one more each time.
 */
function headsBefore(index: number, size: number, proof: readonly Uint8Array[]): readonly TreeHead[] {
  const left: Uint8Array[] = [];
  let [position, last] = [index, size - 1];
  for (const sibling of proof) {
    if (position % 2 === 1 || position === last) {
      left.unshift(sibling);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    }
    [position, last] = [half(position), half(last)];
  }
  const heads: TreeHead[] = [{ size: 0, root: frontierRoot({ size: 0, hashes: [] }) }];
  let covered = 0;
  for (const count of left.keys()) {
    covered += largestPowerOfTwo(index - covered);
    heads.push({ size: covered, root: frontierRoot({ size: covered, hashes: left.slice(0, count + 1) }) });
  }
  return heads;
}

/** Not above the number. */
function largestPowerOfTwo(number: number): number {
  return 2 ** Math.floor(Math.log2(number));
}

function half(number: number): number {
  return Math.floor(number / 2);
}

interface ProvedCheckpoint extends Checkpoint {
  /** A trusted key signed it. */
  readonly proved: boolean;
}

function checkCheckpoint(
  { inclusionProof, logId }: TlogEntry,
  provedAt: string | null,
  believed: Believed,
  checks: CheckList,
): ProvedCheckpoint | null {
  const where = `${WHERE}.inclusionProof.checkpoint`;
  const note = inclusionProof.checkpoint.envelope;
  const wrong = (what: string) => checks.record('checkpoint', one('CHECKPOINT', what, where));
  const checkpoint = readNote(note);
  if (checkpoint === null) {
    wrong('is not a signed note with the checkpoint of a log');
    return null;
  }
  const isSameTree =
    String(checkpoint.size) === inclusionProof.treeSize &&
    Buffer.from(checkpoint.root).toString('base64') === inclusionProof.rootHash;
  if (!isSameTree) wrong('the checkpoint is about another tree than the proof');
  const opened = openTrusted(note, checkpoint, provedAt, believed, where, checks);
  if (opened === UNPROVED) return { ...checkpoint, proved: false };
  if (opened === null) return null;
  if (logId.keyId !== opened) wrong('the entry names another log than the one that signed the checkpoint');
  else if (isSameTree) checks.record('checkpoint', []);
  return { ...checkpoint, proved: true };
}

export function readNote(note: string): Checkpoint | null {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

/** In place of the id of a log: there is no key of a log to verify with. */
const UNPROVED = '';

/** The id of the log whose trusted key signed the note; null when none did, and that was filed. */
function openTrusted(
  note: string,
  { origin }: Checkpoint,
  provedAt: string | null,
  { logKeys }: Believed,
  where: string,
  checks: CheckList,
): string | null {
  if (logKeys.length === 0) {
    const what = `inclusion is only as good as the checkpoint of ${originText(origin)}, and no key of a log was given to verify it with`;
    const fix = "Give the verifier key of the agent's log, from a source other than the file.";
    checks.warn('checkpoint', { code: 'CHECKPOINT_UNPROVED', what, where, fix });
    return UNPROVED;
  }
  try {
    const { by } = openWith(note, logKeys);
    const verdict = by.window === null ? 'not provable' : judgeWindow(by.window, provedAt);
    if (by.window !== null && (verdict === 'revoked' || verdict === 'outside')) {
      const said = `the key of the log: ${windowText(by.window, verdict)}`;
      checks.record('checkpoint', one('CHECKPOINT_KEY', said, where));
      return null;
    }
    return Buffer.from(keyIdBytes(by.key)).toString('base64');
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const what = 'no trusted key of a log signed the checkpoint, or it was changed afterwards';
    checks.record('checkpoint', one('CHECKPOINT_KEY', what, where));
    return null;
  }
}

function positionProblems(
  { index, origin, root }: LogPosition,
  found: number,
  log: string,
  heads: readonly TreeHead[],
): readonly Problem[] {
  const wrong = (what: string, member: string) => one('LOG_POSITION', what, `manifest.log.${member}`);
  const problems: Problem[] = [];
  if (origin !== log) problems.push(...wrong('the manifest was made for another log', 'origin'));
  if (index !== found) {
    problems.push(
      ...wrong(`the manifest was made for place ${index} of the log, and is in place ${found}`, 'index'),
    );
    return problems;
  }
  const before = heads.find(({ size }) => size === index);
  if (before === undefined || leafDigest(before.root) !== root) {
    problems.push(...wrong('the log had another history when the manifest was made', 'root'));
  }
  return problems;
}

/** Only what looks like the name of a host is repeated. */
export function originText(origin: string): string {
  return /^[A-Za-z0-9.:/_-]{1,128}$/.test(origin) ? origin : 'the log';
}
