import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../evidence/digest.ts';
import { type DsseEnvelope, isSignedBy, pae, payloadBytes } from '../../evidence/dsse.ts';
import { leafHashOfEntry } from '../../evidence/log/entry.ts';
import { verifyConsistency, verifyInclusion } from '../../evidence/merkle.ts';
import { receiptStatement } from '../../evidence/receipt.ts';
import { readPublicKey } from '../../evidence/sign/key.ts';
import { attestation } from '../../evidence/sigstore.ts';
import { statement } from '../../evidence/statement.ts';
import { verifyTimestamp } from '../../evidence/timestamp/verify.ts';

/** What other people's logs, authorities and test suites have made; see README.md. */

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8')) as T;
}

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

interface ConformanceCase {
  readonly publicKeyPem: string;
  readonly bundle: {
    readonly dsseEnvelope: DsseEnvelope;
    readonly verificationMaterial: {
      readonly tlogEntries: readonly [
        {
          readonly canonicalizedBody: string;
          readonly inclusionProof: { readonly rootHash: string };
        },
      ];
    };
  };
}

describe('cases of sigstore-conformance that verifiers must refuse', () => {
  it.each([
    ['without a type of statement', 'sigstore-missing-type.json'],
    ['with a type of statement that does not exist', 'sigstore-unknown-type.json'],
  ])('a DSSE %s: signed and logged as it should be, and no statement', (_, name) => {
    const { bundle, publicKeyPem } = read<ConformanceCase>(name);
    const { dsseEnvelope } = bundle;
    expect(isSignedBy(dsseEnvelope, readPublicKey(publicKeyPem))).toBe(true);

    const [{ canonicalizedBody, inclusionProof }] = bundle.verificationMaterial.tlogEntries;
    const leaf = leafHashOfEntry(base64(canonicalizedBody));
    expect(
      verifyInclusion({ leaf, index: 0, size: 1, proof: [], root: base64(inclusionProof.rootHash) }),
    ).toBe(true);
    const digest = sha256(pae(dsseEnvelope.payloadType, payloadBytes(dsseEnvelope)));
    const logged = JSON.parse(base64(canonicalizedBody).toString()) as {
      spec: { hashedRekordV002: { data: { digest: string } } };
    };
    expect(logged.spec.hashedRekordV002.data.digest).toBe(Buffer.from(digest).toString('base64'));

    const said: unknown = JSON.parse(Buffer.from(payloadBytes(dsseEnvelope)).toString());
    expect(statement.safeParse(said).success).toBe(false);
    expect(receiptStatement.safeParse(said).success).toBe(false);
    expect(attestation.safeParse(bundle).success).toBe(false);
  });
});

describe("Sigstore's timestamp authority", () => {
  const vector = read<{ signature: string; token: string; certificates: readonly string[] }>(
    'sigstore-timestamp.json',
  );
  const pem = (certificates: readonly string[]): string =>
    certificates.map((der) => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`).join('');
  const [token, signature] = [base64(vector.token), base64(vector.signature)];

  it('said when it saw a signature of the conformance suite', () => {
    expect(verifyTimestamp(token, signature, pem(vector.certificates))).toEqual({
      time: '2026-05-13T19:47:33.000Z',
    });
  });

  it('did not say so of another signature, and not under another order of its certificates', () => {
    const other = Buffer.from(signature);
    other[12] = (other[12] ?? 0) ^ 1;
    expect(() => verifyTimestamp(token, other, pem(vector.certificates))).toThrow(/not about this signature/);
    expect(() => verifyTimestamp(token, signature, pem(vector.certificates.toReversed()))).toThrow(
      /is broken/,
    );
  });
});

describe('a log of a billion certificates', () => {
  const { size, root, inclusion, consistency } = read<{
    size: number;
    root: string;
    inclusion: { index: number; leaf: string; proof: readonly string[] };
    consistency: { size: number; root: string; proof: readonly string[] };
  }>('argon2020.json');
  const newest = { size, root: base64(root) };

  it('holds this entry', () => {
    const { index, leaf, proof } = inclusion;
    const claim = { leaf: base64(leaf), index, proof: proof.map(base64), ...newest };
    expect(verifyInclusion(claim)).toBe(true);
    expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false);
  });

  it('has grown from this older tree', () => {
    const older = { size: consistency.size, root: base64(consistency.root) };
    const proof = consistency.proof.map(base64);
    expect(verifyConsistency(older, newest, proof)).toBe(true);
    expect(verifyConsistency({ ...older, size: older.size - 1 }, newest, proof)).toBe(false);
    expect(verifyConsistency(older, newest, proof.toReversed())).toBe(false);
  });
});
