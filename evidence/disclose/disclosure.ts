import { z } from 'zod';
import { canonicalize } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { SALT_PATTERN } from '../leaf.ts';
import { MAX_ITEMS } from '../manifest.ts';
import { inclusionPaths } from './paths.ts';

/**
 * Single items of a manifest for somebody who may not see the others: each with its salt, its place and the hashes that
 * lead from its leaf to the root that was signed. Of the other items there are only hashes, and what the signed statement
 * says of all items together. The manifest itself is not in it, because digests of a bundle's parts would let guesses be
 * tested: all that is proved stands in the statement.
 */

export const DISCLOSURE_SCHEMA = 'exhibit.disclosure/v1';
export const DISCLOSURE_MEDIA_TYPE = 'application/vnd.exhibit.disclosure+json';

/** More than this is a bundle. */
export const MAX_DISCLOSED = 10_000;

const hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'must be base64 of 32 bytes');

const disclosedItem = z.strictObject({
  /** Place of the item in its manifest, from 0. */
  index: z
    .int()
    .nonnegative()
    .max(MAX_ITEMS - 1),
  /** Its leaf is SHA-256 over 0x00, the salt and the RFC 8785 bytes of this. */
  item: z.record(z.string(), z.unknown()),
  /** Sibling hashes from the leaf to the root (RFC 9162, section 2.1.3). */
  path: z.array(hash).max(20),
  salt: z.string().regex(SALT_PATTERN, 'must be 32 hexadecimal digits'),
});
export type DisclosedItem = z.infer<typeof disclosedItem>;

export const disclosure = z.strictObject({
  schema: z.literal(DISCLOSURE_SCHEMA),
  /** The Sigstore bundle over the manifest's statement, with the proof that it is in the log. */
  attestation: z.record(z.string(), z.unknown()),
  /** In the order of their places. */
  items: z.array(disclosedItem).min(1).max(MAX_DISCLOSED),
});
export type Disclosure = z.infer<typeof disclosure>;

/** An item with its place. */
export interface Placed {
  readonly index: number;
  /** RFC 8785 text. */
  readonly canonical: string;
  /** Hexadecimal. */
  readonly salt: string;
}

/**
 * The disclosure as RFC 8785 text.
 *
 * @param attestation as it is stored: JSON
 * @param leaves of all items of the manifest, in its order
 * @throws EvidenceError QUERY when there is nothing to disclose or too much
 */
export function disclosureOf(
  attestation: string,
  leaves: readonly Uint8Array[],
  items: readonly Placed[],
): string {
  if (items.length === 0 || items.length > MAX_DISCLOSED) {
    throw new EvidenceError(
      'QUERY',
      `a disclosure is of 1 to ${MAX_DISCLOSED} items, not of ${items.length}`,
    );
  }
  const inOrder = items.toSorted((a, b) => a.index - b.index);
  const paths = inclusionPaths(
    leaves,
    inOrder.map(({ index }) => index),
  );
  return canonicalize({
    attestation: JSON.parse(attestation) as unknown,
    items: inOrder.map(({ index, canonical, salt }, at) => ({
      index,
      item: JSON.parse(canonical) as unknown,
      path: (paths[at] ?? []).map((each) => Buffer.from(each).toString('base64')),
      salt,
    })),
    schema: DISCLOSURE_SCHEMA,
  });
}
