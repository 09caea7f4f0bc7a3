import { hash } from 'node:crypto';
import { der, derInteger, derNull, derOctetString, derOid, derSequence } from './der.ts';

export const OID_SHA256 = '2.16.840.1.101.3.4.2.1';

/** A nonce is long enough when nobody can have an answer ready for it. */
export const NONCE_BYTES = 8;

/**
 * The TimeStampReq of RFC 3161 §2.4.1 for the SHA-256 of a signature, which is what a Sigstore bundle carries a
 * timestamp of. Asks for the certificate too: some verifiers look for it in the token.
 */
export function timestampRequest(signature: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = derSequence(
    derSequence(derOid(OID_SHA256), derNull()),
    derOctetString(hash('sha256', signature, 'buffer')),
  );
  const version = derInteger(Uint8Array.of(1));
  const certificateRequired = der(0x01, Uint8Array.of(0xff));
  return derSequence(version, imprint, derInteger(nonce), certificateRequired);
}
