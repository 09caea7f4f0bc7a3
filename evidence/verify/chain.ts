import type { Attested } from './attested.ts';
import { outOfPlace } from './order.ts';
import { type CheckList, GET_AGAIN, one, type Problem } from './report.ts';

interface Link extends Attested {
  /** Position in the list that was given. */
  readonly index: number;
}

/** Names each manifest that is missing between two others, doubled, moved, or does not follow the one before it. */
export function checkLinks(chain: readonly (Attested | null)[], checks: CheckList): void {
  const links = chain.flatMap((attested, index) => (attested === null ? [] : [{ ...attested, index }]));
  if (links.length === 0) return checks.skip('chain', 'there is no manifest');
  const { distinct, doubled } = withoutDoubled(links);
  const bySequence = distinct.toSorted(
    (a, b) => a.manifest.sequence - b.manifest.sequence || a.index - b.index,
  );
  const broken: Problem[] = [];
  for (const [position, link] of bySequence.entries()) {
    const before = bySequence[position - 1];
    if (before !== undefined) broken.push(...linkProblems(before, link));
  }
  const found = [...doubled, ...moved(distinct), ...broken];
  // What is not one chain has no numbers that follow one another.
  checks.record(
    'chain',
    found.length > 0 ? found : [...numberProblems(bySequence), ...placeProblems(bySequence)],
  );
}

function withoutDoubled(links: readonly Link[]): { distinct: readonly Link[]; doubled: readonly Problem[] } {
  const first = new Map<string, Link>();
  const doubled: Problem[] = [];
  for (const link of links) {
    const same = first.get(link.digest);
    if (same === undefined) {
      first.set(link.digest, link);
      continue;
    }
    const what = `manifest ${link.manifest.sequence} (${link.digest}) is manifests[${same.index}] again`;
    doubled.push(...one('CHAIN_DOUBLED', what, whereOf(link), 'Give each manifest once.'));
  }
  return { distinct: [...first.values()], doubled };
}

function moved(links: readonly Link[]): readonly Problem[] {
  return outOfPlace(links.map(({ manifest }) => manifest.sequence)).flatMap((entry) => {
    const link = links[entry];
    // The same sequence twice is a fork, which is named as one.
    if (link === undefined || links.some((other) => isFork(other, link))) return [];
    const what = `manifest ${link.manifest.sequence} (${link.digest}) is not where its sequence puts it`;
    return one('CHAIN_MOVED', what, whereOf(link), 'Give the manifests oldest first.');
  });
}

function linkProblems(before: Link, link: Link): readonly Problem[] {
  const { sequence, previous, tenant } = link.manifest;
  const where = whereOf(link);
  if (tenant !== before.manifest.tenant) {
    return one(
      'CHAIN_TENANT',
      `manifest ${sequence} belongs to another tenant`,
      where,
      'Verify one tenant at a time.',
    );
  }
  if (isFork(before, link)) {
    const what = `there are two manifests ${sequence}: ${before.digest} and ${link.digest}`;
    return one('CHAIN_FORKED', what, where, 'History was rewritten: ask the operator of the agent.');
  }
  const gap = sequence - before.manifest.sequence;
  if (gap > 1) {
    const from = before.manifest.sequence + 1;
    const what =
      gap === 2 ? `manifest ${from} is missing` : `manifests ${from} to ${sequence - 1} are missing`;
    return one('CHAIN_MISSING', what, where, 'Get the missing manifests from the agent that made them.');
  }
  if (previous === before.digest) return [];
  const what = `manifest ${sequence} does not follow manifest ${before.manifest.sequence}: it names another one`;
  return one('CHAIN_BROKEN', what, where, GET_AGAIN);
}

/** The items of each run have the numbers that follow those of the run before; a bundle gives none. */
function numberProblems(chain: readonly Link[]): readonly Problem[] {
  const problems: Problem[] = [];
  let last = chain[0]?.manifest.sequence === 1 ? 0 : null;
  for (const link of chain) {
    const { purpose, ledger, sequence } = link.manifest;
    if (purpose !== 'run' || ledger.included === 0) continue;
    if (last !== null && ledger.first !== last + 1) {
      const what = `the items of manifest ${sequence} begin with number ${ledger.first}; those before it end with ${last}`;
      problems.push(
        ...one('CHAIN_LEDGER', what, whereOf(link), 'Ask the operator of the agent: numbers were left out.'),
      );
    }
    last = ledger.last;
  }
  return problems;
}

/** Each manifest is a later leaf of the log than the one before it. */
function placeProblems(chain: readonly Link[]): readonly Problem[] {
  return chain.flatMap((link, position) => {
    const before = chain[position - 1]?.manifest;
    const { log, sequence } = link.manifest;
    if (before === undefined || before.log.origin !== log.origin || before.log.index < log.index) return [];
    const what = `manifest ${sequence} is in place ${log.index} of the log, the one before it in place ${before.log.index}`;
    return one(
      'LOG_ROLLED_BACK',
      what,
      whereOf(link),
      'History was rewritten: ask the operator of the agent.',
    );
  });
}

function isFork(a: Link, b: Link): boolean {
  return a.digest !== b.digest && a.manifest.sequence === b.manifest.sequence;
}

function whereOf({ index }: Link): string {
  return `manifests[${index}]`;
}
