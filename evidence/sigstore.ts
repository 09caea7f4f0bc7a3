import { z } from 'zod';
import { canonicalize } from './canonical-json.ts';
import { DIGEST_PATTERN } from './digest.ts';
import { base64, type DsseEnvelope, dsseEnvelope } from './dsse.ts';
import { type TlogEntry, tlogEntrySchema } from './log/entry.ts';

/**
 * A Sigstore bundle v0.3: a DSSE envelope, a hint which public key to verify it with, its entry in the agent's log, and
 * where a timestamp authority is configured what that said. Stock verifiers accept every shape of it.
 */

export const SIGSTORE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export const attestation = z.strictObject({
  mediaType: z.literal(SIGSTORE_MEDIA_TYPE),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({
      /** `keyId()` of the public key. Not signed: it only picks among keys that are trusted anyway. */
      hint: z.string().regex(DIGEST_PATTERN, 'must be the id of a key'),
    }),
    /** Evidence always has one; the signature of a policy has none. */
    tlogEntries: z.tuple([tlogEntrySchema]).exactOptional(),
    timestampVerificationData: z
      .strictObject({ rfc3161Timestamps: z.tuple([z.strictObject({ signedTimestamp: base64 })]) })
      .exactOptional(),
  }),
  dsseEnvelope,
});
export type Attestation = z.infer<typeof attestation>;

export interface Witnessed {
  readonly tlogEntry?: TlogEntry;
  /** DER of an RFC 3161 TimeStampResp over the signature. */
  readonly timestamp?: Uint8Array;
}

/** The bundle as RFC 8785 JSON. */
export function attestationOf(envelope: DsseEnvelope, keyId: string, by: Witnessed = {}): string {
  const { tlogEntry: entry, timestamp } = by;
  const value: Attestation = {
    mediaType: SIGSTORE_MEDIA_TYPE,
    verificationMaterial: {
      publicKey: { hint: keyId },
      ...(entry === undefined ? {} : { tlogEntries: [entry] }),
      ...(timestamp === undefined
        ? {}
        : {
            timestampVerificationData: {
              rfc3161Timestamps: [{ signedTimestamp: Buffer.from(timestamp).toString('base64') }],
            },
          }),
    },
    dsseEnvelope: envelope,
  };
  return canonicalize(value);
}
