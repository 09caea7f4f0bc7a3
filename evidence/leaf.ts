import { createHmac, hash, type KeyObject } from 'node:crypto';
import { LEAF_PREFIX, leafHash } from './merkle.ts';

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

/** Salt and leaf of an item in one go: its bytes are written once, behind the prefix and the salt that are hashed with them. */
export function saltedLeaf(canonical: string, saltKey: KeyObject): { salt: Uint8Array; leaf: Uint8Array } {
  const start = 1 + SALT_BYTES;
  const bytes = Buffer.allocUnsafe(start + Buffer.byteLength(canonical));
  bytes[0] = LEAF_PREFIX;
  bytes.write(canonical, start);
  const salt = itemSalt(bytes.subarray(start), saltKey);
  bytes.set(salt, 1);
  return { salt, leaf: hash('sha256', bytes, 'buffer') };
}

export function leafDigest(leaf: Uint8Array): string {
  return `sha256:${hex(leaf)}`;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
