import { describe, expect, it } from 'vitest';
import { testAuthority } from '../../test/helpers/timestamp-authority.ts';
import { type CertificateWish, certify } from '../../test/helpers/x509.ts';
import { EvidenceError } from '../errors.ts';
import { readTimestampChain } from './chain.ts';

function problemOf(pem: string): string {
  try {
    readTimestampChain(pem);
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'TIMESTAMP') return error.message;
    throw error;
  }
  return 'none';
}

describe('readTimestampChain', () => {
  it('takes the certificate that signs first and the root last', () => {
    const { chainPem, certificates } = testAuthority();
    expect(problemOf(chainPem)).toBe('none');
    expect(readTimestampChain(chainPem).leaf.root.toDER()).toEqual(certificates[0].der);
    expect(
      problemOf(
        [...certificates]
          .reverse()
          .map(({ pem }) => pem)
          .join(''),
      ),
    ).toMatch(/not issued by the next/);
  });

  it.each<[string, Partial<CertificateWish>, RegExp]>([
    ['no extended key usage', { extendedKeyUsage: 'absent' }, /not timeStamping alone/],
    ['another extended key usage', { extendedKeyUsage: 'code-signing' }, /not timeStamping alone/],
    ['one more extended key usage', { extendedKeyUsage: 'two' }, /not timeStamping alone/],
    ['an extended key usage that is not critical', { extendedKeyUsage: 'not-critical' }, /is not critical/],
    ['the rights of an authority', { ca: true }, /begins with a certificate authority/],
    [
      'a critical extension nobody knows',
      { unknownCritical: '1.2.3.4.5' },
      /not understood in certificate 1/,
    ],
    ['a key usage that leaves signatures out', { mayNotSign: true }, /may not make signatures/],
    ['an extension twice', { extensionTwice: true }, /extension twice in certificate 1/],
    ['the name of another issuer', { claimedIssuer: 'test timestamp r00t' }, /certificate 1 was not issued/],
  ])('refuses a first certificate with %s', (_, wish, message) => {
    expect(problemOf(testAuthority(wish).chainPem)).toMatch(message);
  });

  it.each<[string, Partial<CertificateWish>, RegExp]>([
    ['is no authority', { ca: false }, /certificate 2 is no certificate authority/],
    [
      'has a critical extension nobody knows',
      { unknownCritical: '1.2.3.4.5' },
      /not understood in certificate 2/,
    ],
  ])('refuses a root that %s', (_, wish, message) => {
    expect(problemOf(testAuthority({}, wish).chainPem)).toMatch(message);
  });

  it('refuses a chain that is longer than its root allows', () => {
    const root = certify({ subject: 'root', ca: true, pathLength: 0 });
    const between = certify({ subject: 'between', issuer: root, ca: true });
    const [leaf] = testAuthority({ issuer: between }).certificates;
    const [direct] = testAuthority({ issuer: root }).certificates;
    expect(problemOf(leaf.pem + between.pem + root.pem)).toMatch(/longer than certificate 3 allows/);
    expect(problemOf(direct.pem + root.pem)).toBe('none');
  });

  it('refuses a root of the same name that is another', () => {
    const { certificates } = testAuthority();
    const other = certify({ subject: 'test timestamp root', ca: true });
    expect(problemOf(`${certificates[0].pem}${other.pem}`)).toMatch(/certificate 1 was not issued/);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['one certificate', testAuthority().certificates[0].pem],
    ['too many', testAuthority().chainPem.repeat(5)],
    ['something else', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'.repeat(2)],
  ])('refuses %s', (_, pem) => {
    expect(problemOf(pem)).toMatch(
      /the certificate chain of the timestamp authority (must have|holds something)/,
    );
  });
});
