import { createHmac } from 'node:crypto';
import type { JsonValue } from '../connectors/sdk/index.ts';

/**
 * Keyed, one-way names for values: equal within a tenant and key, meaningless without it (HMAC-SHA-256, RFC 2104,
 * cut to 128 bits). The key's id stands in every value, so that a rotation is visible.
 */
export interface Keyed {
  readonly keyId: string;
  /** `pseudonym:<key id>:<mac>` */
  pseudonym(value: string): string;
  /** `hmac-sha256:<key id>:<mac>` */
  digest(value: JsonValue): string;
}

/** Pseudonyms repeat (authors, roles); a small cache spares their HMACs. */
const CACHE_ENTRIES = 10_000;

export function makeKeyed(key: Uint8Array, canonicalize: (value: JsonValue) => string): Keyed {
  const mac = (purpose: string, text: string) =>
    createHmac('sha256', key)
      .update(`exhibit/v1/${purpose}\0${text}`)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  const keyId = mac('key-id', '').slice(0, 8);
  const pseudonyms = new Map<string, string>();
  return {
    keyId,
    pseudonym(value) {
      const known = pseudonyms.get(value);
      if (known !== undefined) return known;
      if (pseudonyms.size >= CACHE_ENTRIES) pseudonyms.clear();
      const pseudonym = `pseudonym:${keyId}:${mac('pseudonym', value)}`;
      pseudonyms.set(value, pseudonym);
      return pseudonym;
    },
    digest: (value) => `hmac-sha256:${keyId}:${mac('digest', canonicalize(value))}`,
  };
}
