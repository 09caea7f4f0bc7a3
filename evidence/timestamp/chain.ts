import { X509Certificate } from '@sigstore/core';
import { EvidenceError } from '../errors.ts';

/**
 * The certificates of a timestamp authority, as `trusted_root.json` holds them: the one that signs timestamps first,
 * then the one that issued it, and so on to the self-signed root.
 *
 * What is held to RFC 3161 §2.3 is the very certificate whose key verifies the token, the first of those that were
 * configured; it is never chosen from those that come with a token (GHSA-xm5m-wgh2-rrg3: a verifier took the first
 * certificate of a token that was no CA for the one that signed).
 */
export interface TimestampChain {
  readonly leaf: X509Certificate;
  /** The leaf and all above it. */
  readonly certificates: readonly X509Certificate[];
}

const OID_KEY_USAGE = '2.5.29.15';
const OID_BASIC_CONSTRAINTS = '2.5.29.19';
const OID_EXTENDED_KEY_USAGE = '2.5.29.37';
const UNDERSTOOD: readonly string[] = [OID_KEY_USAGE, OID_BASIC_CONSTRAINTS, OID_EXTENDED_KEY_USAGE];
const OID_TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MIN_CERTIFICATES = 2;
const MAX_CERTIFICATES = 8;

/** Throws TIMESTAMP unless the text is such a chain and its first certificate may sign timestamps and nothing else. */
export function readTimestampChain(pem: string): TimestampChain {
  const blocks = pem.match(PEM_CERTIFICATE) ?? [];
  if (blocks.length < MIN_CERTIFICATES || blocks.length > MAX_CERTIFICATES) {
    const wanted = `${MIN_CERTIFICATES} to ${MAX_CERTIFICATES}`;
    throw badChain(`must have ${wanted} certificates in PEM form; it has ${blocks.length}`);
  }
  try {
    const certificates = blocks.map((block) => X509Certificate.parse(block));
    for (const [index, certificate] of certificates.entries()) {
      // The last one must have signed itself, so that nothing outside the file has to be believed.
      assertIssued(certificate, certificates[index + 1] ?? certificate, index);
      if (index > 0) assertAuthority(certificate, index);
      assertUnderstood(certificate, index);
    }
    const [leaf] = certificates as [X509Certificate, ...X509Certificate[]];
    assertLeaf(leaf);
    return { leaf, certificates };
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    // The parser throws whatever it stumbles over.
    throw badChain('holds something that is no X.509 certificate', error);
  }
}

/** Whether every certificate was valid at that time. */
export function isValidAt({ certificates }: TimestampChain, time: Date): boolean {
  return certificates.every((certificate) => certificate.validForDate(time));
}

function assertIssued(certificate: X509Certificate, issuer: X509Certificate, index: number): void {
  if (certificate.issuer.equals(issuer.subject) && certificate.verify(issuer)) return;
  throw badChain(
    `is broken: certificate ${index + 1} was not issued by the next one, or the last not by itself`,
  );
}

function assertAuthority(certificate: X509Certificate, index: number): void {
  if (!certificate.isCA) throw badChain(`is broken: certificate ${index + 1} is no certificate authority`);
  const allowed = certificate.extBasicConstraints?.pathLenConstraint;
  if (allowed === undefined || allowed >= BigInt(index - 1)) return;
  throw badChain(`is longer than certificate ${index + 1} allows`);
}

/** RFC 5280 §4.2: what is critical and not understood must be refused. */
function assertUnderstood(certificate: X509Certificate, index: number): void {
  const seen = new Set<string>();
  for (const { subs } of certificate.extensions) {
    const oid = subs[0]?.toOID() ?? '';
    if (seen.has(oid)) throw badChain(`has an extension twice in certificate ${index + 1}`);
    seen.add(oid);
    if (UNDERSTOOD.includes(oid) || certificate.extension(oid)?.critical !== true) continue;
    throw badChain(`has a critical extension that is not understood in certificate ${index + 1}`);
  }
}

/** RFC 3161 §2.3: the extended key usage is critical and names time stamping alone. */
function assertLeaf(leaf: X509Certificate): void {
  const usage = leaf.extension(OID_EXTENDED_KEY_USAGE);
  const purposes = usage?.valueObj.subs[0]?.subs.map((purpose) => purpose.toOID()) ?? [];
  if (purposes.length !== 1 || purposes[0] !== OID_TIME_STAMPING) {
    throw badChain('begins with a certificate whose extended key usage is not timeStamping alone');
  }
  if (usage?.critical !== true) {
    throw badChain('begins with a certificate whose extended key usage is not critical');
  }
  if (leaf.extBasicConstraints?.isCA === true) throw badChain('begins with a certificate authority');
  if (leaf.extKeyUsage?.digitalSignature === false) {
    throw badChain('begins with a certificate whose key may not make signatures');
  }
}

function badChain(what: string, cause?: unknown): EvidenceError {
  return new EvidenceError('TIMESTAMP', `the certificate chain of the timestamp authority ${what}`, {
    hint: 'Give one PEM file: the certificate that signs timestamps first, then its issuers, the root last.',
    cause,
  });
}
