import { createHmac, type KeyObject } from 'node:crypto';
import { leafHash } from './merkle.ts';

/** 128 bits: enough that nobody can find out what an undisclosed item says by hashing guesses. */
const SALT_BYTES = 16;

export const SALT_PATTERN = /^[0-9a-f]{32}$/;

/**
 * The salt of an item's leaf. It is derived (HMAC-SHA-256 of the item's RFC 8785 bytes), not drawn, so that an item
 * has the same leaf in every manifest that lists it.
 */
export function itemSalt(canonical: Uint8Array, saltKey: KeyObject): Uint8Array {
  return createHmac('sha256', saltKey).update(canonical).digest().subarray(0, SALT_BYTES);
}

/** SHA-256 over 0x00, the salt and the item's RFC 8785 bytes: the leaf of a manifest's Merkle tree. */
export function itemLeaf(canonical: Uint8Array, salt: Uint8Array): Uint8Array {
  return leafHash(salt, canonical);
}

export function leafDigest(leaf: Uint8Array): string {
  return `sha256:${hex(leaf)}`;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
