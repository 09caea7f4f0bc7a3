import { z } from 'zod';
import { DIGEST_PATTERN } from './digest.ts';
import type { Item } from './item.ts';

/**
 * manifest.json: what was collected, by whom, under which policy, and after which manifest. Every digest is
 * `sha256:<hex>`. All objects are closed: a property that is not named here makes a manifest invalid.
 */

export const MANIFEST_SCHEMA = 'exhibit.manifest/v1';

/** Cap on the items of one manifest; one more is refused when sealing and when verifying. */
export const MAX_ITEMS = 250_000;

export const digest = z.string().regex(DIGEST_PATTERN, 'must be sha256: and 64 hexadecimal digits');

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be RFC 3339 in UTC with milliseconds')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date that exists');

export const evidenceWindow = z
  .strictObject({ from: timestamp, to: timestamp })
  .refine((window) => window.from <= window.to, 'must not end before it begins');

const name = z.string().min(1).max(256);
const count = z.int().nonnegative();

export const itemId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a base64url SHA-256');

export const manifestCounts = z.strictObject({
  /** Items of this manifest: observations, gaps and refusals. */
  kept: count,
  /** Values that a treatment or a detector changed in those items. */
  treated: count,
  /** Fields and records that were not let out. At least what the items themselves say was dropped. */
  dropped: count,
  /** Reads that the policy refused. */
  denied: count,
});
export type ManifestCounts = z.infer<typeof manifestCounts>;

export const manifestItem = z.strictObject({ id: itemId, leaf: digest });
export type ManifestItem = z.infer<typeof manifestItem>;

export const manifestAgent = z.strictObject({ name, version: name });
export const manifestPolicy = z.strictObject({ digest, version: name });

export const manifest = z
  .strictObject({
    schema: z.literal(MANIFEST_SCHEMA),
    tenant: name,
    /** 1 for the first of a chain, then one more each time. */
    sequence: z.int().positive(),
    /** Digest of the manifest before this one; null for the first. */
    previous: digest.nullable(),
    purpose: z.enum(['run', 'bundle']),
    window: evidenceWindow,
    createdAt: timestamp,
    agent: manifestAgent,
    policy: manifestPolicy,
    counts: manifestCounts,
    /** RFC 6962 root over the leaves of `items`, in their order. */
    itemsRoot: digest,
    /** Ordered by time of occurrence, then id. */
    items: z.array(manifestItem).max(MAX_ITEMS),
    /** Digests of the RFC 8785 bytes of a bundle's other parts, by name. */
    parts: z
      .record(z.string().regex(/^[a-z][a-zA-Z]{0,31}$/, 'must be the name of a part'), digest)
      .optional(),
  })
  .refine((value) => (value.sequence === 1) === (value.previous === null), {
    path: ['previous'],
    message: 'must be null in the first manifest of a chain and a digest in every other',
  });
export type Manifest = z.infer<typeof manifest>;

/** What the items themselves say; `dropped` is a lower bound, because records dropped whole leave no item. */
export function countItems(
  items: Iterable<Item>,
  extra: { dropped?: number; denied?: number } = {},
): ManifestCounts {
  const counts = { kept: 0, treated: 0, dropped: extra.dropped ?? 0, denied: extra.denied ?? 0 };
  for (const { provenance } of items) {
    counts.kept += 1;
    counts.dropped += provenance.dropped.count;
    for (const redaction of provenance.redactions) counts.treated += redaction.count;
  }
  return counts;
}

/** The names of the counts that the items contradict. */
export function contradictedCounts(counts: ManifestCounts, items: Iterable<Item>): readonly string[] {
  const found = countItems(items);
  const contradicted: string[] = [];
  if (counts.kept !== found.kept) contradicted.push('kept');
  if (counts.treated !== found.treated) contradicted.push('treated');
  if (counts.dropped < found.dropped) contradicted.push('dropped');
  return contradicted;
}
