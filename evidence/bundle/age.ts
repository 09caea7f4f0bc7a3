import { Decrypter, Encrypter } from 'age-encryption';
import { EvidenceError } from '../errors.ts';
import { ByteReader } from './byte-reader.ts';

/**
 * Encryption of a bundle to recipients, so that it can travel through a ticket system: the age format, version 1, with
 * X25519 recipients (https://age-encryption.org/v1). The `age` and `rage` commands read and write the same. It hides a
 * bundle and proves nothing: who can read it is in no signature.
 */

export const AGE_MEDIA_TYPE = 'application/age';
/** `age1` and 58 characters of Bech32; see `isRecipient()` for their checksum. */
export const RECIPIENT_PATTERN = /^age1[02-9ac-hj-np-z]{58}$/;
export const MAX_RECIPIENTS = 20;

const IDENTITY = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/;
const FIRST_LINE = 'age-encryption.org/v1\n';
const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';
/** Room for hundreds of recipients; the header is read as a whole. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Whether this is an X25519 recipient, with a checksum that is right. */
export function isRecipient(text: string): boolean {
  try {
    if (RECIPIENT_PATTERN.test(text)) new Encrypter().addRecipient(text);
    return RECIPIENT_PATTERN.test(text);
  } catch {
    return false;
  }
}

/** Throws KEY for a recipient that is none. */
export async function encryptTo(
  recipients: readonly string[],
  plain: AsyncIterable<Uint8Array>,
): Promise<AsyncIterable<Uint8Array>> {
  const encrypter = new Encrypter();
  if (recipients.length === 0 || recipients.length > MAX_RECIPIENTS) {
    throw new EvidenceError('KEY', `there must be 1 to ${MAX_RECIPIENTS} recipients`);
  }
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  return encrypter.encrypt(asStream(plain));
}

/**
 * What was encrypted; each piece was authenticated before it comes out. Throws KEY when no identity fits, BUNDLE for
 * what is no age file, was changed, or is cut off: keep nothing of it before the end.
 */
export async function* decryptWith(
  identities: readonly string[],
  encrypted: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const decrypter = new Decrypter();
  for (const identity of identities) addIdentity(decrypter, identity);
  const reader = new ByteReader(encrypted);
  try {
    await assertHeader(reader);
    yield* await opened(decrypter, reader);
  } catch (cause) {
    if (cause instanceof EvidenceError || isSystemError(cause)) throw cause;
    throw new EvidenceError('BUNDLE', 'the encrypted file was changed or is cut off', {
      hint: 'Get the file again; nothing of it was kept.',
      cause,
    });
  } finally {
    await reader.close();
  }
}

/** The identities of a file as `age-keygen` writes it. Throws KEY; never quotes the file. */
export function readIdentities(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = lines.findIndex((line) => line !== '' && !line.startsWith('#') && !IDENTITY.test(line));
  if (wrong !== -1) {
    throw new EvidenceError('KEY', `line ${wrong + 1} of the identity file is no X25519 identity`, {
      hint: 'It must look like AGE-SECRET-KEY-1…, as age-keygen writes it.',
    });
  }
  if (identities.length > 0) return identities;
  throw new EvidenceError('KEY', 'the identity file has no identity', { hint: 'Make one with age-keygen.' });
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  if (!isRecipient(recipient)) {
    throw new EvidenceError('KEY', 'a recipient is no X25519 recipient of age', {
      hint: 'It must look like age1…, 62 characters; age-keygen prints it.',
    });
  }
  encrypter.addRecipient(recipient);
}

function addIdentity(decrypter: Decrypter, identity: string): void {
  try {
    decrypter.addIdentity(identity);
  } catch (cause) {
    throw new EvidenceError('KEY', 'an identity has a typing error', { cause });
  }
}

/** Before the library reads it: it would go on reading a header that has no end. */
async function assertHeader(reader: ByteReader): Promise<void> {
  const start = Buffer.from(await reader.peek(FIRST_LINE.length)).toString('latin1');
  if (start.startsWith('-----BEGIN')) {
    throw new EvidenceError('BUNDLE', `the file is armored (${ARMOR})`, {
      hint: 'Decrypt it with "age --decrypt", or encrypt it again without --armor.',
    });
  }
  if (start !== FIRST_LINE) {
    throw new EvidenceError('BUNDLE', 'the file is not encrypted with age', {
      hint: 'Give the file that "bundle encrypt" or age wrote.',
    });
  }
  const header = Buffer.from(await reader.peek(MAX_HEADER_BYTES)).toString('latin1');
  if (/\n--- [^\n]*\n/.test(header)) return;
  throw new EvidenceError('BUNDLE', 'the header of the encrypted file has no end');
}

async function opened(decrypter: Decrypter, reader: ByteReader): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await decrypter.decrypt(asStream(reader.rest()));
  } catch (cause) {
    // The library has no codes.
    const isForOthers = cause instanceof Error && cause.message.startsWith('no identity matched');
    if (!isForOthers) throw cause;
    throw new EvidenceError('KEY', 'no identity fits: the file was encrypted to other recipients', { cause });
  }
}

function asStream(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
