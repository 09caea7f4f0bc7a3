import { eachPage, noteCeiling, oneItem, type Verdict } from '../pages.ts';
import { itemCallOf } from '../queries.ts';
import { emit, emitGap, entityOf, type Reading, shaped, shapedItems, subjectOf } from '../reading.ts';
import { isBot, list, login, type Pull, type PullDetail, pull, pullDetail } from '../schema.ts';
import { timestamp, within } from '../window.ts';

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export async function readPullRequests(reading: Reading): Promise<void> {
  reading.tally.totalUnknown();
  const { limit } = itemCallOf(reading.query, 'detail');
  const emitted = new Set<number>();
  let looked = 0;
  let previous = Number.POSITIVE_INFINITY;
  let sorted = true;

  async function visit(data: unknown): Promise<Verdict> {
    const pulls = shapedItems(reading, pull, shaped(reading, list, data));
    const fresh = pulls.filter((one) => isMergedWithin(reading, one) && !emitted.has(one.number));
    for (const one of fresh) {
      // A page shifts when a pull request is updated while we read: the same one may come twice.
      emitted.add(one.number);
      looked += 1;
      await emitPull(reading, one, looked <= limit);
      reading.tally.add(1);
    }
    for (const one of pulls) {
      const updated = Date.parse(one.updated_at);
      sorted &&= updated <= previous;
      previous = updated;
    }
    return {
      seen: pulls.length,
      matched: fresh.length,
      done: sorted && previous < reading.span.from,
      handled: looked <= limit,
    };
  }

  noteCeiling(reading, await eachPage(reading, reading.query.list, {}, visit));
  if (!sorted) reading.tally.unknown(`the server did not sort ${subjectOf(reading)} by their last update`);
  if (looked > limit) await emitSkipped(reading, looked - limit, limit);
}

function isMergedWithin(reading: Reading, one: Pull): boolean {
  return one.merged_at !== null && within(reading.span, Date.parse(one.merged_at));
}

async function emitPull(reading: Reading, one: Pull, withDetail: boolean): Promise<void> {
  const call = itemCallOf(reading.query, 'detail');
  const detail = withDetail ? await oneItem(reading, call, { number: one.number }, pullDetail) : undefined;
  if (detail?.kind === 'unchanged' || one.merged_at === null) return;
  const merge = one.merge_commit_sha;
  await emit(reading, {
    stream: 'pull_requests',
    class: 'change',
    entity: entityOf(reading, 'pull', one.number),
    related: [...new Set(merge === null ? [one.head.sha] : [merge, one.head.sha])].map((sha) =>
      entityOf(reading, 'commit', sha),
    ),
    key: 'merged',
    occurredAt: timestamp(one.merged_at),
    body: {
      number: one.number,
      created_at: timestamp(one.created_at),
      merged_at: timestamp(one.merged_at),
      merge_commit_sha: merge ?? undefined,
      base_ref: one.base.ref,
      head_ref: one.head.ref,
      head_sha: one.head.sha,
      draft: one.draft,
      author: login(one.user),
      author_is_bot: isBot(one.user),
      title: one.title,
      ...(detail !== undefined && sizes(detail.data)),
    },
  });
  detail?.settle(true);
}

function sizes(detail: PullDetail): Readonly<Record<string, unknown>> {
  return {
    additions: detail.additions,
    deletions: detail.deletions,
    changed_files: detail.changed_files,
    commits: detail.commits,
    merged_by: login(detail.merged_by),
  };
}

async function emitSkipped(reading: Reading, count: number, limit: number): Promise<void> {
  await emitGap(reading, {
    gap: 'BUDGET',
    stream: 'pull_requests',
    missing: `sizes of ${count} pull requests of ${reading.repository.full}`,
    reason: `only ${limit} pull requests of a run are looked into`,
    hint: 'Narrow the window or shorten the interval.',
  });
}
