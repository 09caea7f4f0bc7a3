import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../connectors/sdk/index.ts';
import { attest } from './attest.ts';
import { canonicalize } from './canonical-json.ts';
import { digestOf } from './digest.ts';
import { signPayload } from './dsse.ts';
import { generateNoteKey, localNoteSigner } from './log/note.ts';
import { type Receipt, type SignedReceipt, signReceipt } from './receipt.ts';
import { generateKeyPair, localSigner } from './sign/local.ts';
import { edited } from './testing/forge.ts';
import { EMPTY_HEAD } from './testing/samples.ts';
import { formatReport, verifyManifest, verifyReceipt } from './verify.ts';

const signer = localSigner(generateKeyPair().privateKeyPem);
const stranger = localSigner(generateKeyPair().privateKeyPem);
const checkpointSigner = localNoteSigner('acme.exhibit.internal', generateNoteKey());
const context = { keys: { signer, checkpointSigner }, head: EMPTY_HEAD };
const asStranger = { ...context, keys: { ...context.keys, signer: stranger } };
const trust = { publicKeyPem: [signer.publicKeyPem], logKeys: [checkpointSigner.vkey] };

const ERASURE: Receipt = {
  schema: 'exhibit.receipt/v1',
  kind: 'epoch-erasure',
  tenant: 'acme',
  agent: { name: 'exhibit', version: '0.1.0' },
  createdAt: '2026-11-21T00:00:03.000Z',
  by: 'os:ops',
  reason: 'request 4711 – die Löschfrist ist um',
  epoch: {
    id: 'IHODnc30',
    createdAt: '2026-01-01T00:00:00.000Z',
    retiredAt: '2026-04-01T00:00:00.000Z',
    erasedAt: '2026-11-21T00:00:02.000Z',
  },
  items: 1_204,
};
const EXPIRY: Receipt = {
  schema: 'exhibit.receipt/v1',
  kind: 'expiry',
  tenant: 'acme',
  agent: { name: 'exhibit', version: '0.1.0' },
  createdAt: '2026-11-21T00:00:04.000Z',
  by: 'agent',
  reason: 'retention',
  rules: [{ classes: ['state'], olderThan: '2026-10-21T00:00:00.000Z' }],
  items: 12,
  byClass: { state: 12 },
  bundles: 1,
  occurred: { from: '2026-09-01T00:00:00.000Z', to: '2026-10-20T00:00:00.000Z' },
};

const signed = await signReceipt(ERASURE, context);
const verify = ({ canonical, attestation }: Pick<SignedReceipt, 'canonical' | 'attestation'>) =>
  verifyReceipt(canonical, attestation, trust);
const codes = (receipt: Pick<SignedReceipt, 'canonical' | 'attestation'>) =>
  verify(receipt).checks.flatMap(({ result, problem }) =>
    result !== 'failed' || problem === undefined || problem.code === 'NOT_CHECKED' ? [] : [problem.code],
  );

describe('a signed receipt', () => {
  it.each([ERASURE, EXPIRY])('is good, and says what was done: $kind', async (receipt) => {
    const { id, kind, createdAt, ...files } = await signReceipt(receipt, context);
    expect(id).toBe(digestOf(files.canonical));
    expect([kind, createdAt]).toEqual([receipt.kind, receipt.createdAt]);
    const report = verify(files);
    expect(report).toMatchObject({
      good: true,
      facts: { kind: 'receipt', tenant: 'acme', receipt: id, by: receipt.by, signedBy: signer.keyId },
    });
    expect(report.checks.filter(({ result }) => result === 'failed')).toEqual([]);
  });

  it('can be read in the report', () => {
    const text = formatReport(verify(signed));
    expect(text).toMatch(
      /^good: a receipt; the key of epoch IHODnc30 was erased at 2026-11-21T00:00:02.000Z \(1204 stored items carry its names\)\n/,
    );
    for (const told of [signed.id, 'os:ops', 'request 4711 – die Löschfrist ist um', signer.keyId])
      expect(text).toContain(`  ${told}\n`);
  });
});

