import { createPublicKey, hash } from 'node:crypto';
import { type ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import { EvidenceError } from '../errors.ts';
import { algorithmOf, assertTags, badToken, children, hasTag, octetsOf, TAG } from './asn1.ts';
import type { TimestampChain } from './chain.ts';
import { OID_SHA256 } from './request.ts';
import { readSignedData, type SignedBy } from './signed-data.ts';

/**
 * The answer of a timestamp authority (TimeStampResp, RFC 3161 §2.4.2), which is also what a Sigstore bundle carries.
 *
 * @sigstore/core parses the DER and checks imprint, message digest and signature. It does not look at the status, the
 * versions, the nonce, the signed content type, which certificate is meant, at what is there twice or has another tag;
 * so that is done here.
 */
export interface TimestampToken {
  readonly parsed: RFC3161Timestamp;
  /** When the authority says that it saw the signature; whole seconds. */
  readonly time: Date;
  /** Content of the INTEGER that came back; null when there is none. */
  readonly nonce: Uint8Array | null;
  readonly signedBy: SignedBy;
}

/** Tokens have 1 to 6 KB, with the certificates of a long chain. */
export const MAX_TOKEN_BYTES = 64 * 1024;

const GRANTED = 0n;

/** Reads strictly, believes nothing. Throws TIMESTAMP. */
export function readToken(bytes: Uint8Array): TimestampToken {
  if (bytes.length > MAX_TOKEN_BYTES) throw badToken(`is larger than ${MAX_TOKEN_BYTES} bytes`);
  try {
    const parsed = RFC3161Timestamp.parse(Buffer.from(bytes));
    const [status, token, ...more] = children(parsed.root, TAG.sequence);
    const [code] = children(status, TAG.sequence);
    if (code?.toInteger() !== GRANTED) throw refused(code);
    if (token === undefined || more.length > 0) throw badToken('is missing in the answer');
    const signedBy = readSignedData(token);
    return { parsed, ...readInfo(parsed), signedBy };
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    // The parser throws whatever it stumbles over.
    throw badToken('is not the DER of a TimeStampResp', error);
  }
}

/**
 * Throws TIMESTAMP unless the token names the first of these certificates and its key signed for these bytes. What other
 * certificates it carries must be among the configured ones: nothing in it is passed over.
 */
export function assertTokenSignedBy(
  { parsed, signedBy }: TimestampToken,
  { leaf, certificates }: TimestampChain,
  signature: Uint8Array,
): void {
  const { algorithm, hash: named } = signedBy.id;
  const isNamed =
    parsed.signerIssuer.equals(leaf.issuer) &&
    parsed.signerSerialNumber.equals(leaf.serialNumber) &&
    hash(algorithm, leaf.root.toDER(), 'buffer').equals(named);
  if (!isNamed) throw badToken('was not signed with the certificate of the configured timestamp authority');
  assertCarried(
    signedBy.certificates,
    certificates.map(({ root }) => root.toDER()),
  );
  try {
    const key = createPublicKey({ key: leaf.publicKey, format: 'der', type: 'spki' });
    parsed.verify(Buffer.from(signature), key);
  } catch (error) {
    throw badToken('is not about this signature, or was not signed by the configured authority', error);
  }
}

/** Either none, or the one that signed, and then no other than those that were configured. */
function assertCarried(carried: readonly Buffer[], configured: readonly Buffer[]): void {
  const isKnown = (certificate: Buffer): boolean => configured.some((known) => known.equals(certificate));
  const hasLeaf = carried.some((certificate) => configured[0]?.equals(certificate));
  if (carried.length === 0 || (hasLeaf && carried.every(isKnown))) return;
  throw badToken('carries a certificate that is none of those of the configured timestamp authority');
}

/** TSTInfo: version, policy, imprint, serial number, time; then accuracy, ordering, nonce, name, extensions. */
function readInfo({ tstInfo }: RFC3161Timestamp): Pick<TimestampToken, 'time' | 'nonce'> {
  const fields = children(tstInfo.root, TAG.sequence);
  const [version, , imprint, , genTime] = fields;
  assertTags(fields.slice(0, 5), [TAG.integer, TAG.oid, TAG.sequence, TAG.integer, TAG.generalizedTime]);
  if (version?.toInteger() !== 1n) throw badToken('is of an unknown version');
  const [algorithm, imprinted] = children(imprint, TAG.sequence, 2);
  if (algorithmOf(algorithm) !== OID_SHA256) throw badToken('has an imprint that is not SHA-256');
  octetsOf(imprinted);
  const time = genTime?.toDate() ?? new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw badToken('has a time that does not exist');
  const optional = fields.slice(5);
  assertNotCritical(optional.find((field) => hasTag(field, TAG.context1)));
  const [nonce, ...more] = optional.filter((field) => hasTag(field, TAG.integer));
  if (more.length > 0) throw badToken('has two nonces');
  return { time, nonce: nonce?.value ?? null };
}

/** An extension of the token that must not be passed over, and that nothing here understands. */
function assertNotCritical(extensions: ASN1Obj | undefined): void {
  for (const { subs } of extensions?.subs ?? []) {
    if (subs.length > 2 && subs[1]?.toBoolean() === true) throw badToken('has a critical extension');
  }
}

/** PKIStatus of RFC 3161 §2.4.2; anything but "granted" is no token that says what was asked for. */
function refused(status: ASN1Obj | undefined): EvidenceError {
  const code = status?.toInteger() ?? 'none';
  return new EvidenceError(
    'TIMESTAMP',
    `the timestamp authority did not grant the request (status ${code})`,
    {
      hint: 'Ask who runs it which requests it takes; what is sent has SHA-256, a nonce and no policy.',
    },
  );
}
