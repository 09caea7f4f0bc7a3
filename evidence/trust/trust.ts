import type { KeyObject } from 'node:crypto';
import { EvidenceError } from '../errors.ts';
import { keyId, readPublicKey } from '../sign/key.ts';
import { type FollowedHistory, readKeyHistory } from './follow-history.ts';
import type { CheckpointHistoryKey, HistoryKey } from './key-history.ts';

/** A key that signatures are verified with, and when it may be believed. */
export interface TrustedKey {
  readonly keyId: string;
  readonly key: KeyObject;
  /** Null: no history was given, so nobody knows. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly revokedAt: string | null;
}

export interface KeyTrust {
  /** By key id. */
  readonly evidence: ReadonlyMap<string, TrustedKey>;
  /** Verifier keys of the log, with their windows; empty without a history. */
  readonly checkpoints: readonly CheckpointHistoryKey[];
  /** The version that was followed to. */
  readonly history: { readonly sequence: number; readonly digest: string; readonly tenant: string } | null;
}

/** What the person who verifies believes in; never taken from what is verified. */
export interface TrustGiven {
  readonly publicKeyPem: readonly string[];
  /** As `GET /v1/keys/history.json` serves it. It is believed only if one of the given keys signed a version of it. */
  readonly keyHistory?: Uint8Array | string;
}

/** Throws KEY without a key, for one that is unusable, and for a history that is not that of any given key. */
export function trustFrom({ publicKeyPem, keyHistory }: TrustGiven): KeyTrust {
  const pinned = new Map(publicKeyPem.map(readPublicKey).map((key) => [keyId(key), key]));
  if (pinned.size === 0) {
    throw new EvidenceError('KEY', 'there is no public key to verify with', {
      hint: "Give the agent's public key, from a source other than the file that is verified.",
    });
  }
  const evidence = new Map([...pinned].map(([id, key]) => [id, withoutWindow(id, key)]));
  if (keyHistory === undefined) return { evidence, checkpoints: [], history: null };
  const followed = readKeyHistory(keyHistory);
  if (![...followed.signers].some((id) => pinned.has(id))) throw foreign(followed);
  const { history, digest } = followed;
  for (const entry of history.keys) {
    if (entry.purpose === 'evidence')
      evidence.set(entry.keyId, withWindow(entry, readPublicKey(entry.publicKeyPem)));
  }
  const checkpoints = history.keys.filter((entry) => entry.purpose === 'checkpoint');
  return { evidence, checkpoints, history: { sequence: history.sequence, digest, tenant: history.tenant } };
}

/** `good` and `not provable` let evidence pass (the second with a warning); the others refuse it. */
export type WindowVerdict = 'good' | 'not provable' | 'outside' | 'revoked';

/**
 * Whether a signature may be believed that is proved (RFC 3161) to have been there at `provedAt`, or of which no time is
 * proved (null): what a signature says about its own time counts for nothing, since a stolen key can say anything.
 */
export function judgeWindow(key: Omit<TrustedKey, 'key' | 'keyId'>, provedAt: string | null): WindowVerdict {
  const { validFrom, validUntil, revokedAt } = key;
  const proved = provedAt === null ? null : Date.parse(provedAt);
  if (revokedAt !== null && (proved === null || !(proved < Date.parse(revokedAt)))) return 'revoked';
  if (proved === null || validFrom === null) return 'not provable';
  if (Number.isNaN(proved) || proved < Date.parse(validFrom)) return 'outside';
  return validUntil !== null && proved > Date.parse(validUntil) ? 'outside' : 'good';
}

/** A verdict in words. */
export function windowText(key: Omit<TrustedKey, 'key'>, verdict: WindowVerdict): string {
  const until = key.validUntil ?? 'now';
  switch (verdict) {
    case 'good':
      return `signed while the key was good (${key.validFrom} to ${until})`;
    case 'not provable':
      return key.validFrom === null
        ? 'not provable without the key history: nobody said when this key was good'
        : `not provable without a timestamp: the key is good from ${key.validFrom} to ${until}`;
    case 'outside':
      return `signed when the key was not good (${key.validFrom} to ${until})`;
    case 'revoked':
      return `the key is revoked as of ${key.revokedAt}, and no timestamp proves that this was signed before`;
  }
}

function withoutWindow(id: string, key: KeyObject): TrustedKey {
  return { keyId: id, key, validFrom: null, validUntil: null, revokedAt: null };
}

function withWindow({ keyId: id, validFrom, validUntil, revokedAt }: HistoryKey, key: KeyObject): TrustedKey {
  return { keyId: id, key, validFrom, validUntil, revokedAt };
}

function foreign({ history }: FollowedHistory): EvidenceError {
  return new EvidenceError(
    'KEY',
    `none of the given keys signed the key history of ${JSON.stringify(history.tenant)}`,
    {
      hint: 'Give a public key of that agent, from a source other than the agent itself.',
    },
  );
}
