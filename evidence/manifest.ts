import { z } from 'zod';
import {
  connectionAccount,
  count,
  digest,
  ledgerAccount,
  name,
  policyAccount,
  redactionAccount,
  timestamp,
} from './account/schema.ts';
import type { Item } from './item.ts';

/**
 * manifest.json: what was collected, by whom, under which policies, from where, and after which manifest. It does not
 * list its items but commits to them: `itemsRoot` over their leaves, and their number. Every digest is `sha256:<hex>`.
 * All objects are closed: a property that is not named here makes a manifest invalid.
 */

export const MANIFEST_SCHEMA = 'exhibit.manifest/v1';

/** Cap on the items of one manifest; one more is refused when sealing and when verifying. */
export const MAX_ITEMS = 1_000_000;

export const evidenceWindow = z
  .strictObject({ from: timestamp, to: timestamp })
  .refine((window) => window.from <= window.to, 'must not end before it begins');

/** What an incident was narrowed to: names by dimension, such as connection or namespace. No dimension: everything. */
export const evidenceScope = z.record(
  z.string().regex(/^[a-z][a-zA-Z]{0,31}$/, 'must be the name of a dimension'),
  z.array(name).min(1).max(1_024),
);
export type EvidenceScope = z.infer<typeof evidenceScope>;

export const itemId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be a base64url SHA-256');

export const manifestCounts = z.strictObject({
  /** Items of this manifest: observations, gaps and refusals. */
  kept: count.max(MAX_ITEMS),
  /** Values that a treatment or a detector changed in those items. */
  treated: count,
  /** Fields and records that were not let out. At least what the items themselves say was dropped. */
  dropped: count,
  /** Reads that the policy refused. */
  denied: count,
});
export type ManifestCounts = z.infer<typeof manifestCounts>;

/** An item as a list of contents names it. */
export const contentsEntry = z.strictObject({ id: itemId, leaf: digest });
export type ContentsEntry = z.infer<typeof contentsEntry>;

/** Who made it: a receipt says no more than this. */
export const agentName = z.strictObject({ name, version: name });

export const manifestAgent = z.strictObject({
  name,
  version: name,
  /** Digest over the source files that ran; see `agent/version.ts`. */
  build: digest,
  /** The pod or host it ran as. */
  identity: name,
});
export type ManifestAgent = z.infer<typeof manifestAgent>;

/** Where the attestation of this manifest stands in the agent's log. */
export const logPosition = z.strictObject({
  origin: name,
  /** From 0. */
  index: count,
  /** Root of the log's tree before this leaf: the manifest vouches for all that came before it. */
  root: digest,
});
export type LogPosition = z.infer<typeof logPosition>;

/** Member by member; what holds between members is refined below. */
export const manifestMembers = z.strictObject({
  schema: z.literal(MANIFEST_SCHEMA),
  tenant: name,
  /** 1 for the first of a chain, then one more each time. */
  sequence: z.int().positive(),
  /** Digest of the manifest before this one; null for the first. */
  previous: digest.nullable(),
  purpose: z.enum(['run', 'bundle']),
  window: evidenceWindow,
  /** Of a bundle: that of its incident. Null for a run, which is one read of one connection. */
  scope: evidenceScope.nullable(),
  createdAt: timestamp,
  agent: manifestAgent,
  /** By digest. */
  policies: z.array(policyAccount).max(1_024),
  /** By id. */
  connections: z.array(connectionAccount).max(1_024),
  counts: manifestCounts,
  /** What detectors and treatments took out, by rule. */
  redactions: z.array(redactionAccount).max(4_096),
  ledger: ledgerAccount,
  /** RFC 6962 root over the leaves of the items, ordered by time of occurrence, then id. */
  itemsRoot: digest,
  log: logPosition,
  /**
   * Of a bundle: 128 secret bits, so that the digest of this manifest does not let anybody who sees the statement alone
   * test guesses of the parts. In the manifest and not in the statement, like the parts.
   */
  nonce: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits')
    .optional(),
  /** Digests of the RFC 8785 bytes of a bundle's other parts, by name. */
  parts: z.record(z.string().regex(/^[a-z][a-zA-Z]{0,31}$/, 'must be the name of a part'), digest).optional(),
});

export const manifest = manifestMembers
  .refine((value) => (value.sequence === 1) === (value.previous === null), {
    path: ['previous'],
    message: 'must be null in the first manifest of a chain and a digest in every other',
  })
  .refine((value) => (value.purpose === 'run') === (value.scope === null), {
    path: ['scope'],
    message: 'must be null for a run and an object for a bundle',
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
