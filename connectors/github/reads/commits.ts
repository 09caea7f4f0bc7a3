import { countByCategory } from '../categories.ts';
import { type Changed, eachPage, noteCeiling, oneItem, type Unchanged, type Verdict } from '../pages.ts';
import { itemCallOf } from '../queries.ts';
import { emit, emitGap, entityOf, type Reading, shaped, shapedItems, subjectOf } from '../reading.ts';
import { type Commit, type CommitDetail, commit, commitDetail, isBot, list, login } from '../schema.ts';
import { hourBefore, isOpen, seconds, timestamp, within } from '../window.ts';

/** https://docs.github.com/en/rest/commits/commits#list-commits */
export async function readCommits(reading: Reading): Promise<void> {
  reading.tally.totalUnknown();
  const details = { left: itemCallOf(reading.query, 'detail').limit, skipped: 0 };
  const emitted = new Set<string>();
  for (const branch of reading.branches ?? [undefined]) await readBranch(reading, branch, emitted, details);
  if (details.skipped === 0) return;
  await emitGap(reading, {
    gap: 'BUDGET',
    stream: 'commits',
    missing: `counts of changed files for ${details.skipped} commits of ${reading.repository.full}`,
    reason: `only the newest ${itemCallOf(reading.query, 'detail').limit} commits of a run are looked into`,
    hint: 'Narrow the window or shorten the interval.',
  });
}

interface DetailQuota {
  left: number;
  skipped: number;
}

async function readBranch(
  reading: Reading,
  branch: string | undefined,
  emitted: Set<string>,
  details: DetailQuota,
): Promise<void> {
  const since = hourBefore(reading.span.from);
  const parameters = {
    since: seconds(since),
    ...(!isOpen(reading.span, reading.now) && { until: seconds(reading.span.to + 999) }),
    ...(branch !== undefined && { sha: branch }),
  };

  async function visit(data: unknown): Promise<Verdict> {
    const commits = shapedItems(reading, commit, shaped(reading, list, data));
    const fresh = commits.filter((one) => within(reading.span, committedAt(one)) && !emitted.has(one.sha));
    const skippedBefore = details.skipped;
    for (const one of fresh) {
      emitted.add(one.sha);
      await emitCommit(reading, one, branch, await detailOf(reading, one, details));
      reading.tally.add(1);
    }
    const early = commits.filter((one) => committedAt(one) < since).length;
    if (early > 0) {
      reading.tally.unknown(
        `the server did not apply \`since\` to ${subjectOf(reading)}; older items were discarded`,
      );
    }
    return {
      seen: commits.length,
      matched: fresh.length,
      done: commits.length > 0 && early === commits.length,
      handled: details.skipped === skippedBefore,
    };
  }

  noteCeiling(reading, await eachPage(reading, reading.query.list, parameters, visit));
}

function committedAt(one: Commit): number {
  return Date.parse(one.commit.committer.date);
}

async function detailOf(
  reading: Reading,
  one: Commit,
  quota: DetailQuota,
): Promise<Unchanged | Changed<CommitDetail> | undefined> {
  if (quota.left === 0) {
    quota.skipped += 1;
    return undefined;
  }
  quota.left -= 1;
  return oneItem(reading, itemCallOf(reading.query, 'detail'), { ref: one.sha }, commitDetail);
}

async function emitCommit(
  reading: Reading,
  one: Commit,
  branch: string | undefined,
  detail: Unchanged | Changed<CommitDetail> | undefined,
): Promise<void> {
  // Unchanged: an earlier run emitted this commit with its counts.
  if (detail?.kind === 'unchanged') return;
  const { message, verification, author, committer } = one.commit;
  const pulls = mergedPulls(message);
  await emit(reading, {
    stream: 'commits',
    class: 'change',
    entity: entityOf(reading, 'commit', one.sha),
    related: pulls.map((number) => entityOf(reading, 'pull', number)),
    key: one.sha,
    occurredAt: timestamp(committer.date),
    body: {
      sha: one.sha,
      parents: one.parents.map((parent) => parent.sha),
      authored_at: author?.date && timestamp(author.date),
      committed_at: timestamp(committer.date),
      verified: verification?.verified,
      verification: verification?.reason,
      author: login(one.author),
      author_is_bot: isBot(one.author),
      committer: login(one.committer),
      branch,
      references: references(message),
      message,
      ...(detail !== undefined && counts(detail)),
    },
  });
  detail?.settle(true);
}

/** The API gives at most 300 files on a page; more than that is a generated change, and is said to be more. */
function counts({ data, next }: Changed<CommitDetail>): Readonly<Record<string, unknown>> {
  const files = (data.files ?? []).map((file) => file.filename);
  return {
    additions: data.stats?.additions,
    deletions: data.stats?.deletions,
    files: files.length,
    files_truncated: next !== null,
    categories: countByCategory(files),
  };
}

/** Numbers written as `#123` anywhere in the message: pull requests or issues. */
export function references(message: string): readonly number[] {
  const found = [...message.matchAll(/(?<![\w&/#])#(\d{1,9})(?![\w-])/g)].map((match) => Number(match[1]));
  return [...new Set(found)].slice(0, 20);
}

/** The pull requests that GitHub itself names in the first line of a merge or squash commit. */
export function mergedPulls(message: string): readonly number[] {
  const [title = ''] = message.split('\n', 1);
  const match = /^Merge pull request #(\d{1,9}) from |\(#(\d{1,9})\)$/.exec(title.trim());
  const number = match?.[1] ?? match?.[2];
  return number === undefined ? [] : [Number(number)];
}
