import { createPublicKey, hash } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DsseEnvelope, PAYLOAD_TYPE, pae, signPayload } from '../dsse.ts';
import { generateKeyPair, localSigner } from '../sign/local.ts';
import { signCheckpoint } from './checkpoint.ts';
import {
  isLogEntry,
  type LoggedSignature,
  leafHashOfEntry,
  logEntry,
  parseLogEntry,
  type TlogEntry,
  tlogEntry,
  tlogEntrySchema,
} from './entry.ts';
import { appendLeaf, emptyFrontier, frontierRoot, proofOfLast } from './frontier.ts';
import { generateNoteKey, localNoteSigner } from './note.ts';
import { someLeaves } from './testing/naive.ts';
import { keyIdBytes, noteKeySpki, parseVkey } from './vkey.ts';

const pair = generateKeyPair();
const signer = localSigner(pair.privateKeyPem);
const publicKey = createPublicKey(pair.publicKeyPem).export({ type: 'spki', format: 'der' });
const logSigner = localNoteSigner('acme.exhibit.internal', generateNoteKey());
const logKey = parseVkey(logSigner.vkey);
const PAYLOAD = Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}');

let envelope: DsseEnvelope;
let signed: LoggedSignature;
let entry: string;
beforeAll(async () => {
  envelope = await signPayload(PAYLOAD, signer);
  signed = {
    paeDigest: hash('sha256', pae(PAYLOAD_TYPE, PAYLOAD), 'buffer'),
    signature: Buffer.from(envelope.signatures[0].sig, 'base64'),
    publicKey,
  };
  entry = logEntry(signed);
});

/** The entry as the newest leaf after so many others. */
async function logged(before: number): Promise<TlogEntry> {
  const frontier = someLeaves(before).reduce(appendLeaf, emptyFrontier);
  const grown = appendLeaf(frontier, leafHashOfEntry(entry));
  const root = frontierRoot(grown);
  const checkpoint = await signCheckpoint({ origin: logSigner.name, size: grown.size, root }, logSigner);
  const { size } = grown;
  return tlogEntry({
    entry,
    index: before,
    size,
    root,
    proof: proofOfLast(frontier),
    checkpoint,
    logId: keyIdBytes(logKey),
  });
}

/** What `@sigstore/verify` says of a bundle with this entry. */
function verifyWithSigstore(inLog: unknown): void {
  const bundle = bundleFromJSON({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: signer.keyId }, tlogEntries: [inLog] },
    dsseEnvelope: envelope,
  });
  const root = TrustedRoot.fromJSON({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: 'https://acme.exhibit.internal',
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: Buffer.from(noteKeySpki(logKey)).toString('base64'),
          keyDetails: 'PKIX_ED25519',
          validFor: { start: '2026-01-01T00:00:00Z' },
        },
        logId: { keyId: Buffer.from(keyIdBytes(logKey)).toString('base64') },
      },
    ],
  });
  const material = toTrustMaterial(root, () => ({
    publicKey: createPublicKey(pair.publicKeyPem),
    validFor: () => true,
  }));
  new Verifier(material, { tlogThreshold: 1, timestampThreshold: 0 }).verify(toSignedEntity(bundle));
}

