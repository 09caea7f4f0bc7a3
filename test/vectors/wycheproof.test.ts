import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSignatureOf } from '../../evidence/dsse.ts';
import {
  generateNoteKey,
  localNoteSigner,
  parseNote,
  signNote,
  verifyNote,
} from '../../evidence/log/note.ts';
import { noteKey, noteKeyObject, parseVkey } from '../../evidence/log/vkey.ts';

/** Signatures that are valid in odd ways, or invalid in ways that libraries have missed; see README.md. */

interface Vectors {
  readonly groups: readonly {
    /** Hexadecimal, as everything else. */
    readonly publicKeyDer: string;
    readonly tests: readonly {
      readonly id: number;
      readonly flags: readonly string[];
      readonly valid: boolean;
      readonly msg: string;
      readonly sig: string;
      readonly comment: string;
    }[];
  }[];
}

function read(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8')) as Vectors;
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** What we say about each test, where that is something else than Wycheproof. */
function differences(
  { groups }: Vectors,
  judge: (publicKeyDer: Buffer) => (message: Buffer, signature: Buffer) => boolean,
): readonly string[] {
  return groups.flatMap(({ publicKeyDer, tests }) => {
    const accepts = judge(bytes(publicKeyDer));
    return tests
      .filter(({ msg, sig, valid }) => accepts(bytes(msg), bytes(sig)) !== valid)
      .map(({ id, comment }) => `${id}: ${comment}`);
  });
}

function spki(der: Buffer): KeyObject {
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/** Order of the group of Ed25519 (RFC 8032). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

describe('Wycheproof', () => {
  it('ECDSA on P-256 with SHA-256: every vector as it says', () => {
    const vectors = read('wycheproof-ecdsa-p256-sha256.json');
    const judge = (der: Buffer) => {
      const key = spki(der);
      return (message: Buffer, signature: Buffer) => isSignatureOf(message, signature, key);
    };
    expect(differences(vectors, judge)).toEqual([]);
    expect(vectors.groups.flatMap(({ tests }) => tests)).toHaveLength(484);
  });

  it('Ed25519, with the keys of notes: every vector as it says', () => {
    const vectors = read('wycheproof-ed25519.json');
    const judge = (der: Buffer) => {
      const key = noteKeyObject(noteKey('wycheproof', 'ed25519', der.subarray(-32)));
      return (message: Buffer, signature: Buffer) => verify(null, message, key, signature);
    };
    expect(differences(vectors, judge)).toEqual([]);
    expect(vectors.groups.flatMap(({ tests }) => tests)).toHaveLength(150);
  });

  it('Ed25519 in a note: no other spelling of a signature, and no byte more or less', async () => {
    const signer = localNoteSigner('wycheproof', generateNoteKey());
    const note = parseNote(await signNote('a note\n', signer));
    const [signed] = note.signatures;
    if (signed === undefined) throw new Error('there is no signature');
    const good = Buffer.from(signed.signature);
    const s = BigInt(`0x${Buffer.from(good.subarray(32)).reverse().toString('hex')}`) + ORDER;
    const more = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse();
    const opens = (signature: Uint8Array) => () =>
      verifyNote({ ...note, signatures: [{ ...signed, signature }] }, [parseVkey(signer.vkey)]);
    expect(opens(good)()).toHaveLength(1);
    for (const other of [
      Buffer.concat([good.subarray(0, 32), more]),
      Buffer.concat([good, Buffer.of(0)]),
      good.subarray(0, -1),
      Buffer.alloc(64),
    ]) {
      expect(opens(other)).toThrow(/is not valid/);
    }
  });
});
