import { hash, randomBytes, sign } from 'node:crypto';
import { ASN1Obj } from '@sigstore/core';
import {
  der,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../evidence/timestamp/der.ts';
import {
  type CertificateWish,
  type CertifiedKey,
  certify,
  distinguishedName,
  generalizedTime,
  signatureAlgorithm,
} from './x509.ts';

/** A timestamp authority (RFC 3161) with its own root, that can be told to answer wrongly. */
export interface TestAuthority {
  /** What verifiers are configured with: the certificate that signs, the root. */
  readonly chainPem: string;
  readonly certificates: readonly [leaf: CertifiedKey, root: CertifiedKey];
  /** The answer to a TimeStampReq, or a wrong one. */
  answer(request: Uint8Array, wrong?: WrongAnswer): Buffer;
  /** A token for these bytes, as a bundle carries it. */
  stamp(signature: Uint8Array, wrong?: WrongAnswer): Buffer;
}

/** What to say instead of what is right; a flag to leave something out. */
export interface WrongAnswer {
  readonly status?: number;
  readonly imprintOf?: Uint8Array;
  readonly imprintAlgorithm?: string;
  readonly nonce?: Uint8Array | null;
  readonly time?: Date;
  readonly tokenVersion?: number;
  readonly contentType?: string;
  readonly eContentType?: string;
  readonly essDigest?: Uint8Array;
  readonly messageDigest?: Uint8Array;
  readonly attributeTwice?: boolean;
  readonly nonceTwice?: boolean;
  /** Something after the token. */
  readonly afterToken?: boolean;
  /** What the token carries in place of the signer's certificate; null for no list at all. */
  readonly certificates?: readonly Uint8Array[] | null;
  readonly unsignedAttribute?: boolean;
  readonly criticalExtension?: boolean;
  /** Who the token says has signed it. */
  readonly claims?: CertifiedKey;
  readonly withoutToken?: boolean;
}

const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  policy: '1.3.6.1.4.1.57264.2',
} as const;
const SHA256 = derSequence(derOid(OID.sha256), derNull());

/** What is given changes the certificate that signs timestamps. */
export function testAuthority(
  leafWish: Partial<CertificateWish> = {},
  rootWish: Partial<CertificateWish> = {},
): TestAuthority {
  const root = certify({ subject: 'test timestamp root', ca: true, ...rootWish });
  const leaf = certify({
    subject: 'test timestamp authority',
    issuer: root,
    extendedKeyUsage: 'critical',
    ...leafWish,
  });
  const answer = (request: Uint8Array, wrong: WrongAnswer = {}): Buffer => {
    const [, imprint, nonce] = ASN1Obj.parseBuffer(Buffer.from(request)).subs;
    const imprinted = imprint?.subs[1]?.value ?? Buffer.alloc(0);
    return response(
      leaf,
      tokenInfo(imprinted, nonce?.tag.toDER() === 0x02 ? nonce.value : null, wrong),
      wrong,
    );
  };
  return {
    chainPem: leaf.pem + root.pem,
    certificates: [leaf, root],
    answer,
    stamp: (signature, wrong = {}) =>
      response(leaf, tokenInfo(hash('sha256', signature, 'buffer'), randomBytes(8), wrong), wrong),
  };
}

function tokenInfo(imprinted: Uint8Array, nonce: Uint8Array | null, wrong: WrongAnswer): Buffer {
  const said = wrong.nonce === undefined ? nonce : wrong.nonce;
  const digest = wrong.imprintOf === undefined ? imprinted : hash('sha256', wrong.imprintOf, 'buffer');
  const critical = derSequence(derOid('1.2.3.4'), der(0x01, Uint8Array.of(0xff)), derOctetString(derNull()));
  return derSequence(
    derInteger(Uint8Array.of(wrong.tokenVersion ?? 1)),
    derOid(OID.policy),
    derSequence(derSequence(derOid(wrong.imprintAlgorithm ?? OID.sha256), derNull()), derOctetString(digest)),
    derInteger(randomBytes(12)),
    generalizedTime(wrong.time ?? new Date()),
    ...(said === null ? [] : [derInteger(said)]),
    ...(wrong.nonceTwice ? [derInteger(Uint8Array.of(7))] : []),
    ...(wrong.criticalExtension ? [der(0xa1, critical)] : []),
  );
}

function response(leaf: CertifiedKey, info: Buffer, wrong: WrongAnswer): Buffer {
  const status = derSequence(derInteger(Uint8Array.of(wrong.status ?? 0)));
  if (wrong.withoutToken) return derSequence(status);
  const signedData = derSequence(
    derInteger(Uint8Array.of(3)),
    der(0x31, SHA256),
    derSequence(derOid(wrong.eContentType ?? OID.tstInfo), der(0xa0, derOctetString(info))),
    ...(wrong.certificates === null ? [] : [der(0xa0, ...(wrong.certificates ?? [leaf.der]))]),
    der(0x31, signerInfo(leaf, info, wrong)),
  );
  const after = wrong.afterToken ? [derNull()] : [];
  return derSequence(status, derSequence(derOid(OID.signedData), der(0xa0, signedData)), ...after);
}

function signerInfo(leaf: CertifiedKey, info: Buffer, wrong: WrongAnswer): Buffer {
  const claimed = wrong.claims ?? leaf;
  const ess = derSequence(
    derSequence(derSequence(derOctetString(wrong.essDigest ?? hash('sha256', claimed.der, 'buffer')))),
  );
  const digest = derOctetString(wrong.messageDigest ?? hash('sha256', info, 'buffer'));
  const attributes = [
    attribute(OID.contentType, derOid(wrong.contentType ?? OID.tstInfo)),
    attribute(OID.messageDigest, digest),
    attribute(OID.signingCertificateV2, ess),
    ...(wrong.attributeTwice ? [attribute(OID.messageDigest, digest)] : []),
  ].toSorted(Buffer.compare);
  const signature = sign('sha256', der(0x31, ...attributes), leaf.privateKey);
  return derSequence(
    derInteger(Uint8Array.of(1)),
    derSequence(distinguishedName(claimed.issuer), derInteger(claimed.serial)),
    SHA256,
    der(0xa0, ...attributes),
    signatureAlgorithm(leaf.privateKey),
    derOctetString(signature),
    ...(wrong.unsignedAttribute ? [der(0xa1, attribute('1.2.3.4', derNull()))] : []),
  );
}

function attribute(oid: string, value: Buffer): Buffer {
  return derSequence(derOid(oid), der(0x31, value));
}
