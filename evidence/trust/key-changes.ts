import type { Timestamp } from '../../connectors/sdk/index.ts';
import { EvidenceError } from '../errors.ts';
import { noteKeyObject, parseVkey } from '../log/vkey.ts';
import { keyId, readPublicKey } from '../sign/key.ts';
import {
  type CheckpointHistoryKey,
  type EvidenceHistoryKey,
  type HistoryKey,
  KEY_HISTORY_SCHEMA,
  type KeyHistory,
  type KeyPurpose,
  keyHistoryDigest,
  MAX_KEYS,
} from './key-history.ts';

/** The changes that a history can go through; each returns the next version, not yet signed. */

export interface ChangeBy {
  readonly at: Timestamp;
  readonly by: string;
}

/** An evidence key, valid from then on. Throws KEY unless it is a public P-256 key. */
export function evidenceEntry(publicKeyPem: string, validFrom: Timestamp): EvidenceHistoryKey {
  const id = keyId(readPublicKey(publicKeyPem));
  return { ...open(id, validFrom), purpose: 'evidence', algorithm: 'ecdsa-p256-sha256', publicKeyPem };
}

/** A checkpoint key, valid from then on. Throws LOG for what is no verifier key. */
export function checkpointEntry(vkey: string, validFrom: Timestamp): CheckpointHistoryKey {
  const id = keyId(noteKeyObject(parseVkey(vkey)));
  return { ...open(id, validFrom), purpose: 'checkpoint', algorithm: 'ed25519', vkey };
}

/** The first version of a tenant's history. */
export function beginHistory(
  tenant: string,
  keys: readonly [EvidenceHistoryKey, ...HistoryKey[]],
  { at, by }: ChangeBy,
): KeyHistory {
  return {
    schema: KEY_HISTORY_SCHEMA,
    tenant,
    sequence: 1,
    previous: null,
    createdAt: at,
    change: { kind: 'begin', keyId: keys[0].keyId, by },
    keys: [...keys],
  };
}

/**
 * A new key takes over; the one before it stays good for `overlapMs` more, so that what was signed with it in the
 * meantime is not lost. Throws KEY for a key that the history knows already, or when it is full.
 */
export function withNewKey(
  history: KeyHistory,
  entry: HistoryKey,
  overlapMs: number,
  { at, by }: ChangeBy,
): KeyHistory {
  if (history.keys.some(({ keyId: known }) => known === entry.keyId)) {
    throw new EvidenceError('KEY', `the key ${entry.keyId} is in the key history already`, {
      hint: 'A key that was replaced does not come back: make a new one.',
    });
  }
  if (history.keys.length >= MAX_KEYS)
    throw new EvidenceError('KEY', `the key history is full: ${MAX_KEYS} keys`);
  const end = new Date(Date.parse(at) + overlapMs).toISOString();
  const keys = history.keys.map((key) =>
    key.purpose === entry.purpose && key.validUntil === null ? { ...key, validUntil: end } : key,
  );
  return {
    ...following(history, at),
    change: { kind: 'rotate', keyId: entry.keyId, by },
    keys: [...keys, entry],
  };
}

/** Nothing changes but that the new key signs: it exists, and vouches for what was before it. */
export function accepted(history: KeyHistory, id: string, { at, by }: ChangeBy): KeyHistory {
  return { ...following(history, at), change: { kind: 'accept', keyId: id, by } };
}

export interface Revocation extends ChangeBy {
  readonly keyId: string;
  readonly reason: string;
  /** From when on the key is not believed; default: `at`. */
  readonly since?: Timestamp;
}

/** Ends trust in a key from an instant on. Throws KEY for one that is not there, is revoked, or has no successor. */
export function withRevokedKey(history: KeyHistory, revocation: Revocation): KeyHistory {
  const { keyId: id, reason, at, by, since = at } = revocation;
  const key = history.keys.find((entry) => entry.keyId === id);
  if (key === undefined) {
    throw new EvidenceError('KEY', 'the key history has no key with this id', {
      hint: 'See `exhibit keys list`.',
    });
  }
  if (key.revokedAt !== null)
    throw new EvidenceError('KEY', `the key was revoked already, as of ${key.revokedAt}`);
  if (key.validUntil === null) {
    throw new EvidenceError('KEY', 'the key is the current one: nothing could sign that it is revoked', {
      hint: 'Let a new key take over in the same step: add --rotate.',
    });
  }
  if (since > at) throw new EvidenceError('KEY', 'a key can not be revoked as of a time in the future');
  const keys = history.keys.map((entry) =>
    entry.keyId === id ? { ...entry, revokedAt: since, revocationReason: reason } : entry,
  );
  return { ...following(history, at), change: { kind: 'revoke', keyId: id, by }, keys };
}

/** The key that signs now: the newest one of its purpose that nothing has replaced. Throws KEY when there is none. */
export function currentKey(history: KeyHistory, purpose: 'evidence'): EvidenceHistoryKey;
export function currentKey(history: KeyHistory, purpose: 'checkpoint'): CheckpointHistoryKey;
export function currentKey(history: KeyHistory, purpose: KeyPurpose): HistoryKey {
  const key = history.keys.findLast((entry) => entry.purpose === purpose && entry.validUntil === null);
  if (key !== undefined) return key;
  throw new EvidenceError('KEY', `the key history has no current key for ${purpose}`);
}

function following(history: KeyHistory, at: Timestamp): KeyHistory {
  if (at < history.createdAt) {
    throw new EvidenceError(
      'KEY',
      `the newest version of the key history is from ${history.createdAt}, which is later`,
      {
        hint: 'Set the clock of this machine right.',
      },
    );
  }
  return { ...history, sequence: history.sequence + 1, previous: keyHistoryDigest(history), createdAt: at };
}

function open(id: string, validFrom: Timestamp) {
  return { keyId: id, validFrom, validUntil: null, revokedAt: null, revocationReason: null };
}
