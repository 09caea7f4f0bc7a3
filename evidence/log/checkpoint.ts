import { EvidenceError } from '../errors.ts';
import { type NoteApproval, type NoteSigner, parseNote, signNote, verifyNote } from './note.ts';
import { isNoteName, type NoteKey, parseVkey } from './vkey.ts';

/** What a log says about itself at one moment (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log: the name of its key as well. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

export interface CosignedCheckpoint extends Checkpoint {
  /** Of the witnesses that were asked about. */
  readonly witnesses: readonly NoteApproval[];
}

const HASH_BYTES = 32;

/** The note text. Throws LOG for what no checkpoint can say. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isNoteName(origin)) throw malformed('the origin is empty or holds a space or plus');
  if (!Number.isSafeInteger(size) || size < 0) throw malformed('the size is not a whole number');
  if (root.length !== HASH_BYTES) throw malformed('the root is not a SHA-256 hash');
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Reads a note text; verifies nothing. Throws LOG, also for extension lines: nobody can audit what they say. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', sizeText = '', rootText = '', end, ...more] = text.split('\n');
  if (end !== '' || more.length > 0) throw malformed('it has not three lines');
  if (origin === '') throw malformed('the origin is empty');
  const size = Number(sizeText);
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(sizeText) || !Number.isSafeInteger(size)) {
    throw malformed('the size is not a whole number');
  }
  const root = Buffer.from(rootText, 'base64');
  if (root.length !== HASH_BYTES || root.toString('base64') !== rootText) {
    throw malformed('the root is not base64 of a SHA-256 hash');
  }
  return { origin, size, root };
}

/** The signed checkpoint. Throws LOG when the signer is not that of the log, or does not sign. */
export async function signCheckpoint(tree: Checkpoint, signer: NoteSigner): Promise<string> {
  if (signer.name !== tree.origin) {
    throw new EvidenceError('LOG', "the signer's name is not the origin of the log", {
      hint: 'The key of a log is named by its origin.',
    });
  }
  return signNote(formatCheckpoint(tree), signer);
}

/**
 * A checkpoint that the log signed with this key, or with one of these: a log whose key was rotated has several. Throws
 * LOG otherwise.
 */
export function openCheckpoint(text: string, vkeys: string | readonly string[]): Checkpoint {
  const keys = [vkeys].flat().map(parseVkey);
  const { signatures } = parseNote(text);
  const isSigner = (key: NoteKey): boolean =>
    signatures.some(({ name, keyId }) => name === key.name && keyId === key.keyId);
  const logKey = keys.find(isSigner) ?? keys[0];
  if (logKey === undefined) throw new EvidenceError('LOG', 'no verifier key of the log was given');
  const { origin, size, root } = openCosigned(text, logKey, []);
  return { origin, size, root };
}

/** The same, and which of these witnesses cosigned it; their number is for the caller to judge. Throws LOG. */
export function openCosigned(
  text: string,
  logKey: NoteKey,
  witnesses: readonly NoteKey[],
): CosignedCheckpoint {
  if (logKey.type !== 'ed25519') {
    throw new EvidenceError('LOG', 'the verifier key is that of a witness, not of a log');
  }
  const note = parseNote(text);
  const approvals = verifyNote(note, [logKey, ...witnesses]);
  if (!approvals.some(({ key }) => key === logKey)) {
    throw new EvidenceError('LOG', 'witnesses signed the checkpoint, the log did not');
  }
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== logKey.name) {
    throw new EvidenceError('LOG', 'the checkpoint is of another log than the verifier key', {
      hint: `The key is that of ${logKey.name}.`,
    });
  }
  return { ...checkpoint, witnesses: approvals.filter(({ key }) => key !== logKey) };
}

function malformed(why: string): EvidenceError {
  return new EvidenceError('LOG', `the checkpoint is malformed: ${why}`);
}
