import { z } from 'zod';
import { timestamp } from '../account/schema.ts';
import { canonicalize } from '../canonical-json.ts';
import { DIGEST_PATTERN, type Digest, digestOf, hexOf } from '../digest.ts';
import { dsseEnvelope, signPayload } from '../dsse.ts';
import { EvidenceError } from '../errors.ts';
import type { Signer } from '../sign/signer.ts';
import { SIGSTORE_MEDIA_TYPE } from '../sigstore.ts';
import { STATEMENT_TYPE, statementAbout } from '../statement.ts';

/**
 * Which keys an agent has signed with, and when each may be believed. Every change makes a new version, which holds all
 * keys, names the version before it by digest, and is signed by a key that was good before the change: whoever pins one
 * old public key can follow the versions to the keys of today.
 */

export const KEY_HISTORY_SCHEMA = 'exhibit.key-history/v1';
export const KEY_HISTORY_PREDICATE_TYPE = 'https://exhibit.dev/key-history/v1';
/** The one subject's name. */
export const KEY_HISTORY_NAME = 'key-history.json';
/** What is stored and served: every version, oldest first. */
export const KEY_HISTORY_CHAIN_SCHEMA = 'exhibit.key-history-chain/v1';

/** What a DSSE payload may hold is enough for these. */
export const MAX_KEYS = 96;

const digest = z.string().regex(DIGEST_PATTERN, 'must be sha256: and 64 hexadecimal digits');
const name = z.string().min(1).max(256);
const reason = z.string().min(1).max(1_000);

const window = {
  /** `keyId()`: digest of the public key as DER SubjectPublicKeyInfo. */
  keyId: digest,
  /** Signatures are good from here, inclusive … */
  validFrom: timestamp,
  /** … to here, inclusive; null while nothing has taken over. */
  validUntil: timestamp.nullable(),
  /** From this instant on nothing that the key signed is believed, whatever its window says. */
  revokedAt: timestamp.nullable(),
  revocationReason: reason.nullable(),
};

const evidenceKey = z.strictObject({
  ...window,
  purpose: z.literal('evidence'),
  algorithm: z.literal('ecdsa-p256-sha256'),
  /** SubjectPublicKeyInfo. */
  publicKeyPem: z.string().min(1).max(1_024),
});

const checkpointKey = z.strictObject({
  ...window,
  purpose: z.literal('checkpoint'),
  algorithm: z.literal('ed25519'),
  /** Verifier key of signed notes (c2sp.org/signed-note); its name is the log's origin. */
  vkey: z.string().min(1).max(512),
});

const historyKey = z
  .discriminatedUnion('purpose', [evidenceKey, checkpointKey])
  .refine(({ validFrom, validUntil }) => validUntil === null || validFrom <= validUntil, {
    message: 'must not end before it begins',
    path: ['validUntil'],
  })
  .refine(({ revokedAt, revocationReason }) => (revokedAt === null) === (revocationReason === null), {
    message: 'must be there exactly when the key is revoked',
    path: ['revocationReason'],
  });
export type HistoryKey = z.infer<typeof historyKey>;
export type EvidenceHistoryKey = z.infer<typeof evidenceKey>;
export type CheckpointHistoryKey = z.infer<typeof checkpointKey>;
export type KeyPurpose = HistoryKey['purpose'];

export const keyHistory = z.strictObject({
  schema: z.literal(KEY_HISTORY_SCHEMA),
  tenant: name,
  /** 1 for the first version. */
  sequence: z.int().positive(),
  /** Digest of the version before; null for the first. */
  previous: digest.nullable(),
  createdAt: timestamp,
  /** What this version changed. `accept`: the new key signs, so that who pins only that one can look back. */
  change: z.strictObject({
    kind: z.enum(['begin', 'rotate', 'accept', 'revoke']),
    keyId: digest,
    /** `os:<user>` for a command, `agent` for the agent itself. */
    by: name,
  }),
  /** In the order in which they came. */
  keys: z.array(historyKey).min(1).max(MAX_KEYS),
});
export type KeyHistory = z.infer<typeof keyHistory>;

export const keyHistoryStatement = statementAbout(KEY_HISTORY_NAME, KEY_HISTORY_PREDICATE_TYPE, keyHistory);

/** A version as it is stored: a Sigstore bundle over its statement, in whose predicate the version stands. */
export const signedKeyHistory = z.strictObject({
  mediaType: z.literal(SIGSTORE_MEDIA_TYPE),
  verificationMaterial: z.strictObject({ publicKey: z.strictObject({ hint: digest }) }),
  dsseEnvelope,
});
export type SignedKeyHistory = z.infer<typeof signedKeyHistory>;

export const keyHistoryChain = z.strictObject({
  schema: z.literal(KEY_HISTORY_CHAIN_SCHEMA),
  versions: z.array(signedKeyHistory).min(1).max(1_024),
});

export function keyHistoryDigest(history: KeyHistory): Digest {
  return digestOf(canonicalize(history));
}

/** Throws EvidenceError KEY for what is no version of a history, or when signing fails. */
export async function signKeyHistory(history: KeyHistory, signer: Signer): Promise<SignedKeyHistory> {
  const issue = keyHistory.safeParse(history).error?.issues[0];
  if (issue !== undefined)
    throw new EvidenceError('KEY', `key history: ${issue.path.join('.')}: ${issue.message}`);
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: KEY_HISTORY_NAME, digest: { sha256: hexOf(keyHistoryDigest(history)) } }],
    predicateType: KEY_HISTORY_PREDICATE_TYPE,
    predicate: history,
  };
  const { keyId } = signer;
  return {
    mediaType: SIGSTORE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyId } },
    dsseEnvelope: await signPayload(Buffer.from(canonicalize(statement)), signer),
  };
}

/** The stored and served form, RFC 8785. */
export function formatKeyHistory(versions: readonly SignedKeyHistory[]): string {
  return canonicalize({ schema: KEY_HISTORY_CHAIN_SCHEMA, versions: [...versions] });
}
