import { badToken } from './asn1.ts';
import { isValidAt, readTimestampChain, type TimestampChain } from './chain.ts';
import { assertTokenSignedBy, readToken, type TimestampToken } from './token.ts';

export interface VerifiedTimestamp {
  /** When the authority saw the signature; RFC 3339 in UTC, whole seconds. */
  readonly time: string;
}

/**
 * Whether the holder of these certificates saw exactly this signature, and when. Works offline. A timestamp is about the
 * bytes of the signature and says nothing of what was signed: verify the signature too.
 *
 * @param token TimeStampResp in DER, as `rfc3161Timestamps[].signedTimestamp` of a Sigstore bundle has it
 * @param signature the DSSE signature, ASN.1 DER
 * @param chainPem the authority's certificates from who verifies: the one that signs first, the root last
 * @throws EvidenceError TIMESTAMP for anything else
 */
export function verifyTimestamp(
  token: Uint8Array,
  signature: Uint8Array,
  chainPem: string,
): VerifiedTimestamp {
  const read = readToken(token);
  assertToken(read, signature, readTimestampChain(chainPem));
  return { time: read.time.toISOString() };
}

/** The same for what was read already. */
export function assertToken(token: TimestampToken, signature: Uint8Array, chain: TimestampChain): void {
  assertTokenSignedBy(token, chain, signature);
  if (isValidAt(chain, token.time)) return;
  throw badToken("was made when the authority's certificates were not valid");
}
