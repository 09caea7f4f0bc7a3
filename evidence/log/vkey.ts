import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { EvidenceError } from '../errors.ts';

/**
 * Keys of signed notes (c2sp.org/signed-note, c2sp.org/tlog-cosignature): a name, a signature type and 32 bytes of an
 * Ed25519 key. As text ("vkey"): `<name>+<key id in 8 hex digits>+<base64 of type byte and key>`.
 */

/** Type byte: a log's signature over the note. */
const ED25519 = 0x01;
/** Type byte: a witness's timestamped signature over a checkpoint. */
const COSIGNATURE_V1 = 0x04;

const PUBLIC_KEY_BYTES = 32;
/** A DER SubjectPublicKeyInfo of Ed25519 is this, then the 32 bytes of the key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export type NoteKeyType = 'ed25519' | 'cosignature/v1';

export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** Four bytes, as a number. Not a fingerprint: it only says which key to try. */
  readonly keyId: number;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Non-empty, without spaces, plus signs and control characters. */
export function isNoteName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** Throws LOG for a name that can not stand in a note, or a key of another length than 32 bytes. */
export function noteKey(name: string, type: NoteKeyType, publicKey: Uint8Array): NoteKey {
  if (!isNoteName(name)) {
    throw new EvidenceError('LOG', 'the name of a note key is empty or holds a space or plus', {
      hint: 'Name it like a host, e.g. acme.exhibit.internal.',
    });
  }
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new EvidenceError('LOG', `an Ed25519 key has ${PUBLIC_KEY_BYTES} bytes, not ${publicKey.length}`);
  }
  return { name, type, keyId: noteKeyId(name, typeByte(type), publicKey), publicKey };
}

/** The text form. */
export function formatVkey({ name, type, keyId, publicKey }: NoteKey): string {
  const key = Buffer.concat([Uint8Array.of(typeByte(type)), publicKey]).toString('base64');
  return `${name}+${keyId.toString(16).padStart(8, '0')}+${key}`;
}

/** Reads the text form. Throws LOG for anything but one key of a known type whose id is its own. */
export function parseVkey(vkey: string): NoteKey {
  const [, name = '', keyId = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/s.exec(vkey) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const type = typeOf(bytes[0]);
  if (!isNoteName(name) || bytes.toString('base64') !== encoded || type === null) throw badVkey();
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES) throw badVkey();
  const key = noteKey(name, type, bytes.subarray(1));
  if (key.keyId !== Number.parseInt(keyId, 16)) {
    throw new EvidenceError('LOG', "the verifier key's id is not that of its name and key", {
      hint: 'It was cut or edited: copy it again from who runs the log.',
    });
  }
  return key;
}

/** The four bytes that stand before a signature, and that Sigstore's trusted root names the log by. */
export function keyIdBytes({ keyId }: NoteKey): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(keyId);
  return bytes;
}

/** DER SubjectPublicKeyInfo: what a trusted root holds. */
export function noteKeySpki({ publicKey }: NoteKey): Uint8Array {
  return Buffer.concat([SPKI_PREFIX, publicKey]);
}

export function noteKeyObject(key: NoteKey): KeyObject {
  return createPublicKey({ key: Buffer.from(noteKeySpki(key)), format: 'der', type: 'spki' });
}

/** The 32 bytes of an Ed25519 key. Throws LOG for any other kind of key. */
export function rawEd25519(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new EvidenceError('LOG', 'the key of the log is not an Ed25519 key', {
      hint: 'Witnesses and log clients accept Ed25519 only. Make one with "exhibit keys generate".',
    });
  }
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(SPKI_PREFIX.length);
}

function noteKeyId(name: string, type: number, publicKey: Uint8Array): number {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(type), publicKey]);
  return hash('sha256', named, 'buffer').readUInt32BE();
}

function typeByte(type: NoteKeyType): number {
  return type === 'ed25519' ? ED25519 : COSIGNATURE_V1;
}

function typeOf(byte: number | undefined): NoteKeyType | null {
  if (byte === ED25519) return 'ed25519';
  return byte === COSIGNATURE_V1 ? 'cosignature/v1' : null;
}

function badVkey(): EvidenceError {
  return new EvidenceError('LOG', 'the text is not a verifier key of a log or witness', {
    hint: 'It looks like name+0123abcd+AbCd…: a name, eight hexadecimal digits and base64 of an Ed25519 key.',
  });
}
