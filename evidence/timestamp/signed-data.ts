import type { ASN1Obj } from '@sigstore/core';
import { algorithmOf, assertTags, badToken, children, hasTag, octetsOf, TAG } from './asn1.ts';
import { OID_SHA256 } from './request.ts';

/** How a token names the certificate that signed it: ESSCertIDv2 (RFC 5816) or ESSCertID (RFC 3161). */
export interface CertificateId {
  readonly algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly hash: Uint8Array;
}

/** What a token says of who signed it. */
export interface SignedBy {
  readonly id: CertificateId;
  /** DER; empty when the token carries none. */
  readonly certificates: readonly Buffer[];
}

const OID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const OID_TST_INFO = '1.2.840.113549.1.9.16.1.4';
const OID_CONTENT_TYPE = '1.2.840.113549.1.9.3';
const OID_MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const OID_SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const OID_SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const DIGESTS: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512'>> = {
  [OID_SHA256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** ECDSA with SHA-256, 384, 512; RSA, with the digest named apart or together. */
const SIGNATURES: readonly string[] = [
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.2.840.113549.1.1.1',
  '1.2.840.113549.1.1.11',
];

/** CMS versions (RFC 5652 §5): 3 because the content is no plain data, 1 because issuer and serial name the signer. */
const SIGNED_DATA_VERSION = 3n;
const SIGNER_VERSION = 1n;

/**
 * Checks that a token is CMS SignedData (RFC 5652) as RFC 3161 §2.4.2 wants it: one signer, one digest, each signed
 * attribute once, nothing that is not signed but certificates. Verifies no signature. Throws TIMESTAMP.
 */
export function readSignedData(token: ASN1Obj | undefined): SignedBy {
  const content = children(token, TAG.sequence);
  assertTags(content, [TAG.oid, TAG.context0]);
  if (content[0]?.toOID() !== OID_SIGNED_DATA) throw badToken('is no signed data');
  const [signedData] = children(content[1], TAG.context0, 1);
  const parts = children(signedData, TAG.sequence);
  const certificates = parts.length > 4 ? parts[3] : undefined;
  const optional = certificates === undefined ? [] : [TAG.context0];
  assertTags(parts, [TAG.integer, TAG.set, TAG.sequence, ...optional, TAG.set]);
  if (parts[0]?.toInteger() !== SIGNED_DATA_VERSION) throw badToken('is of an unknown version');
  assertContent(parts[2]);
  const [signer] = children(parts.at(-1), TAG.set, 1);
  const [digest] = children(parts[1], TAG.set, 1);
  return {
    id: readSigner(signer, algorithmOf(digest)),
    certificates: certificates?.subs.map((certificate) => certificate.toDER()) ?? [],
  };
}

function assertContent(content: ASN1Obj | undefined): void {
  const parts = children(content, TAG.sequence);
  assertTags(parts, [TAG.oid, TAG.context0]);
  assertTags(children(parts[1], TAG.context0), [TAG.octetString]);
  if (parts[0]?.toOID() !== OID_TST_INFO) throw badToken('is of something else than a time');
}

function readSigner(signer: ASN1Obj | undefined, digest: string): CertificateId {
  const parts = children(signer, TAG.sequence);
  const head = [TAG.integer, TAG.sequence, TAG.sequence, TAG.context0];
  assertTags(parts, [...head, TAG.sequence, TAG.octetString]);
  const [version, name, digestAlgorithm, attributes, signatureAlgorithm] = parts;
  if (version?.toInteger() !== SIGNER_VERSION) throw badToken('is of an unknown version');
  assertTags(children(name, TAG.sequence), [TAG.sequence, TAG.integer]);
  const isKnown = DIGESTS[digest] !== undefined && SIGNATURES.includes(algorithmOf(signatureAlgorithm));
  if (!isKnown || algorithmOf(digestAlgorithm) !== digest)
    throw badToken('is signed by an unknown algorithm');
  return readCertificateId(readAttributes(attributes));
}

/** By object identifier; one value each. */
function readAttributes(signed: ASN1Obj | undefined): ReadonlyMap<string, ASN1Obj> {
  const attributes = new Map<string, ASN1Obj>();
  for (const attribute of children(signed, TAG.context0)) {
    const [type, values] = children(attribute, TAG.sequence, 2);
    const [value] = children(values, TAG.set, 1);
    const oid = type?.toOID() ?? '';
    if (value === undefined || attributes.has(oid)) throw badToken('has a signed attribute twice');
    attributes.set(oid, value);
  }
  if (attributes.get(OID_CONTENT_TYPE)?.toOID() !== OID_TST_INFO || !attributes.has(OID_MESSAGE_DIGEST)) {
    throw badToken('was not signed as a timestamp');
  }
  return attributes;
}

/** The first in the list is that of the signer's certificate (RFC 5035 §3). */
function readCertificateId(attributes: ReadonlyMap<string, ASN1Obj>): CertificateId {
  const v2 = attributes.get(OID_SIGNING_CERTIFICATE_V2);
  const [ids] = children(v2 ?? attributes.get(OID_SIGNING_CERTIFICATE), TAG.sequence);
  const [first] = children(ids, TAG.sequence);
  const [one, two] = children(first, TAG.sequence);
  if (v2 === undefined) return { algorithm: 'sha1', hash: octetsOf(one) };
  // The algorithm is left out when it is SHA-256.
  if (hasTag(one, TAG.octetString)) return { algorithm: 'sha256', hash: one.value };
  const algorithm = DIGESTS[algorithmOf(one)];
  if (algorithm === undefined) throw badToken('names its certificate by an unknown digest');
  return { algorithm, hash: octetsOf(two) };
}
