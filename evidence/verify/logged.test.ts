import { createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { sha256 } from '../digest.ts';
import { type DsseEnvelope, signPayload } from '../dsse.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { type LoggedSignature, leafHashOfEntry, logEntry, parseLogEntry, tlogEntry } from '../log/entry.ts';
import { appendLeaf, type Frontier, frontierRoot, proofOfLast } from '../log/frontier.ts';
import { generateNoteKey, localNoteSigner } from '../log/note.ts';
import { naiveProof } from '../log/testing/naive.ts';
import { keyIdBytes, parseVkey } from '../log/vkey.ts';
import { logNext } from '../logged.ts';
import { at, bytesOf, edited, resealed } from '../testing/forge.ts';
import { SAMPLE_ORIGIN, sampleFrontier, sampleKeys } from '../testing/samples.ts';
import { codesOf, sealedSample, warningsOf } from '../testing/sealed-sample.ts';
import { type ProblemCode, type Trust, verifyBundle } from '../verify.ts';

const { keys, log, trust, sealed, document, otherDocument, verify } = await sealedSample(12);
const strangers = localNoteSigner(SAMPLE_ORIGIN, generateNoteKey());
const elsewhere = localNoteSigner('other.exhibit.internal', generateNoteKey());
/** The leaves of the log: 41 that the sample came after, then its own. */
const leaves = [...Array.from({ length: 41 }, (_, index) => sha256(`leaf ${index}`)), sealed.logged.leaf];

const entry = 'attestation.verificationMaterial.tlogEntries.0';
const set = (path: string, value: JsonValue) => edited(document, `${entry}.${path}`, () => value);
const note = (frontier: Frontier, signer = keys.checkpointSigner) =>
  signCheckpoint({ origin: signer.name, size: frontier.size, root: frontierRoot(frontier) }, signer);

describe('an attestation whose entry of the log was changed', () => {
  const mutations: readonly (readonly [
    name: string,
    change: () => JsonObject | Promise<JsonObject>,
    codes: readonly ProblemCode[],
  ])[] = [
    [
      'no entry',
      () => edited(document, 'attestation.verificationMaterial.tlogEntries', () => undefined),
      ['LOG_MISSING'],
    ],
    [
      'two entries',
      () =>
        edited(document, 'attestation.verificationMaterial.tlogEntries', (old) => [
          ...(old as JsonValue[]),
          ...(old as JsonValue[]),
        ]),
      ['ATTESTATION_SHAPE'],
    ],
    ['another place', () => set('logIndex', '40'), ['LOG_ENTRY', 'LOG_POSITION']],
    [
      'another place of the proof',
      () => set('inclusionProof.logIndex', '40'),
      ['INCLUSION', 'LOG_ENTRY', 'LOG_POSITION'],
    ],
    ['a place that is no number', () => set('logIndex', '041'), ['ATTESTATION_SHAPE']],
    ['another hash', () => set('inclusionProof.hashes.1', b64(1)), ['INCLUSION', 'LOG_POSITION']],
    [
      'a hash less',
      () => edited(document, `${entry}.inclusionProof.hashes.1`, () => undefined),
      ['INCLUSION', 'LOG_POSITION'],
    ],
    [
      'another root',
      () => set('inclusionProof.rootHash', b64(2)),
      ['CHECKPOINT', 'INCLUSION', 'LOG_POSITION'],
    ],
    ['another size', () => set('inclusionProof.treeSize', '43'), ['CHECKPOINT', 'INCLUSION', 'LOG_POSITION']],
    ['another log', () => set('logId.keyId', b64(3, 4)), ['CHECKPOINT']],
    ['a checkpoint that is none', () => set('inclusionProof.checkpoint.envelope', 'none'), ['CHECKPOINT']],
    [
      'a checkpoint that a stranger signed',
      async () =>
        set('inclusionProof.checkpoint.envelope', await note(appendLeaf(log, sealed.logged.leaf), strangers)),
      ['CHECKPOINT_KEY'],
    ],
    [
      'a checkpoint of another log',
      async () =>
        set('inclusionProof.checkpoint.envelope', await note(appendLeaf(log, sealed.logged.leaf), elsewhere)),
      ['CHECKPOINT_KEY'],
    ],
    [
      'a checkpoint of another tree of the same size',
      async () => set('inclusionProof.checkpoint.envelope', await note(appendLeaf(log, sha256('other')))),
      ['CHECKPOINT', 'LOG_FORKED'],
    ],
    [
      'the checkpoint of the tree before',
      async () => set('inclusionProof.checkpoint.envelope', await note(log)),
      ['CHECKPOINT', 'CONSISTENCY'],
    ],
    [
      'the body of another entry',
      () => set('canonicalizedBody', String(at(otherDocument, `${entry}.canonicalizedBody`))),
      ['INCLUSION', 'LOG_ENTRY', 'LOG_POSITION'],
    ],
    [
      'the whole entry of another bundle',
      () => edited(document, entry, () => at(otherDocument, entry)),
      ['LOG_ENTRY', 'LOG_FORKED'],
    ],
    ['a body with white space', () => body((text) => `${text} `), ['INCLUSION', 'LOG_ENTRY', 'LOG_POSITION']],
    [
      'a body of another version',
      () => body((text) => text.replace('0.0.2', '0.0.1')),
      ['INCLUSION', 'LOG_ENTRY', 'LOG_POSITION'],
    ],
    // GHSA-whqx-f9j3-ch6m: everything about the entry holds, only that it is of another signature, or another key.
    ['the entry of another signature of the same', () => loggedAs(keys), ['LOG_ENTRY']],
    ["the entry of a stranger's signature of the same", () => loggedAs(sampleKeys()), ['LOG_ENTRY']],
    [
      'an entry under another key',
      () => loggedBody({ publicKey: spkiOf(sampleKeys().signer) }),
      ['LOG_ENTRY'],
    ],
    ['an entry about another statement', () => loggedBody({ paeDigest: sha256('else') }), ['LOG_ENTRY']],
    ['a manifest for another place, signed', () => reseal('index', 40), ['LOG_POSITION']],
    [
      'a manifest for another log, signed',
      () => reseal('origin', 'other.exhibit.internal'),
      ['LOG_POSITION'],
    ],
    [
      'a manifest after another history, signed',
      () => reseal('root', `sha256:${'4'.repeat(64)}`),
      ['LOG_POSITION'],
    ],
  ];

  it.each(mutations)('is not good: %s', async (_, change, codes) => {
    const report = await verify(await change());
    expect(report.good).toBe(false);
    expect(codesOf(report)).toEqual(codes);
  });

  function body(change: (text: string) => string): JsonObject {
    const text = Buffer.from(String(at(document, `${entry}.canonicalizedBody`)), 'base64').toString();
    expect(change(text)).not.toBe(text);
    return set('canonicalizedBody', Buffer.from(change(text)).toString('base64'));
  }

  async function loggedAs({ signer }: Pick<typeof keys, 'signer'>): Promise<JsonObject> {
    const envelope = at(document, 'attestation.dsseEnvelope') as unknown as DsseEnvelope;
    const again = await signPayload(Buffer.from(envelope.payload, 'base64'), signer);
    const { logged, tlogEntry } = await logNext(again, signer.publicKeyPem, log, keys.checkpointSigner);
    const proofs = { checkpoints: [logged.note], consistency: [] };
    return { ...edited(document, entry, () => JSON.parse(JSON.stringify(tlogEntry)) as JsonValue), proofs };
  }

  /** An entry that the log really has, and that differs from the envelope in one member. */
  async function loggedBody(other: Partial<LoggedSignature>): Promise<JsonObject> {
    const signature = at(document, 'attestation.dsseEnvelope.signatures.0.sig');
    const body = parseLogEntry(Buffer.from(String(at(document, `${entry}.canonicalizedBody`)), 'base64'));
    expect(Buffer.from(body.signature).toString('base64')).toBe(signature);
    const text = logEntry({ ...body, ...other });
    const grown = appendLeaf(log, leafHashOfEntry(text));
    const checkpoint = await note(grown);
    const logged = tlogEntry({
      entry: text,
      index: 41,
      size: 42,
      root: frontierRoot(grown),
      proof: proofOfLast(log),
      checkpoint,
      logId: keyIdBytes(parseVkey(keys.checkpointSigner.vkey)),
    });
    const proofs = { checkpoints: [checkpoint], consistency: [] };
    return { ...edited(document, entry, () => JSON.parse(JSON.stringify(logged)) as JsonValue), proofs };
  }

  function reseal(member: string, value: JsonValue): Promise<JsonObject> {
    return resealed(document, keys, log, (manifest) => edited(manifest, `log.${member}`, () => value));
  }
});

describe('a proof for a later tree', () => {
  it('shows the history before the leaf as well', async () => {
    const signer = keys.checkpointSigner;
    for (const more of [1, 2, 5, 22, 23, 100]) {
      let grown = appendLeaf(log, sealed.logged.leaf);
      const all = [...leaves];
      for (let index = 0; index < more; index += 1) {
        all.push(sha256(`later ${index}`));
        grown = appendLeaf(grown, sha256(`later ${index}`));
      }
      const { naivePath } = await import('../log/testing/naive.ts');
      const checkpoint = await note(grown);
      const proof = {
        checkpoint: { envelope: checkpoint },
        hashes: naivePath(41, all).map(base64),
        logIndex: '41',
        rootHash: base64(frontierRoot(grown)),
        treeSize: String(grown.size),
      };
      const later = {
        ...set('inclusionProof', proof),
        proofs: { checkpoints: [checkpoint], consistency: [] },
      };
      expect(codesOf(await verify(later)), `${more} more, by ${signer.name}`).toEqual([]);
    }
  });
});

describe('checkpoints', () => {
  const withProofs = (proofs: JsonValue) => ({ ...document, proofs });
  const consistency = (older: number, newer = 42) => naiveProof(older, leaves.slice(0, newer)).map(base64);

  it('of a bundle are good when a proof connects them', async () => {
    for (const older of [1, 2, 7, 32, 40, 41]) {
      const checkpoints = [await note(sampleFrontier(older)), sealed.logged.note];
      const good = await verify(withProofs({ checkpoints, consistency: consistency(older) }));
      expect(codesOf(good)).toEqual([]);
      if (consistency(older).length === 0) continue;
      const without = await verify(withProofs({ checkpoints, consistency: [] }));
      expect(codesOf(without)).toEqual(['CONSISTENCY']);
      const other = await verify(
        withProofs({ checkpoints, consistency: consistency(older).with(-1, b64(7)) }),
      );
      expect(codesOf(other)).toEqual(['CONSISTENCY']);
    }
  });

  it('of a bundle that contradict one another convict the log', async () => {
    const smaller = await note(sampleFrontier(40));
    const rolledBack = { checkpoints: [sealed.logged.note, smaller], consistency: [] };
    expect(codesOf(await verify(withProofs(rolledBack)))).toEqual(['LOG_ROLLED_BACK']);
    const other = await note(appendLeaf(sampleFrontier(41), sha256('other')));
    expect(codesOf(await verify(withProofs({ checkpoints: [other], consistency: [] })))).toEqual([
      'LOG_FORKED',
    ]);
  });

  it.each<[string, () => JsonValue | Promise<JsonValue>, ProblemCode]>([
    ['none', () => ({ checkpoints: [], consistency: [] }), 'PROOFS_SHAPE'],
    ['a list', () => [], 'PROOFS_SHAPE'],
    [
      'something more',
      () => ({ checkpoints: [sealed.logged.note], consistency: [], more: 1 }),
      'PROOFS_SHAPE',
    ],
    [
      'a proof for one checkpoint',
      () => ({ checkpoints: [sealed.logged.note], consistency: [b64(1)] }),
      'CONSISTENCY',
    ],
    ['what is no note', () => ({ checkpoints: ['none'], consistency: [] }), 'CONSISTENCY'],
    [
      'a checkpoint of a stranger',
      async () => ({
        checkpoints: [await note(appendLeaf(log, sealed.logged.leaf), strangers)],
        consistency: [],
      }),
      'CONSISTENCY',
    ],
    [
      'an older checkpoint alone',
      async () => ({ checkpoints: [await note(log)], consistency: [] }),
      'CONSISTENCY',
    ],
  ])('of a bundle are refused: %s', async (_, proofs, code) => {
    expect(codesOf(await verify(withProofs(await proofs())))).toEqual([code]);
  });

  it('that were kept and fit leave nothing unproved about the log', async () => {
    // 32 and 40 leaves are complete subtrees of the 41 before the bundle, so that its own proof has their roots.
    for (const size of [0, 32, 40, 41]) {
      const report = await verifyKept([await note(sampleFrontier(size))]);
      expect({ size, codes: codesOf(report), warnings: warningsOf(report) }).toEqual({
        size,
        codes: [],
        warnings: ['TIME_UNPROVED', 'KEY_WINDOW_UNPROVED'],
      });
    }
    const own = await verifyKept([await note(sampleFrontier(41)), sealed.logged.note]);
    expect(codesOf(own)).toEqual([]);
  });

  it('that were kept and that nothing connects are said to be unproved', async () => {
    for (const kept of [sampleFrontier(39), sampleFrontier(43)]) {
      const report = await verifyKept([await note(kept)]);
      expect(report.good).toBe(true);
      expect(warningsOf(report)).toContain('CONSISTENCY_UNPROVED');
    }
  });

  it('that were kept and contradict what is seen convict the log', async () => {
    const other = (size: number) => note(appendLeaf(sampleFrontier(size - 1), sha256('other')));
    for (const size of [32, 40, 41, 42]) {
      expect(codesOf(await verifyKept([await other(size)]))).toEqual(['LOG_FORKED']);
    }
    const back = await verifyKept([sealed.logged.note, await note(log)]);
    expect(codesOf(back)).toEqual(['LOG_ROLLED_BACK']);
    const twice = await verifyKept([await note(sampleFrontier(7)), await other(7), sealed.logged.note]);
    expect(codesOf(twice)).toEqual(['LOG_FORKED']);
  });

  it('that a stranger signed are misuse', async () => {
    await expect(verifyKept([await note(log, strangers)])).rejects.toMatchObject({ code: 'LOG' });
  });

  function verifyKept(checkpoints: readonly string[], given: Trust = trust) {
    return verifyBundle(bytesOf(document), { ...given, checkpoints });
  }
});

function spkiOf({ publicKeyPem }: { readonly publicKeyPem: string }): Uint8Array {
  return createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
}

function b64(byte: number, length = 32): string {
  return Buffer.alloc(length, byte).toString('base64');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
