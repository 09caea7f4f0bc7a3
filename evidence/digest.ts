import { hash } from 'node:crypto';

/** `sha256:<hex>`: how every digest is written in manifests, statements and reports. */
export type Digest = string;

export const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/** SHA-256 in lower-case hexadecimal. Strings are hashed as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

export function sha256(data: string | Uint8Array): Uint8Array {
  return hash('sha256', data, 'buffer');
}

export function digestOf(data: string | Uint8Array): Digest {
  return `sha256:${sha256Hex(data)}`;
}

/** The hexadecimal part of a digest. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
