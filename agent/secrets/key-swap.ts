import { createPublicKey } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { keyId } from '../../evidence/sign/key.ts';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import { AgentError } from '../errors.ts';
import { codeOf, moveOver, replacePublic, wipe, writeDurably } from './durable.ts';

/**
 * How the key in a file is replaced by another, so that at every instant a process may die and the next one knows what
 * to do: the new key is written beside the old (1), the key history names it (2), it takes the old one's place (3), its
 * public half is written (4). What died before (2) has done nothing; what died after it is finished by `settleKeyFile`.
 */

/** Where the public half of a signing key lies: `signing.pem` → `signing.pub.pem`. */
export function publicKeyPath(signingKey: string): string {
  const { dir, name, ext } = path.parse(signingKey);
  return path.join(dir, `${name}.pub${ext}`);
}

/** Step 1. Throws AgentError KEY when the folder can not be written to. */
export async function writeNextKey(file: string, privateKeyPem: string): Promise<void> {
  const next = nextOf(await real(file));
  try {
    await wipe(next);
    await writeDurably(next, privateKeyPem, 0o600);
  } catch (error) {
    throw new AgentError('KEY', `${next} can not be written (${codeOf(error)})`, {
      hint: 'A key that is mounted read-only is replaced where it comes from: see --to in `exhibit keys rotate --help`.',
      cause: error,
    });
  }
}

/** Steps 3 and 4. The old private key is overwritten: nothing needs it any more. */
export async function swapKeyFile(
  file: string,
  died: (step: 'swapped') => Promise<void> | void = () => undefined,
): Promise<void> {
  const target = await real(file);
  await moveOver(nextOf(target), target);
  await died('swapped');
  await refreshPublicKey(target);
}

/**
 * Finishes what a process began that died, when the file should hold the key with this id. Writes nothing when there is
 * nothing to finish. Throws what reading and writing throw.
 */
export async function settleKeyFile(file: string, expected: string): Promise<void> {
  const target = await real(file);
  const now = await idIn(target);
  const next = await idIn(nextOf(target));
  if (now !== expected && next === expected) return swapKeyFile(target);
  if (next !== null) await wipe(nextOf(target));
  if (now === expected) await refreshPublicKey(target);
}

function nextOf(file: string): string {
  return `${file}.next`;
}

async function real(file: string): Promise<string> {
  return realpath(file).catch(() => file);
}

/** The public half, where there is such a file and it is that of another key. */
async function refreshPublicKey(file: string): Promise<void> {
  const publicFile = publicKeyPath(file);
  const written = await readFile(publicFile, 'utf8').catch(() => null);
  const pem = publicPem(await readPrivateFile(file));
  if (written !== null && written !== pem) await replacePublic(publicFile, pem);
}

async function idIn(file: string): Promise<string | null> {
  const text = await readPrivateFile(file).catch(() => null);
  try {
    return text === null ? null : keyId(createPublicKey(text));
  } catch {
    return null;
  }
}

function publicPem(privateKeyPem: string): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
}
