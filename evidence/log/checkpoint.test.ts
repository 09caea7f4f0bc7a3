import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  formatCheckpoint,
  openCheckpoint,
  openCosigned,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint.ts';
import { formatNote, generateNoteKey, localNoteSigner, parseNote, signNote } from './note.ts';
import { PUBLIC_CHECKPOINT, PUBLIC_LOG, PUBLIC_WITNESSES } from './testing/public-checkpoint.ts';
import { noteKey, parseVkey } from './vkey.ts';

const ROOT = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64');
const TEXT = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const TREE = { origin: 'example.com/behind-the-sofa', size: 20_852_163, root: ROOT };
const signer = localNoteSigner(TREE.origin, generateNoteKey());

describe('the text of a checkpoint', () => {
  it('is that of the specification', () => {
    expect(formatCheckpoint(TREE)).toBe(TEXT);
    expect(parseCheckpoint(TEXT)).toEqual(TREE);
    expect(parseCheckpoint(TEXT.replace('20852163', '0')).size).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['no origin', TEXT.replace('example.com/behind-the-sofa', '')],
    ['a leading zero', TEXT.replace('20852163', '020852163')],
    ['a sign', TEXT.replace('20852163', '-1')],
    ['a fraction', TEXT.replace('20852163', '1.0')],
    ['an exponent', TEXT.replace('20852163', '1e3')],
    ['a size that no number holds', TEXT.replace('20852163', '9007199254740993')],
    ['a short root', TEXT.replace('q2I=', '')],
    ['a root that is not base64', TEXT.replace('CsUY', 'Cs-Y')],
    ['a root with spare bits', TEXT.replace('q2I=', 'q2J=')],
    ['two lines', TEXT.split('\n').slice(0, 2).join('\n')],
    ['no end', TEXT.slice(0, -1)],
    ['an extension line', `${TEXT}extra\n`],
    ['an empty line', `${TEXT}\n`],
  ])('is refused with %s', (_case, text) => {
    expect(() => parseCheckpoint(text)).toThrow(expect.objectContaining({ code: 'LOG' }));
  });

  it.each([
    ['an origin with a space', { origin: 'a b' }],
    ['an origin with a line', { origin: 'a\nb' }],
    ['a size that is none', { size: -1 }],
    ['a fraction', { size: 0.5 }],
    ['a short root', { root: ROOT.subarray(1) }],
  ])('is not written with %s', (_case, wrong) => {
    expect(() => formatCheckpoint({ ...TREE, ...wrong })).toThrow(expect.objectContaining({ code: 'LOG' }));
  });
});

describe('a signed checkpoint', () => {
  it('opens with the key of its log alone', async () => {
    const note = await signCheckpoint(TREE, signer);
    expect(openCheckpoint(note, signer.vkey)).toEqual(TREE);
    const other = localNoteSigner(TREE.origin, generateNoteKey());
    expect(() => openCheckpoint(note, other.vkey)).toThrow(/none of the keys/);
    expect(() => openCheckpoint(note.replace('20852163', '20852164'), signer.vkey)).toThrow(/not valid/);
  });

  it('is of the log that the key is named after', async () => {
    await expect(signCheckpoint({ ...TREE, origin: 'other' }, signer)).rejects.toThrow(/not the origin/);
    const note = await signNote(TEXT.replace('sofa', 'desk'), signer);
    expect(() => openCheckpoint(note, signer.vkey)).toThrow(/another log/);
    const noCheckpoint = await signNote('hello\n', signer);
    expect(() => openCheckpoint(noCheckpoint, signer.vkey)).toThrow(/malformed/);
  });

  it('does not open with the key of a witness', async () => {
    const witness = noteKey('witness', 'cosignature/v1', signer.publicKey);
    expect(() => openCosigned('', witness, [])).toThrow(/of a witness/);
  });
});

describe('a public log and its witnesses', () => {
  const log = parseVkey(PUBLIC_LOG);
  const witnesses = PUBLIC_WITNESSES.map(parseVkey);

  it('are verified, with signatures of types that are not known here', () => {
    const opened = openCosigned(PUBLIC_CHECKPOINT, log, witnesses);
    expect(opened).toMatchObject({ origin: 'arche2025h1.staging.ct.transparency.dev', size: 1_432_088_532 });
    expect(opened.witnesses.map(({ key, timestamp }) => [key.name, timestamp])).toEqual(
      witnesses.map(({ name }) => [name, 1_779_573_024]),
    );
    expect(openCosigned(PUBLIC_CHECKPOINT, log, []).witnesses).toEqual([]);
    expect(formatNote(parseNote(PUBLIC_CHECKPOINT))).toBe(PUBLIC_CHECKPOINT);
  });

  it('are not, once a digit, a time or a signature is another', () => {
    const size = PUBLIC_CHECKPOINT.replace('1432088532', '1432088533');
    expect(() => openCosigned(size, log, witnesses)).toThrow(/not valid/);
    for (const witness of witnesses) {
      const note = parseNote(PUBLIC_CHECKPOINT);
      for (const byte of [7, 8, 71]) {
        const signatures = note.signatures.map((each) => {
          if (each.keyId !== witness.keyId) return each;
          const signature = Buffer.from(each.signature);
          signature[byte] = (signature[byte] ?? 0) ^ 1;
          return { ...each, signature };
        });
        const changed = formatNote({ ...note, signatures });
        expect(() => openCosigned(changed, log, [witness])).toThrow(/not valid/);
        expect(openCosigned(changed, log, []).size).toBe(1_432_088_532);
      }
    }
  });

  it('have a time that a number holds', async () => {
    const [logNote, pair] = [await signCheckpoint(TREE, signer), generateKeyPairSync('ed25519')];
    const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
    const witness = noteKey('witness', 'cosignature/v1', raw);
    const cosigned = (time: bigint): string => {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(time);
      const made = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${TEXT}`), pair.privateKey);
      const { text, signatures } = parseNote(logNote);
      const line = { name: witness.name, keyId: witness.keyId, signature: Buffer.concat([stamp, made]) };
      return formatNote({ text, signatures: [...signatures, line] });
    };
    const logKey = parseVkey(signer.vkey);
    expect(openCosigned(cosigned(1_679_315_147n), logKey, [witness]).witnesses).toMatchObject([
      { timestamp: 1_679_315_147 },
    ]);
    for (const time of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(() => openCosigned(cosigned(time), logKey, [witness])).toThrow(/not valid/);
    }
  });

  it('need the log itself: witnesses alone are not enough', () => {
    const note = parseNote(PUBLIC_CHECKPOINT);
    const signatures = note.signatures.filter(({ keyId }) => keyId !== log.keyId);
    expect(() => openCosigned(formatNote({ ...note, signatures }), log, witnesses)).toThrow(
      /the log did not/,
    );
  });
});
