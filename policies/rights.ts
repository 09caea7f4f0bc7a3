import type { ReadPlan } from './plan.ts';

/** Of the rights that an account holds beyond the ordinary, those that no read of the policy in force needs. */
export function unneeded(excess: readonly string[], reads: Iterable<ReadPlan>): readonly string[] {
  const needed = new Set<string>();
  for (const { read, views, lacks, streams } of reads) {
    if (lacks !== null || streams.length === 0) continue;
    for (const need of read.needs) needed.add(need);
    for (const { view } of views) needed.add(`SELECT on ${view}`);
  }
  return excess.filter((right) => !needed.has(right));
}
