import type { KeyObject } from 'node:crypto';
import { canonicalize } from '../canonical-json.ts';
import { type Digest, hexOf } from '../digest.ts';
import { isSignedBy, PAYLOAD_TYPE, payloadBytes } from '../dsse.ts';
import { EvidenceError } from '../errors.ts';
import { noteKeyObject, parseVkey } from '../log/vkey.ts';
import { readJson } from '../read-json.ts';
import { keyId, readPublicKey } from '../sign/key.ts';
import {
  type HistoryKey,
  type KeyHistory,
  keyHistoryChain,
  keyHistoryDigest,
  keyHistoryStatement,
  type SignedKeyHistory,
} from './key-history.ts';

/** Larger than 96 keys can make it. */
const MAX_BYTES = 16 * 1024 ** 2;

export interface FollowedHistory {
  /** The newest version. */
  readonly history: KeyHistory;
  readonly digest: Digest;
  /** Oldest first, as they were signed. */
  readonly versions: readonly SignedKeyHistory[];
  /** Ids of the keys that signed a version. */
  readonly signers: ReadonlySet<string>;
}

/**
 * Reads every version of a history and checks that each follows from the one before it: signed by a key that was good
 * then, nothing forgotten, no window widened. This says that the history holds together, not whose it is: for that, one
 * of `signers` must be a key that is believed on other grounds. Throws EvidenceError KEY.
 */
export function readKeyHistory(bytes: Uint8Array | string): FollowedHistory {
  const chain = parseChain(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  const signers = new Set<string>();
  let before: KeyHistory | null = null;
  for (const [index, signed] of chain.entries()) {
    const { history, signedBy } = readVersion(signed, before, `version ${index + 1}`);
    signers.add(signedBy);
    before = history;
  }
  if (before === null) throw broken('it has no version');
  return { history: before, digest: keyHistoryDigest(before), versions: chain, signers };
}

function parseChain(bytes: Uint8Array): readonly SignedKeyHistory[] {
  const read = readJson(bytes, MAX_BYTES);
  if ('unreadable' in read) throw broken(`it can not be read (${read.unreadable})`);
  const parsed = keyHistoryChain.safeParse(read.value);
  if (!parsed.success) throw broken(`it does not have the shape of one`, parsed.error);
  // A second member of the same name would be dropped by the parser: what is looked at must be all there is.
  if (canonicalize(parsed.data) !== read.text) throw broken('it is not in RFC 8785 form');
  return parsed.data.versions;
}

function readVersion(
  signed: SignedKeyHistory,
  before: KeyHistory | null,
  where: string,
): { readonly history: KeyHistory; readonly signedBy: string } {
  const { dsseEnvelope, verificationMaterial } = signed;
  if (dsseEnvelope.payloadType !== PAYLOAD_TYPE) throw broken(`${where} has a payload of an unknown type`);
  const payload = payloadBytes(dsseEnvelope);
  const read = readJson(payload, payload.length);
  if ('unreadable' in read) throw broken(`the statement of ${where} can not be read`);
  const parsed = keyHistoryStatement.safeParse(read.value);
  if (!parsed.success) throw broken(`the statement of ${where} does not have the shape of one`, parsed.error);
  if (canonicalize(parsed.data) !== read.text)
    throw broken(`the statement of ${where} is not in RFC 8785 form`);
  const { predicate: history, subject } = parsed.data;
  if (subject[0].digest.sha256 !== hexOf(keyHistoryDigest(history)))
    throw broken(`the statement of ${where} is about another document`);
  const signedBy = verificationMaterial.publicKey.hint;
  const key = signingKey(before ?? history, signedBy, history, where);
  if (!isSignedBy(dsseEnvelope, key)) throw broken(`the signature of ${where} is not valid`);
  assertKeys(history, where);
  const problem = before === null ? firstProblem(history) : linkProblem(before, history);
  if (problem !== null) throw broken(`${where} ${problem}`);
  return { history, signedBy };
}

/** A key that was good before the change. One that is being revoked does not speak for itself. */
function signingKey(known: KeyHistory, id: string, next: KeyHistory, where: string): KeyObject {
  const key = known.keys.find((entry) => entry.keyId === id);
  if (key?.purpose !== 'evidence')
    throw broken(`${where} is signed by a key that the version before does not know`);
  const at = next.createdAt;
  const ended = key.validUntil !== null && at > key.validUntil;
  if (at < key.validFrom || ended || key.revokedAt !== null)
    throw broken(`${where} is signed by a key that was not good then`);
  if (next.change.kind === 'revoke' && next.change.keyId === id)
    throw broken(`${where} is a revocation that the revoked key signed itself`);
  return readPublicKey(key.publicKeyPem);
}

function assertKeys(history: KeyHistory, where: string): void {
  const ids = new Set(history.keys.map((entry) => entry.keyId));
  if (ids.size !== history.keys.length) throw broken(`${where} lists a key twice`);
  for (const entry of history.keys) {
    if (idOf(entry) !== entry.keyId) throw broken(`${where} lists a key under an id that is not its own`);
  }
}

function idOf(entry: HistoryKey): string {
  return keyId(
    entry.purpose === 'evidence' ? readPublicKey(entry.publicKeyPem) : noteKeyObject(parseVkey(entry.vkey)),
  );
}

function firstProblem(history: KeyHistory): string | null {
  if (history.sequence !== 1 || history.previous !== null) return 'is not the beginning of a history';
  return null;
}

/** Why `next` is not what may come after `before`; null when it may. */
function linkProblem(before: KeyHistory, next: KeyHistory): string | null {
  if (next.sequence !== before.sequence + 1) return 'does not have the next number';
  if (next.previous !== keyHistoryDigest(before)) return 'does not name the version before it';
  if (next.tenant !== before.tenant) return 'is of another tenant';
  if (next.createdAt < before.createdAt) return 'is older than the version before it';
  for (const [index, old] of before.keys.entries()) {
    const same = next.keys[index];
    if (same === undefined || same.keyId !== old.keyId) return 'has forgotten a key';
    if (!onlyNarrowed(old, same)) return 'gives a key more than it had';
  }
  const added = next.keys.slice(before.keys.length);
  if (added.some(({ validFrom }) => validFrom < next.createdAt)) return 'adds a key for a time that was over';
  return null;
}

/** An end or a revocation may be added, once; everything else about a key stays. */
function onlyNarrowed(old: HistoryKey, now: HistoryKey): boolean {
  const { validUntil, revokedAt, revocationReason, ...rest } = old;
  const { validUntil: until, revokedAt: revoked, revocationReason: why, ...same } = now;
  if (canonicalize(rest) !== canonicalize(same)) return false;
  if (validUntil !== null && until !== validUntil) return false;
  return revokedAt === null || (revoked === revokedAt && why === revocationReason);
}

function broken(what: string, cause?: unknown): EvidenceError {
  return new EvidenceError('KEY', `the key history does not hold together: ${what}`, {
    hint: 'Get it again from the agent (GET /v1/keys/history.json); do not rely on this copy.',
    ...(cause === undefined ? {} : { cause }),
  });
}
