import { z } from 'zod';
import { canonicalBase64, hashBase64, toBase64 } from '../base64.ts';
import { canonicalize, canonicalizeOrdered } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { leafHash } from '../merkle.ts';

/**
 * What a leaf of the log says: who signed which DSSE envelope. The shape is that of Rekor v2's hashedrekord 0.0.2 over
 * the pre-authentication encoding (github.com/sigstore/rekor-tiles), so that stock verifiers compare it with the bundle
 * it comes with.
 */

const MAX_ENTRY_BYTES = 4096;

const decimal = z.string().regex(/^(?:0|[1-9][0-9]{0,15})$/, 'must be a decimal number');

const entrySchema = z.strictObject({
  apiVersion: z.literal('0.0.2'),
  kind: z.literal('hashedrekord'),
  spec: z.strictObject({
    hashedRekordV002: z.strictObject({
      data: z.strictObject({ algorithm: z.literal('SHA2_256'), digest: hashBase64 }),
      signature: z.strictObject({
        content: canonicalBase64(128),
        verifier: z.strictObject({
          keyDetails: z.literal('PKIX_ECDSA_P256_SHA_256'),
          publicKey: z.strictObject({ rawBytes: canonicalBase64(256) }),
        }),
      }),
    }),
  }),
});

/** A member of a Sigstore bundle's `verificationMaterial.tlogEntries` (protobuf-specs, TransparencyLogEntry). */
export const tlogEntrySchema = z.strictObject({
  logIndex: decimal,
  logId: z.strictObject({ keyId: canonicalBase64(64) }),
  kindVersion: z.strictObject({ kind: z.literal('hashedrekord'), version: z.literal('0.0.2') }),
  inclusionProof: z.strictObject({
    logIndex: decimal,
    rootHash: hashBase64,
    treeSize: decimal,
    hashes: z.array(hashBase64).max(64),
    checkpoint: z.strictObject({ envelope: z.string().min(1).max(8192) }),
  }),
  canonicalizedBody: canonicalBase64(8192),
});
export type TlogEntry = z.infer<typeof tlogEntrySchema>;

export interface LoggedSignature {
  /** SHA-256 of the pre-authentication encoding, 32 bytes. */
  readonly paeDigest: Uint8Array;
  /** ECDSA P-256, ASN.1 DER. */
  readonly signature: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/** The leaf's bytes: RFC 8785 JSON. Throws LOG for what makes no valid entry. */
export function logEntry({ paeDigest, signature, publicKey }: LoggedSignature): string {
  const entry: z.infer<typeof entrySchema> = {
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: { algorithm: 'SHA2_256', digest: toBase64(paeDigest) },
        signature: {
          content: toBase64(signature),
          verifier: {
            keyDetails: 'PKIX_ECDSA_P256_SHA_256',
            publicKey: { rawBytes: toBase64(publicKey) },
          },
        },
      },
    },
  };
  const issue = entrySchema.safeParse(entry).error?.issues[0];
  if (issue !== undefined) throw malformed(`${issue.path.join('.')} ${issue.message}`);
  return canonicalizeOrdered(entry);
}

/** Reads a leaf's bytes. Throws LOG unless they are exactly what `logEntry` writes. */
export function parseLogEntry(entry: string | Uint8Array): LoggedSignature {
  // Bytes that are not UTF-8 become a character that no member can hold.
  const text = typeof entry === 'string' ? entry : Buffer.from(entry).toString();
  if (text.length > MAX_ENTRY_BYTES) throw malformed(`it is longer than ${MAX_ENTRY_BYTES} bytes`);
  const parsed = entrySchema.safeParse(fromJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join('.')} ${issue?.message}`);
  }
  if (canonicalize(parsed.data) !== text) throw malformed('it is not in RFC 8785 form');
  const { data, signature } = parsed.data.spec.hashedRekordV002;
  return {
    paeDigest: Buffer.from(data.digest, 'base64'),
    signature: Buffer.from(signature.content, 'base64'),
    publicKey: Buffer.from(signature.verifier.publicKey.rawBytes, 'base64'),
  };
}

/** Whether these bytes hold a digest, a signature and a key, and nothing else. */
export function isLogEntry(entry: Uint8Array): boolean {
  try {
    parseLogEntry(entry);
    return true;
  } catch {
    return false;
  }
}

/** The leaf in the log's tree. */
export function leafHashOfEntry(entry: string | Uint8Array): Uint8Array {
  return leafHash(typeof entry === 'string' ? Buffer.from(entry) : entry);
}

export interface IncludedEntry {
  readonly entry: string;
  /** From 0. */
  readonly index: number;
  /** Of the tree that the proof and the checkpoint are about. */
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string;
  /** `keyIdBytes()` of the log's key, as in the trusted root. */
  readonly logId: Uint8Array;
}

/** What a Sigstore bundle carries as proof that its signature is in the log. */
export function tlogEntry({ entry, index, size, root, proof, checkpoint, logId }: IncludedEntry): TlogEntry {
  return {
    canonicalizedBody: toBase64(Buffer.from(entry)),
    inclusionProof: {
      checkpoint: { envelope: checkpoint },
      hashes: proof.map(toBase64),
      logIndex: String(index),
      rootHash: toBase64(root),
      treeSize: String(size),
    },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    logId: { keyId: toBase64(logId) },
    logIndex: String(index),
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('it is not JSON');
  }
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('LOG', `the log entry is malformed: ${why}`);
}
