import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  der,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
} from '../../evidence/timestamp/der.ts';

/** X.509 certificates (RFC 5280) made on the spot, so that none is kept in the repository and none ever expires there. */

export interface CertifiedKey {
  readonly subject: string;
  readonly issuer: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly serial: Uint8Array;
  readonly der: Buffer;
  readonly pem: string;
}

/** Which extended key usage a certificate has: time stamping as RFC 3161 wants it, or as it does not. */
export type ExtendedKeyUsage = 'critical' | 'not-critical' | 'absent' | 'code-signing' | 'two';

export interface CertificateWish {
  readonly subject: string;
  /** Self-signed when left out. */
  readonly issuer?: CertifiedKey;
  readonly ca?: boolean;
  readonly extendedKeyUsage?: ExtendedKeyUsage;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Object identifier of a critical extension that nobody knows. */
  readonly unknownCritical?: string;
  readonly rsa?: boolean;
  /** How many authorities may stand below this one. */
  readonly pathLength?: number;
  /** A key usage that leaves signatures out. */
  readonly mayNotSign?: boolean;
  readonly extensionTwice?: boolean;
  /** Written as the issuer's name, whoever signs. */
  readonly claimedIssuer?: string;
}

const DAY_MS = 86_400_000;
const OID = {
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  codeSigning: '1.3.6.1.5.5.7.3.3',
} as const;

/** Object identifiers of signatures by either kind of key, and whether parameters follow. */
export function signatureAlgorithm(key: KeyObject): Buffer {
  return key.asymmetricKeyType === 'rsa'
    ? derSequence(derOid('1.2.840.113549.1.1.11'), derNull())
    : derSequence(derOid('1.2.840.10045.4.3.2'));
}

/** A new key and a certificate for it; good from yesterday for thirty years unless told otherwise. */
export function certify(wish: CertificateWish): CertifiedKey {
  const { privateKey, publicKey } = wish.rsa
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const serial = Buffer.concat([Buffer.of(0x4d), randomBytes(15)]);
  const signer = wish.issuer ?? { privateKey, publicKey, subject: wish.subject };
  const body = derSequence(
    der(0xa0, derInteger(Uint8Array.of(2))),
    derInteger(serial),
    signatureAlgorithm(signer.privateKey),
    distinguishedName(wish.claimedIssuer ?? signer.subject),
    derSequence(
      time(wish.notBefore ?? new Date(Date.now() - DAY_MS)),
      time(wish.notAfter ?? new Date(Date.now() + 30 * 365 * DAY_MS)),
    ),
    distinguishedName(wish.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, derSequence(...extensions(wish, publicKey, signer.publicKey))),
  );
  const signature = sign('sha256', body, signer.privateKey);
  const encoded = derSequence(
    body,
    signatureAlgorithm(signer.privateKey),
    der(0x03, Uint8Array.of(0), signature),
  );
  const { subject } = wish;
  return {
    subject,
    issuer: signer.subject,
    privateKey,
    publicKey,
    serial,
    der: encoded,
    pem: toPem(encoded),
  };
}

export function distinguishedName(commonName: string): Buffer {
  const value = der(0x0c, Buffer.from(commonName));
  return derSequence(der(0x31, derSequence(derOid(OID.commonName), value)));
}

/** GeneralizedTime in whole seconds, or UTCTime where X.509 wants that. */
export function generalizedTime(date: Date): Buffer {
  return der(0x18, Buffer.from(`${digitsOf(date)}Z`));
}

function time(date: Date): Buffer {
  const year = date.getUTCFullYear();
  if (year < 1950 || year > 2049) return generalizedTime(date);
  return der(0x17, Buffer.from(`${digitsOf(date).slice(2)}Z`));
}

function digitsOf(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}

function extensions(wish: CertificateWish, publicKey: KeyObject, issuerKey: KeyObject): Buffer[] {
  const ca = wish.ca ?? false;
  // Bits from the left: digitalSignature is 0, keyCertSign is 5.
  const usage = ca ? Uint8Array.of(2, 0b0000_0100) : Uint8Array.of(7, wish.mayNotSign ? 0 : 0b1000_0000);
  const constraints = ca ? [der(0x01, Uint8Array.of(0xff))] : [];
  if (wish.pathLength !== undefined) constraints.push(derInteger(Uint8Array.of(wish.pathLength)));
  const list = [
    extension(OID.basicConstraints, derSequence(...constraints), true),
    extension(OID.keyUsage, der(0x03, usage), true),
    extension(OID.subjectKeyId, derOctetString(keyIdentifier(publicKey))),
    extension(OID.authorityKeyId, derSequence(der(0x80, keyIdentifier(issuerKey)))),
    ...extendedKeyUsage(wish.extendedKeyUsage ?? 'absent'),
  ];
  if (wish.extensionTwice) list.push(...list.slice(0, 1));
  if (wish.unknownCritical !== undefined) list.push(extension(wish.unknownCritical, derNull(), true));
  return list;
}

function extendedKeyUsage(usage: ExtendedKeyUsage): Buffer[] {
  if (usage === 'absent') return [];
  const purposes: string[] = [usage === 'code-signing' ? OID.codeSigning : OID.timeStamping];
  if (usage === 'two') purposes.push(OID.codeSigning);
  return [extension(OID.extendedKeyUsage, derSequence(...purposes.map(derOid)), usage !== 'not-critical')];
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  return derSequence(
    derOid(oid),
    ...(critical ? [der(0x01, Uint8Array.of(0xff))] : []),
    derOctetString(value),
  );
}

function keyIdentifier(key: KeyObject): Buffer {
  return hash('sha256', key.export({ type: 'spki', format: 'der' }), 'buffer').subarray(0, 20);
}

function toPem(encoded: Buffer): string {
  const lines = encoded.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
