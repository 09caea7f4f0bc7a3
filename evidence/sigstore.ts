import { z } from 'zod';
import { canonicalize } from './canonical-json.ts';
import { DIGEST_PATTERN } from './digest.ts';
import { type DsseEnvelope, dsseEnvelope } from './dsse.ts';

/**
 * A Sigstore bundle v0.3 in its smallest form: a DSSE envelope and a hint which public key to verify it with. Stock
 * verifiers accept it with a key and without a log (`cosign verify-blob-attestation --insecure-ignore-tlog`).
 */

export const SIGSTORE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export const attestation = z.strictObject({
  mediaType: z.literal(SIGSTORE_MEDIA_TYPE),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({
      /** `keyId()` of the public key. Not signed: it only picks among keys that are trusted anyway. */
      hint: z.string().regex(DIGEST_PATTERN, 'must be the id of a key'),
    }),
  }),
  dsseEnvelope,
});
export type Attestation = z.infer<typeof attestation>;

/** The bundle as RFC 8785 JSON. */
export function attestationOf(envelope: DsseEnvelope, keyId: string): string {
  const value: Attestation = {
    mediaType: SIGSTORE_MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: keyId } },
    dsseEnvelope: envelope,
  };
  return canonicalize(value);
}
