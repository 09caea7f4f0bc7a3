import type { ConnectorManifest, MissingPrivilege } from '../connectors/sdk/index.ts';
import type { ReadPlan } from './plan.ts';

/** What a policy plans for one connection; it plans for those of every connector, as if they were this one. */
export function readsOf(reads: Iterable<ReadPlan>, connector: string): readonly ReadPlan[] {
  return [...reads].filter((plan) => plan.connector.id === connector);
}

/**
 * Rights that a read of the policy in force needs and the account was not found to have, of those that connectors look
 * for as rights beyond the ordinary: a flag of the policy turned the read on, or a view is allowed.
 */
export function unmet(excess: readonly string[], reads: Iterable<ReadPlan>): readonly MissingPrivilege[] {
  if (excess.includes(EVERYTHING)) return [];
  const missing = new Map<string, string[]>();
  for (const plan of reads) {
    if (!isOn(plan)) continue;
    const { read, views } = plan;
    const asked = read.capability === undefined ? [] : read.needs.filter((need) => BEYOND.test(need));
    for (const need of [...asked, ...views.map(({ view }) => `SELECT on ${view}`)]) {
      if (!excess.includes(need)) missing.set(need, [...(missing.get(need) ?? []), read.id]);
    }
  }
  return [...missing].map(([privilege, of]) => ({
    privilege,
    reads: [...new Set(of)],
    hint: '`exhibit rbac` prints what to grant for the reads that are on.',
  }));
}

/** Whether the policy lets this read run, and anything of it out. */
export function isOn({ lacks, streams }: Pick<ReadPlan, 'lacks' | 'streams'>): boolean {
  return lacks === null && streams.length > 0;
}

/** Who has this has the rest. */
export const EVERYTHING = 'SUPERUSER';
const BEYOND = /^(?:REPLICATION$|EXECUTE on )/;

/** Of the rights that an account holds beyond the ordinary, those that no read of the policy in force needs. */
export function unneeded(excess: readonly string[], reads: Iterable<ReadPlan>): readonly string[] {
  const needed = new Set<string>();
  for (const plan of reads) {
    if (!isOn(plan)) continue;
    const { read, views } = plan;
    for (const need of read.needs) needed.add(need);
    for (const { view } of views) needed.add(`SELECT on ${view}`);
  }
  return excess.filter((right) => !needed.has(right));
}

/** Rights that connectors tell of, in the words that a policy refuses them by. */
export function knownRights(manifests: readonly ConnectorManifest[]): readonly string[] {
  return [
    ...new Set(manifests.flatMap(({ rights, reads }) => [...rights, ...reads.flatMap(({ needs }) => needs)])),
  ];
}

/** Whether what a policy refuses can be a right that a connector tells of; either may leave its end open. */
export function canBeRight(refused: string, known: readonly string[]): boolean {
  return known.some((right) => {
    const [one, other] = [opened(refused), opened(right)];
    if (one.isOpen && other.isOpen)
      return one.start.startsWith(other.start) || other.start.startsWith(one.start);
    if (one.isOpen) return right.startsWith(one.start);
    return other.isOpen ? refused.startsWith(other.start) : refused === right;
  });
}

function opened(text: string): { readonly start: string; readonly isOpen: boolean } {
  const isOpen = text.endsWith('*');
  return { start: isOpen ? text.slice(0, -1) : text, isOpen };
}

/** Whether a superuser has it without being told to have it: memberships are not listed beside `SUPERUSER`. */
export function isHeldUntold(right: string): boolean {
  return right.startsWith('pg_');
}
