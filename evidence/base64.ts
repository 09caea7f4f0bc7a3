import { z } from 'zod';

const SHA256_BYTES = 32;
const SHA256_DIGITS = 44;

/** Standard base64 in its one canonical form, so that no digit of it can change without changing what it says. */
export function canonicalBase64(maxDigits: number) {
  return z
    .string()
    .min(1)
    .max(maxDigits)
    .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'must be canonical base64');
}

/** The same, of 32 bytes. */
export const hashBase64 = canonicalBase64(SHA256_DIGITS).refine(
  (text) => Buffer.from(text, 'base64').length === SHA256_BYTES,
  'must be a SHA-256 hash',
);

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
