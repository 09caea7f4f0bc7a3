import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { describe, expect, it } from 'vitest';
import { canonicalize } from './canonical-json.ts';
import { sha256Hex } from './digest.ts';
import { pae, payloadBytes, signPayload } from './dsse.ts';
import { type Sealed, seal } from './seal.ts';
import type { Signer } from './sign/signer.ts';
import { attestation, attestationOf } from './sigstore.ts';
import { statement } from './statement.ts';
import { sampleContext, sampleEnvelopes, sampleKeys } from './testing/samples.ts';

const keys = sampleKeys();
const other = sampleKeys();
const items = sampleEnvelopes(15);
const sealed = await seal(items, sampleContext(items, keys));

/** The stock verifier, given a key and asked for neither log nor timestamp. */
function sigstoreAccepts(attestationText: string, signer: Signer = keys.signer): boolean {
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey: createPublicKey(signer.publicKeyPem), validFor: () => true }),
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(attestationText))));
    return true;
  } catch {
    return false;
  }
}

/** What @sigstore/verify leaves to its caller: is the statement about this file? */
function isAbout(attestationText: string, file: string): boolean {
  const { dsseEnvelope } = attestation.parse(JSON.parse(attestationText));
  const [subject] = statement.parse(JSON.parse(Buffer.from(payloadBytes(dsseEnvelope)).toString())).subject;
  return subject.name === 'manifest.json' && subject.digest.sha256 === sha256Hex(file);
}

function mutated(change: (value: ReturnType<typeof attestation.parse>) => unknown): string {
  return JSON.stringify(change(attestation.parse(JSON.parse(sealed.attestation))));
}

describe('@sigstore/verify', () => {
  it('accepts what seal() signs, and the statement is about the manifest', () => {
    expect(sigstoreAccepts(sealed.attestation)).toBe(true);
    expect(isAbout(sealed.attestation, sealed.canonical)).toBe(true);
    expect(isAbout(sealed.attestation, `${sealed.canonical} `)).toBe(false);
  });

  it('accepts every attestation of a chain', async () => {
    let head: Pick<Sealed['manifest'], 'sequence'> & { digest: string } = {
      sequence: 1,
      digest: sealed.digest,
    };
    for (const count of [0, 1, 2, 14]) {
      const next = await seal(items.slice(0, count), sampleContext(items.slice(0, count), keys, { head }));
      expect(sigstoreAccepts(next.attestation)).toBe(true);
      expect(isAbout(next.attestation, next.canonical)).toBe(true);
      head = { sequence: next.manifest.sequence, digest: next.digest };
    }
  });

  it('rejects another key', () => {
    expect(sigstoreAccepts(sealed.attestation, other.signer)).toBe(false);
  });

  it('rejects every change of the signed statement', () => {
    const payload = Buffer.from(payloadBytes(attestation.parse(JSON.parse(sealed.attestation)).dsseEnvelope));
    for (let index = 0; index < payload.length; index += 7) {
      const flipped = Buffer.from(payload);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      const text = mutated((value) => ({
        ...value,
        dsseEnvelope: { ...value.dsseEnvelope, payload: flipped.toString('base64') },
      }));
      expect(sigstoreAccepts(text)).toBe(false);
    }
  });

  it.each<[string, string]>([
    [
      'another payload type',
      mutated((value) => ({
        ...value,
        dsseEnvelope: { ...value.dsseEnvelope, payloadType: 'application/json' },
      })),
    ],
    [
      'no signature',
      mutated((value) => ({ ...value, dsseEnvelope: { ...value.dsseEnvelope, signatures: [] } })),
    ],
    [
      'two signatures',
      mutated((value) => {
        const [signature] = value.dsseEnvelope.signatures;
        return { ...value, dsseEnvelope: { ...value.dsseEnvelope, signatures: [signature, signature] } };
      }),
    ],
    ['no media type', mutated((value) => ({ ...value, mediaType: '' }))],
    ['no verification material', mutated((value) => ({ ...value, verificationMaterial: undefined }))],
  ])('rejects %s', (_, text) => {
    expect(sigstoreAccepts(text)).toBe(false);
  });
});

describe('openssl', () => {
  it('verifies the signature over the pre-authentication encoding', ({ skip }) => {
    if (spawnSync('openssl', ['version']).status !== 0) {
      process.stderr.write(
        'skipped, because openssl is not installed: a test of evidence/sigstore.test.ts\n',
      );
      skip('openssl is not installed');
    }
    const directory = mkdtempSync(join(tmpdir(), 'exhibit-openssl-'));
    const file = (name: string, data: string | Uint8Array) => {
      const path = join(directory, name);
      writeFileSync(path, data);
      return path;
    };
    const { dsseEnvelope } = attestation.parse(JSON.parse(sealed.attestation));
    const signed = pae(dsseEnvelope.payloadType, payloadBytes(dsseEnvelope));
    const signature = file('signature.der', Buffer.from(dsseEnvelope.signatures[0].sig, 'base64'));
    const verified = (pem: string, data: string) =>
      spawnSync('openssl', ['dgst', '-sha256', '-verify', pem, '-signature', signature, data]).status === 0;
    try {
      const good = file('good.pae', signed);
      const bad = file('bad.pae', Buffer.concat([signed, Buffer.of(0x20)]));
      expect(verified(file('evidence.pub', keys.signer.publicKeyPem), good)).toBe(true);
      expect(verified(file('evidence.pub', keys.signer.publicKeyPem), bad)).toBe(false);
      expect(verified(file('other.pub', other.signer.publicKeyPem), good)).toBe(false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('attestationOf', () => {
  it('is canonical and holds the envelope, the key it was signed with, and nothing more', async () => {
    const envelope = await signPayload(Buffer.from('{}'), keys.signer);
    const text = attestationOf(envelope, keys.signer.keyId);
    expect(text).toBe(canonicalize(JSON.parse(text)));
    expect(JSON.parse(text)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keys.signer.keyId } },
      dsseEnvelope: envelope,
    });
  });
});