describe('a receipt that was changed', () => {
  const key = (file: 'canonical' | 'attestation', bytes: Buffer) => ({
    ...signed,
    [file]: bytes.toString('utf8'),
  });

  it.each(['canonical', 'attestation'] as const)('in any one byte of its %s is refused', (file) => {
    const bytes = Buffer.from(signed[file]);
    for (let index = 0; index < bytes.length; index += 1) {
      for (const bit of [1, 32]) {
        const flipped = Buffer.from(bytes);
        flipped[index] = (flipped[index] ?? 0) ^ bit;
        expect(verify(key(file, flipped)).good, `${file}, byte ${index}, bit ${bit}`).toBe(false);
      }
    }
  });

  it.each(['canonical', 'attestation'] as const)(
    'by removing or adding a byte of its %s is refused',
    (file) => {
      const bytes = Buffer.from(signed[file]);
      for (let index = 0; index <= bytes.length; index += 1) {
        const [before, after] = [bytes.subarray(0, index), bytes.subarray(index)];
        expect(verify(key(file, Buffer.concat([before, after.subarray(1)]))).good).toBe(
          index === bytes.length,
        );
        expect(verify(key(file, Buffer.concat([before, Buffer.from(' '), after]))).good).toBe(false);
      }
    },
  );

  it('and signed by somebody else is refused', async () => {
    expect(codes(await signReceipt(ERASURE, asStranger))).toEqual(['KEY_UNKNOWN']);
  });

  it('is not the other receipt that was signed', async () => {
    const other = await signReceipt({ ...ERASURE, items: 1_203 }, context);
    expect(codes({ canonical: signed.canonical, attestation: other.attestation })).toEqual([
      'SUBJECT',
      'PREDICATE',
    ]);
  });

  it.each<[string, string, JsonValue, string[]]>([
    ['another type of predicate', 'predicateType', 'https://exhibit.dev/evidence-manifest/v1', ['STATEMENT']],
    ['another subject', 'subject.0.name', 'manifest.json', ['STATEMENT']],
    ['another digest', 'subject.0.digest.sha256', '0'.repeat(64), ['SUBJECT']],
    ['another predicate', 'predicate.items', 7, ['PREDICATE']],
    ['more in the predicate', 'predicate.note', 'x', ['STATEMENT']],
  ])('is refused under a statement with %s, even when it is signed', async (_what, path, value, expected) => {
    const { dsseEnvelope } = JSON.parse(signed.attestation) as { dsseEnvelope: { payload: string } };
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as JsonObject;
    const forged = canonicalize(edited(statement, path, () => value));
    const envelope = await signPayload(Buffer.from(forged), signer);
    const { attestation } = await attest(envelope, context);
    expect(codes({ canonical: signed.canonical, attestation })).toEqual(expected);
  });

  it('and made into a manifest is refused', () => {
    expect(verifyManifest(signed.canonical, signed.attestation, trust).good).toBe(false);
  });

  it('into anything is refused without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (garbage) => {
        expect(verify({ canonical: garbage, attestation: signed.attestation }).good).toBe(false);
        expect(verify({ canonical: signed.canonical, attestation: garbage }).good).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('signReceipt', () => {
  it.each<[string, Partial<Receipt>]>([
    ['no reason', { reason: '' }],
    ['a reason of any length', { reason: 'x'.repeat(1_001) }],
    ['nobody', { by: '' }],
    ['a time that is none', { createdAt: 'today' }],
    ['half an item', { items: 0.5 }],
  ])('refuses %s', async (_what, change) => {
    await expect(signReceipt({ ...ERASURE, ...change } as Receipt, context)).rejects.toMatchObject({
      code: 'RECEIPT',
    });
  });

  it('refuses what would not fit into a statement', async () => {
    const rule = { streams: ['x'.repeat(256), 'y'.repeat(256)], olderThan: '2026-10-21T00:00:00.000Z' };
    const rules = Array.from({ length: 100 }, () => rule);
    await expect(signReceipt({ ...EXPIRY, rules }, context)).rejects.toMatchObject({
      code: 'RECEIPT',
      message: expect.stringContaining('larger than'),
    });
  });
});
