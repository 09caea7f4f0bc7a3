import { z } from 'zod';
import type { ManifestFate } from '../store/store.ts';
import type { Range } from './account.ts';
import { count, digest, type LedgerAccount } from './schema.ts';

/**
 * The part `ledger` of a bundle: every manifest of a run from the oldest to the newest that an item of the bundle comes
 * from, and what became of each of the items that it sealed. Numbers follow one another without a hole, so the row
 * of a manifest that was left out would be missed, and so would an item of it.
 */

const row = z.strictObject({
  sequence: z.int().positive(),
  digest,
  /** Number of its first item. */
  first: z.int().positive(),
  /** Items that it sealed. */
  items: z.int().positive(),
  /** Of these, in this bundle. */
  included: count,
  /** Kept, but of another time or scope. */
  outside: count,
  /** Removed by retention. */
  expired: count,
  /** Neither kept nor expired. */
  missing: count,
});
export type LedgerRow = z.infer<typeof row>;

export const bundleLedger = z.strictObject({ manifests: z.array(row) });
export type BundleLedger = z.infer<typeof bundleLedger>;

/**
 * Accounts for the items of a bundle.
 *
 * @param fates of all runs' manifests between the first and the last that is named in `included`
 * @param included items of the bundle, by digest of the manifest that first sealed them
 */
export function bundleLedgerOf(
  fates: readonly ManifestFate[],
  included: ReadonlyMap<string, number>,
): BundleLedger {
  const rows = fates.flatMap(({ sequence, digest: manifest, first, items, kept, expired }) => {
    if (items === 0) return [];
    const inside = included.get(manifest) ?? 0;
    const missing = Math.max(0, items - kept - expired);
    const outside = items - inside - expired - missing;
    return [{ digest: manifest, expired, first, included: inside, items, missing, outside, sequence }];
  });
  return { manifests: rows };
}

/** What `SealContext.range` wants. */
export function rangeOf({ manifests }: BundleLedger): Range {
  const range = { first: manifests[0]?.first ?? 0, last: 0, outside: 0, expired: 0, missing: 0 };
  for (const { first, items, outside, expired, missing } of manifests) {
    range.last = first + items - 1;
    range.outside += outside;
    range.expired += expired;
    range.missing += missing;
  }
  return range;
}

/** Each contradiction between a signed ledger account and the rows, in words; empty when there is none. */
export function ledgerContradictions(account: LedgerAccount, { manifests }: BundleLedger): readonly string[] {
  const found = rangeOf({ manifests });
  const included = manifests.reduce((sum, one) => sum + one.included, 0);
  const contradictions: string[] = [];
  const compare = (name: keyof LedgerAccount, value: number) => {
    if (account[name] !== value)
      contradictions.push(`the rows give ${value} for ${name}, signed is ${account[name]}`);
  };
  for (const name of ['first', 'last', 'outside', 'expired', 'missing'] as const) compare(name, found[name]);
  compare('included', included);
  return [...contradictions, ...rowContradictions(manifests)];
}

function rowContradictions(rows: readonly LedgerRow[]): readonly string[] {
  return rows.flatMap((current, index) => {
    const { sequence, first, items, included, outside, expired, missing } = current;
    const before = rows[index - 1];
    const found: string[] = [];
    if (included + outside + expired + missing !== items)
      found.push(`the row of manifest ${sequence} does not add up to its ${items} items`);
    if (before === undefined) return found;
    if (sequence <= before.sequence) found.push(`the row of manifest ${sequence} is not in its place`);
    if (first !== before.first + before.items)
      found.push(
        `numbers ${before.first + before.items} to ${first - 1} before manifest ${sequence} are not accounted for`,
      );
    return found;
  });
}
