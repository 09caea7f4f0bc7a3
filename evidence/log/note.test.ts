import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKeyPair } from '../sign/local.ts';
import { formatNote, generateNoteKey, localNoteSigner, parseNote, signNote, verifyNote } from './note.ts';
import { formatVkey, isNoteName, keyIdBytes, noteKey, parseVkey } from './vkey.ts';

/** The example of golang.org/x/mod/sumdb/note, the seed of its key in pieces. */
const GO_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_SEED = ['AYEKFALVFGyNhPJE', 'MzD1QIDr+Y7hfZx0', '9iUvxdXHKDFz'];
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

describe('verifier keys', () => {
  it.each([
    GO_VKEY,
    'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    'TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6',
    'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  ])('of other people are read and written as they are: %s', (vkey) => {
    expect(formatVkey(parseVkey(vkey))).toBe(vkey);
    expect(Buffer.from(keyIdBytes(parseVkey(vkey))).toString('hex')).toBe(vkey.split('+')[1]);
  });

  it('are refused when any part of them is cut or changed', () => {
    const cuts = fc.tuple(fc.nat(GO_VKEY.length), fc.nat(GO_VKEY.length)).filter(([from, to]) => from < to);
    fc.assert(
      fc.property(cuts, ([from, to]) => {
        fc.pre(from > 0 || to < GO_VKEY.length);
        expect(() => parseVkey(GO_VKEY.slice(from, to))).toThrow(expect.objectContaining({ code: 'LOG' }));
      }),
    );
    for (const wrong of [
      GO_VKEY.replace('c74f20a3', 'c74f20a4'),
      GO_VKEY.replace('c74f20a3', 'C74F20A3'),
      GO_VKEY.replace('Neumann', 'neumann'),
      GO_VKEY.replace('Neumann', ' eumann'),
      GO_VKEY.replace('ARpc', 'ARpd'),
      GO_VKEY.replace('ARpc', 'Arpc'),
      `${GO_VKEY}=`,
      `${GO_VKEY}\n`,
      ` ${GO_VKEY}`,
    ]) {
      expect(() => parseVkey(wrong)).toThrow(expect.objectContaining({ code: 'LOG' }));
    }
  });

  it('have no spaces, plus signs or control characters in their names', () => {
    for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u0085b', 'a\u2003b', 'a\tb', 'a\u0007b', '\ud800']) {
      expect(isNoteName(name), JSON.stringify(name)).toBe(false);
    }
    for (const name of ['a', 'acme.exhibit.internal', 'transparency.dev/DEV:witness', 'é']) {
      expect(isNoteName(name)).toBe(true);
    }
    expect(() => noteKey('a b', 'ed25519', new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'LOG' }),
    );
    expect(() => noteKey('a', 'ed25519', new Uint8Array(31))).toThrow(/32 bytes, not 31/);
  });
});