describe('an entry of the log', () => {
  it('is one line of RFC 8785 JSON that says who signed what', () => {
    const { paeDigest, signature } = signed;
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    expect(entry).toBe(
      `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256",` +
        `"digest":"${base64(paeDigest)}"},"signature":{"content":"${base64(signature)}","verifier":{"keyDetails":` +
        `"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"${base64(publicKey)}"}}}}}}`,
    );
    const read = parseLogEntry(Buffer.from(entry));
    expect(Object.values(read).map((bytes) => base64(bytes))).toEqual(
      [paeDigest, signature, publicKey].map(base64),
    );
    expect(parseLogEntry(entry)).toEqual(read);
    expect([isLogEntry(Buffer.from(entry)), isLogEntry(Buffer.from('{}'))]).toEqual([true, false]);
  });

  it.each<[string, (text: string) => string]>([
    ['a space', (text) => `${text} `],
    ['a line end', (text) => `${text}\n`],
    [
      'members in another order',
      (text) =>
        text.replace(
          '"apiVersion":"0.0.2","kind":"hashedrekord"',
          '"kind":"hashedrekord","apiVersion":"0.0.2"',
        ),
    ],
    ['a member more', (text) => text.replace('{"apiVersion"', '{"a":1,"apiVersion"')],
    ['a member twice', (text) => text.replace('{"apiVersion"', '{"apiVersion":"0.0.1","apiVersion"')],
    ['another version', (text) => text.replace('0.0.2', '0.0.1')],
    ['another kind', (text) => text.replace('hashedrekord"', 'dsse"')],
    ['another algorithm', (text) => text.replace('SHA2_256"', 'SHA2_512"')],
    ['another key type', (text) => text.replace('P256_SHA_256', 'P384_SHA_384')],
    ['an escape', (text) => text.replace('kind', '\\u006bind')],
    ['base64 that is not canonical', (text) => text.replace(/"digest":"(.*?)="/, '"digest":"$1"')],
    ['a short digest', (text) => text.replace(/"digest":".{4}/, '"digest":"')],
    ['no signature', (text) => text.replace(/"content":".*?"/, '"content":""')],
    ['no JSON', (text) => text.slice(0, -1)],
    ['too much', (text) => text.padEnd(5000)],
  ])('is refused with %s', (_case, change) => {
    expect(() => parseLogEntry(change(entry))).toThrow(expect.objectContaining({ code: 'LOG' }));
    expect(() => parseLogEntry(Buffer.from(change(entry)))).toThrow(expect.objectContaining({ code: 'LOG' }));
  });

  it('is refused when its bytes are not UTF-8, even where a decoder makes them so', () => {
    const bytes = Buffer.from(entry);
    bytes[20] = 0xff;
    expect(() => parseLogEntry(bytes)).toThrow(expect.objectContaining({ code: 'LOG' }));
    expect(() => parseLogEntry(Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), Buffer.from(entry)]))).toThrow(
      /not JSON/,
    );
  });

  it('is not made of a digest or key that is none', () => {
    for (const wrong of [
      { paeDigest: new Uint8Array(31) },
      { signature: new Uint8Array() },
      { publicKey: Buffer.alloc(200) },
    ]) {
      expect(() => logEntry({ ...signed, ...wrong })).toThrow(expect.objectContaining({ code: 'LOG' }));
    }
  });
});

describe('the entry in a Sigstore bundle', () => {
  it.each([0, 1, 2, 5, 7, 255, 256, 300])(
    'is accepted by @sigstore/verify after %d others',
    async (before) => {
      const inLog = await logged(before);
      expect(tlogEntrySchema.parse(inLog)).toEqual(inLog);
      verifyWithSigstore(inLog);
    },
  );

  it.each<[string, (inLog: TlogEntry) => unknown]>([
    ['another place', (e) => ({ ...e, inclusionProof: { ...e.inclusionProof, logIndex: '3' } })],
    [
      'a hash less',
      (e) => ({ ...e, inclusionProof: { ...e.inclusionProof, hashes: e.inclusionProof.hashes.slice(1) } }),
    ],
    ['another log', (e) => ({ ...e, logId: { keyId: 'AAAAAA==' } })],
    ['another version', (e) => ({ ...e, kindVersion: { kind: 'hashedrekord', version: '0.0.1' } })],
    [
      'another body',
      (e) => ({
        ...e,
        canonicalizedBody: Buffer.from(entry.replace('"content":"M', '"content":"N')).toString('base64'),
      }),
    ],
    [
      'another checkpoint',
      (e) => {
        const envelopeOfNote = e.inclusionProof.checkpoint.envelope.replace('\n7\n', '\n8\n');
        return { ...e, inclusionProof: { ...e.inclusionProof, checkpoint: { envelope: envelopeOfNote } } };
      },
    ],
  ])('is refused by @sigstore/verify with %s', async (_case, change) => {
    const inLog = await logged(6);
    verifyWithSigstore(inLog);
    expect(() => verifyWithSigstore(change(inLog))).toThrow();
  });
});
