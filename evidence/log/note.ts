import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { EvidenceError } from '../errors.ts';
import { formatVkey, isNoteName, type NoteKey, noteKey, noteKeyObject, rawEd25519 } from './vkey.ts';

/** Signed notes as in c2sp.org/signed-note: a text, a blank line, and one line for each signature. */

/** Bytes. A checkpoint with sixteen signatures of today has 3 KB. */
const MAX_NOTE = 64 * 1024;
const MAX_SIGNATURES = 64;
const KEY_ID_BYTES = 4;
const TIMESTAMP_BYTES = 8;
const LINE_START = '\u2014 ';

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  /** What the key made; without the key id. */
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** What is signed; ends in a newline. */
  readonly text: string;
  /** In their order, those of unknown keys too. */
  readonly signatures: readonly NoteSignature[];
}

/** A signature that holds. */
export interface NoteApproval {
  readonly key: NoteKey;
  /** Seconds since 1970, as a witness says; null for a log's own signature. */
  readonly timestamp: number | null;
}

/** What signs a log's checkpoints: a key in a file, or a service. */
export interface NoteSigner {
  readonly name: string;
  readonly vkey: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The Ed25519 signature (64 bytes) of these bytes. */
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Parses strictly, verifies nothing. Throws LOG. */
export function parseNote(note: string): SignedNote {
  if (Buffer.byteLength(note) > MAX_NOTE) throw malformed(`it is longer than ${MAX_NOTE} bytes`);
  if (!note.isWellFormed() || [...note].some(isControl)) {
    throw malformed('it holds a control character, or is not UTF-8');
  }
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) throw malformed('there is no blank line between text and signatures');
  const lines = note.slice(blank + 2).split('\n');
  if (lines.pop() !== '') throw malformed('the last line is not ended');
  if (lines.length === 0) throw malformed('there is no signature');
  if (lines.length > MAX_SIGNATURES) throw malformed(`there are more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(formatSignature).join('')}`;
}

/**
 * The signatures of the given keys, each key once. As the specification says, signatures of other keys are passed over;
 * one of a known key that does not hold, or none of a known key at all, throws LOG.
 */
export function verifyNote(note: SignedNote, keys: readonly NoteKey[]): readonly NoteApproval[] {
  const approvals = new Map<NoteKey, NoteApproval>();
  for (const signature of note.signatures) {
    const key = keys.find(({ name, keyId }) => name === signature.name && keyId === signature.keyId);
    if (key === undefined) continue;
    const approval = verifySignature(note.text, signature, key);
    if (approval === null) {
      throw new EvidenceError('LOG', `the signature of ${key.name} is not valid`, {
        hint: 'The note was changed after it was signed, or another key made the signature.',
      });
    }
    if (!approvals.has(key)) approvals.set(key, approval);
  }
  if (approvals.size === 0) {
    throw new EvidenceError('LOG', 'none of the keys that were given signed the note', {
      hint: 'Check that the verifier key is that of this log; if it was rotated, give the old one and the new one.',
    });
  }
  return [...approvals.values()];
}

/** Signs and looks at what came back: a signer may be a remote service. Throws LOG. */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  const key = noteKey(signer.name, 'ed25519', signer.publicKey);
  const signature = await signer.sign(Buffer.from(text));
  const signed = { name: key.name, keyId: key.keyId, signature };
  if (verifySignature(text, signed, key) === null) {
    throw new EvidenceError(
      'LOG',
      "the log's signer returned a signature that its public key does not verify",
      {
        hint: 'Check that the signer makes Ed25519 signatures with the current key.',
      },
    );
  }
  return formatNote({ text, signatures: [signed] });
}

/** A signer that holds its key in this process. Throws LOG for anything but an Ed25519 key in PKCS #8 PEM. */
export function localNoteSigner(name: string, pem: string): NoteSigner {
  const privateKey = readPrivate(pem);
  const publicKey = rawEd25519(privateKey);
  const vkey = formatVkey(noteKey(name, 'ed25519', publicKey));
  return { name, vkey, publicKey, sign: (bytes) => sign(null, bytes, privateKey) };
}

/** A new Ed25519 key, PKCS #8 PEM. */
export function generateNoteKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Below U+0020; a line end is none here. */
function isControl(character: string): boolean {
  return character < ' ' && character !== '\n';
}

function parseSignature(line: string): NoteSignature {
  const [name = '', encoded = '', ...more] = line.slice(LINE_START.length).split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  const isExact = bytes.toString('base64') === encoded && bytes.length > KEY_ID_BYTES;
  if (!line.startsWith(LINE_START) || !isNoteName(name) || more.length > 0 || !isExact) {
    throw malformed('a signature line is not "— name base64"');
  }
  return { name, keyId: bytes.readUInt32BE(), signature: bytes.subarray(KEY_ID_BYTES) };
}

function formatSignature({ name, keyId, signature }: NoteSignature): string {
  const bytes = Buffer.alloc(KEY_ID_BYTES + signature.length);
  bytes.writeUInt32BE(keyId);
  bytes.set(signature, KEY_ID_BYTES);
  return `${LINE_START}${name} ${bytes.toString('base64')}\n`;
}

function verifySignature(text: string, { signature }: NoteSignature, key: NoteKey): NoteApproval | null {
  if (key.type === 'ed25519') {
    return isSigned(text, key, signature) ? { key, timestamp: null } : null;
  }
  if (signature.length <= TIMESTAMP_BYTES) return null;
  const timestamp = Buffer.from(signature).readBigUInt64BE();
  const cosigned = `cosignature/v1\ntime ${timestamp}\n${text}`;
  if (timestamp > Number.MAX_SAFE_INTEGER || !isSigned(cosigned, key, signature.subarray(TIMESTAMP_BYTES))) {
    return null;
  }
  return { key, timestamp: Number(timestamp) };
}

function isSigned(text: string, key: NoteKey, signature: Uint8Array): boolean {
  return verify(null, Buffer.from(text), noteKeyObject(key), signature);
}

function readPrivate(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new EvidenceError('LOG', 'the private key of the log can not be read', {
      hint: 'Give an unencrypted PEM file of an Ed25519 key.',
      cause: error,
    });
  }
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('LOG', `the signed note is malformed: ${why}`);
}
