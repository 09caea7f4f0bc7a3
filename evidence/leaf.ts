import { createHmac, hash, type KeyObject } from 'node:crypto';
import type { RawHash } from './leaf-bytes.ts';
import { LEAF_PREFIX, leafHash } from './merkle.ts';

/** 128 bits: enough that nobody can find out what an undisclosed item says by hashing guesses. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;

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

/** Salt and leaf of an item. */
export interface SaltedLeaf {
  /** Hexadecimal. */
  readonly salt: string;
  /** `sha256:<hex>`. */
  readonly leaf: string;
  /** The same, as trees take it. */
  readonly raw: RawHash;
}

/** Of SHA-256. */
const BLOCK_BYTES = 64;
const ITEM_AT = BLOCK_BYTES;
const SALT_AT = ITEM_AT - SALT_BYTES;
const LEAF_AT = SALT_AT - 1;

/**
 * Makes the leaves of many items. An item's bytes are written once, into a buffer that has room before them for the inner
 * pad of the HMAC (RFC 2104), and then for the prefix and the salt of the leaf. One-shot hashes over it take half the time of
 * a Hmac object and a copy, measured on Node 24; sealing is mostly this.
 */
export class SaltedLeaves {
  readonly #inner: Uint8Array;
  readonly #outer: Buffer;
  #bytes = Buffer.alloc(0);

  constructor(saltKey: Uint8Array) {
    const key = Buffer.alloc(BLOCK_BYTES);
    key.set(saltKey.length > BLOCK_BYTES ? hash('sha256', saltKey, 'buffer') : saltKey);
    this.#inner = key.map((byte) => byte ^ 0x36);
    this.#outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(HASH_BYTES)]);
  }

  of(canonical: string): SaltedLeaf {
    const end = this.#write(canonical);
    const bytes = this.#bytes;
    bytes.set(this.#inner);
    this.#outer.write(hash('sha256', bytes.subarray(0, end), 'binary'), BLOCK_BYTES, HASH_BYTES, 'latin1');
    bytes[LEAF_AT] = LEAF_PREFIX;
    bytes.write(hash('sha256', this.#outer, 'binary'), SALT_AT, SALT_BYTES, 'latin1');
    const salt = bytes.toString('hex', SALT_AT, ITEM_AT);
    const raw = hash('sha256', bytes.subarray(LEAF_AT, end), 'binary');
    bytes.write(raw, 0, HASH_BYTES, 'latin1');
    return { salt, leaf: `sha256:${bytes.toString('hex', 0, HASH_BYTES)}`, raw };
  }

  /** Returns where the item ends. No UTF-16 unit becomes more than three bytes. */
  #write(canonical: string): number {
    const most = ITEM_AT + 3 * canonical.length;
    if (this.#bytes.length < most) this.#bytes = Buffer.allocUnsafe(2 * most);
    return ITEM_AT + this.#bytes.write(canonical, ITEM_AT);
  }
}

export function leafDigest(leaf: Uint8Array): string {
  return `sha256:${hex(leaf)}`;
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
