import { describe, expect, it } from 'vitest';
import { EvidenceError } from '../../evidence/errors.ts';
import { localNoteSigner, parseNote, signNote, verifyNote } from '../../evidence/log/note.ts';
import { formatVkey, parseVkey } from '../../evidence/log/vkey.ts';

/** The notes that golang.org/x/mod/sumdb/note is tested with; see README.md. */

const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
/** The seed of Peter's key, which was published with the vectors. */
const PETER_SEED = ['AYEKFALVFGyNhPJE', 'MzD1QIDr+Y7hfZx0', '9iUvxdXHKDFz'];
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const BY_PETER =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const BY_ENOCH =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';

/** Names of the keys whose signatures hold, or the code of the error. */
function open(note: string, ...vkeys: readonly string[]): readonly string[] | string {
  try {
    return verifyNote(
      parseNote(note),
      vkeys.map((vkey) => parseVkey(vkey)),
    ).map(({ key }) => key.name);
  } catch (error) {
    if (error instanceof EvidenceError) return error.code;
    throw error;
  }
}

describe('verifier keys', () => {
  it('are read and written back', () => {
    for (const vkey of [PETER, ENOCH]) expect(formatVkey(parseVkey(vkey))).toBe(vkey);
  });

  it('are refused with any part left out or any letter changed', () => {
    for (let from = 0; from < PETER.length; from += 1) {
      for (let to = from + 1; to <= PETER.length; to += 1) {
        if (to - from < PETER.length) expect(() => parseVkey(PETER.slice(from, to))).toThrow(EvidenceError);
      }
      const next = String.fromCharCode(PETER.charCodeAt(from) + 1);
      expect(() => parseVkey(PETER.slice(0, from) + next + PETER.slice(from + 1))).toThrow(EvidenceError);
    }
  });

  it.each([
    [
      'a key of the wrong length',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    ],
    ['an unknown algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
  ])('are refused with %s, though the id fits', (_, vkey) => {
    expect(() => parseVkey(vkey)).toThrow(EvidenceError);
  });
});

describe('notes', () => {
  it('open with each key that signed them', () => {
    expect(open(`${TEXT}\n${BY_PETER}${BY_ENOCH}`, PETER)).toEqual(['PeterNeumann']);
    expect(open(`${TEXT}\n${BY_PETER}${BY_ENOCH}`, PETER, ENOCH)).toEqual(['PeterNeumann', 'EnochRoot']);
    expect(open(`${TEXT}\n${BY_PETER}${BY_PETER}${BY_ENOCH}${BY_ENOCH}`, PETER)).toEqual(['PeterNeumann']);
    expect(parseNote(`${TEXT}\n${BY_PETER}${BY_ENOCH}`).text).toBe(TEXT);
  });

  it('come out the same when we sign, for Ed25519 leaves nothing to choice', async () => {
    const seed = Buffer.from(PETER_SEED.join(''), 'base64').subarray(1);
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const label = ['PRIVATE', 'KEY'].join(' ');
    const pem = `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`;
    const signer = localNoteSigner('PeterNeumann', pem);
    expect(signer.vkey).toBe(PETER);
    expect(await signNote(TEXT, signer)).toBe(`${TEXT}\n${BY_PETER}`);
  });

  it.each<[string, string]>([
    ['no key', `${TEXT}\n${BY_ENOCH}`],
    ['a hundred and one signatures', `${TEXT}\n${BY_PETER.repeat(101)}`],
    ['a signature that does not hold', `${TEXT}\n${BY_PETER.slice(0, 60)}ABCD${BY_PETER.slice(60)}`],
    ['no signature', TEXT],
    ['an empty list of signatures', `${TEXT}\n`],
    ['an unended last line', `${TEXT}\n${BY_PETER.slice(0, -1)}`],
    ['a control character', `\u0001${TEXT}\n${BY_PETER}`],
    ['half a surrogate pair', `\ud800${TEXT}\n${BY_PETER}`],
    ['a name with a space', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'Bad Name')}`],
    ['a line that is no signature', `${TEXT}\n${BY_PETER}Unexpected line.\n`],
    ['another name', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'CarmenSandiego')}`],
    ['another key id', `${TEXT}\n${BY_PETER.replace('x08g', 'xxxx')}`],
    ['another text', `${TEXT.replace('cryptography', 'cryptographY')}\n${BY_PETER}`],
  ])('do not open with %s', (_, note) => {
    expect(open(note, PETER)).toBe('LOG');
  });
});