describe('signed notes', () => {
  it('of other people are verified, and signed as they sign them', async () => {
    const key = parseVkey(GO_VKEY);
    expect(verifyNote(parseNote(GO_NOTE), [key])).toEqual([{ key, timestamp: null }]);
    expect(parseNote(GO_NOTE).text).toBe(GO_TEXT);
    const der = Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Buffer.from(GO_SEED.join(''), 'base64').subarray(1),
    ]);
    const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const signer = localNoteSigner('PeterNeumann', pem.export({ type: 'pkcs8', format: 'pem' }).toString());
    expect(signer.vkey).toBe(GO_VKEY);
    expect(await signNote(GO_TEXT, signer)).toBe(GO_NOTE);
  });

  it('are written as they were read, unknown signatures and empty lines too', () => {
    const name = fc.stringMatching(/^[a-z./:-]{1,20}$/);
    const signature = fc.uint8Array({ minLength: 1, maxLength: 90 });
    const line = fc.stringMatching(/^[ -~äé€]{0,30}$/);
    const note = fc.record({
      text: fc.array(line, { minLength: 1 }).map((lines) => `${lines.join('\n')}\n`),
      signatures: fc.array(fc.record({ name, keyId: fc.nat(), signature }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(note, (given) => {
        const read = parseNote(formatNote(given));
        expect(read.text).toBe(given.text);
        expect(read.signatures.map((each) => ({ ...each, signature: [...each.signature] }))).toEqual(
          given.signatures.map((each) => ({ ...each, signature: [...each.signature] })),
        );
      }),
    );
  });

  const line = GO_NOTE.slice(GO_TEXT.length + 1);
  it.each([
    ['nothing', ''],
    ['no signature', `${GO_TEXT}\n`],
    ['no blank line', `${GO_TEXT}${line}`],
    ['no end of the last line', GO_NOTE.slice(0, -1)],
    ['a line after the signatures', `${GO_NOTE}more\n`],
    ['a blank line at the end', `${GO_NOTE}\n`],
    ['a hyphen for the dash', GO_NOTE.replace('—', '-')],
    ['no space after the dash', GO_NOTE.replace('— ', '—')],
    ['two spaces', GO_NOTE.replace('PeterNeumann ', 'PeterNeumann  ')],
    ['a plus in the name', GO_NOTE.replace('PeterNeumann', 'Peter+Neumann')],
    ['no name', GO_NOTE.replace('PeterNeumann', '')],
    ['base64 that is not padded', GO_NOTE.replace('AM=\n', 'AM\n')],
    ['base64 with spare bits', GO_NOTE.replace('AM=\n', 'AN=\n')],
    ['base64url', GO_NOTE.replace('x08go/ZJ', 'x08go_ZJ')],
    ['a key id and nothing else', `${GO_TEXT}\n— PeterNeumann x08gow==\n`],
    ['a carriage return', GO_NOTE.replaceAll('\n', '\r\n')],
    ['a tab', GO_NOTE.replace('If you', 'If\tyou')],
    ['a null byte', GO_NOTE.replace('If you', 'If\0you')],
    ['a lone surrogate', GO_NOTE.replace('If you', 'If\ud800you')],
    ['too many signatures', `${GO_TEXT}\n${line.repeat(65)}`],
    ['too many bytes', `${'x'.repeat(70_000)}\n\n${line}`],
  ])('are refused with %s', (_case, note) => {
    expect(() => parseNote(note)).toThrow(expect.objectContaining({ code: 'LOG' }));
  });

  it('are accepted with 16 signatures of unknown keys before the known one', () => {
    const others = Array.from({ length: 16 }, (_, index) => line.replace('PeterNeumann', `other${index}`));
    const note = parseNote(`${GO_TEXT}\n${others.join('')}${line}`);
    expect(verifyNote(note, [parseVkey(GO_VKEY)])).toHaveLength(1);
  });

  it('count a key once, and hold it against every signature in its name', () => {
    const key = parseVkey(GO_VKEY);
    expect(verifyNote(parseNote(`${GO_TEXT}\n${line}${line}`), [key])).toHaveLength(1);
    const forged = line.replace('ZInNIuG', 'ZInNIuH');
    for (const lines of [forged, `${line}${forged}`, `${forged}${line}`]) {
      expect(() => verifyNote(parseNote(`${GO_TEXT}\n${lines}`), [key])).toThrow(/PeterNeumann is not valid/);
    }
    expect(() => verifyNote(parseNote(GO_NOTE.replace('cryptography', 'Cryptography')), [key])).toThrow(
      /not valid/,
    );
  });

  it('that no known key signed are refused, even when the name or the id is one that is known', () => {
    const other = noteKey('PeterNeumann', 'ed25519', new Uint8Array(32));
    const sameName = parseNote(GO_NOTE);
    expect(() => verifyNote(sameName, [other])).toThrow(/none of the keys/);
    const sameId = parseNote(GO_NOTE.replace('PeterNeumann', 'EnochRoot'));
    expect(() => verifyNote(sameId, [parseVkey(GO_VKEY)])).toThrow(/none of the keys/);
    expect(() => verifyNote(sameName, [])).toThrow(/none of the keys/);
  });
});

describe('the signer', () => {
  it('is made of an Ed25519 key only', () => {
    expect(localNoteSigner('acme', generateNoteKey()).publicKey).toHaveLength(32);
    for (const pem of [
      '',
      generateKeyPair().privateKeyPem,
      generateKeyPairSync('ed448').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ]) {
      expect(() => localNoteSigner('acme', pem)).toThrow(expect.objectContaining({ code: 'LOG' }));
    }
    expect(() => localNoteSigner('a b', generateNoteKey())).toThrow(/space or plus/);
  });

  it('that signs with another key, or not the text, is not believed', async () => {
    const [one, other] = [
      localNoteSigner('acme', generateNoteKey()),
      localNoteSigner('acme', generateNoteKey()),
    ];
    for (const sign of [
      other.sign,
      () => new Uint8Array(64),
      () => new Uint8Array(),
      () => one.sign(Buffer.from('x')),
    ]) {
      await expect(signNote('text\n', { ...one, sign })).rejects.toMatchObject({ code: 'LOG' });
    }
  });
});
