import { z } from 'zod';
import { DIGEST_PATTERN } from '../digest.ts';

/** What a manifest says about how its items came to be; all of it can be counted again from the items. */

export const digest = z.string().regex(DIGEST_PATTERN, 'must be sha256: and 64 hexadecimal digits');

export const name = z.string().min(1).max(256);
export const count = z.int().nonnegative();

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be RFC 3339 in UTC with milliseconds')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date that exists');

/** One version of the policy, and what it did to the items of this manifest that were cleared under it. */
export const policyAccount = z.strictObject({
  digest,
  version: name,
  /** Items that were cleared under this version. */
  items: count,
  /** Fields that a rule let out. */
  allowed: count,
  /** Values that a treatment or a detector changed. */
  treated: count,
  /** Fields and records that were not let out. */
  dropped: count,
});
export type PolicyAccount = z.infer<typeof policyAccount>;

/** What reading has cost, summed over the runs. */
export const costAccount = z.strictObject({
  durationMs: count,
  rows: count,
  bytes: count,
  calls: count,
  /** Milliseconds that the source worked, where the connector can tell. */
  sourceMs: count.exactOptional(),
});

/** The newest run of a read when a bundle was made. */
export const latestRun = z.strictObject({
  /** When it began. */
  at: timestamp,
  status: z.enum(['ok', 'partial', 'failed', 'refused', 'cancelled', 'running']),
});
export type LatestRun = z.infer<typeof latestRun>;

/** One read, over all its runs that gave items of this manifest. */
export const readAccount = z.strictObject({
  id: name,
  /**
   * Digests of what was sent, in order; several when the read changed between runs. None for a read of which the bundle has
   * no item: it is listed so that "nothing was found" is not taken for "nobody looked".
   */
  digests: z.array(name).max(64),
  /** Only in bundles, of what is configured: null when it never ran. */
  latest: latestRun.nullable().exactOptional(),
  runs: count,
  items: count,
  /** Runs by what they said about their completeness. */
  completeness: z.strictObject({ complete: count, partial: count, unknown: count }),
  /** Gap items: something that was not collected. */
  gaps: count,
  cost: costAccount,
});
export type ReadAccount = z.infer<typeof readAccount>;

/** The account's rights when it was last asked, in the words of the connector. */
export const privilegeAccount = z.strictObject({
  held: z.array(name).max(256),
  missing: z.array(name).max(256),
  /** How many it holds that no read needs. Not which: they name what is at the source, and no policy was asked. */
  excess: count,
});
export type PrivilegeAccount = z.infer<typeof privilegeAccount>;

export const connectionAccount = z.strictObject({
  id: name,
  /** `<id>@<version>`; several when the connector was replaced in between. */
  connectors: z.array(name).min(1).max(16),
  reads: z.array(readAccount).max(1_024),
  /** Null while nobody has asked. */
  privileges: privilegeAccount.nullable(),
});
export type ConnectionAccount = z.infer<typeof connectionAccount>;

export const redactionAccount = z.strictObject({ rule: name, count });

/**
 * Every item of a tenant has a number, given when it is first sealed, one more each time. A manifest of a run gives its
 * items the numbers `first` to `last`. A manifest of a bundle says what became of the numbers in that range, so that no
 * item can be left out without the sum being wrong: `included + outside + expired + missing = last - first + 1`.
 */
export const ledgerAccount = z.strictObject({
  /** Both 0 when there is no item. */
  first: count,
  last: count,
  /** Items of this manifest. */
  included: count,
  /** Of another time or scope than the bundle's. */
  outside: count,
  /** Removed by retention; a receipt says so. */
  expired: count,
  /** Sealed, and neither kept nor expired: the store was changed from outside. */
  missing: count,
  /** Items by what they are: observations, … */
  collected: count,
  /** … refusals of the policy, … */
  denied: count,
  /** … and gaps. */
  absent: count,
  /** Records that were withheld whole; refusals say how many. */
  dropped: count,
});
export type LedgerAccount = z.infer<typeof ledgerAccount>;

export interface Account {
  readonly policies: readonly PolicyAccount[];
  readonly connections: readonly ConnectionAccount[];
  readonly redactions: readonly z.infer<typeof redactionAccount>[];
  readonly ledger: LedgerAccount;
}
