import { eachPage, oneItem, type Verdict } from '../pages.ts';
import { itemCallOf } from '../queries.ts';
import { emit, emitGap, entityOf, type Reading, shaped, shapedItems, subjectOf } from '../reading.ts';
import { isBot, login, runList, type WorkflowRun, workflowRun } from '../schema.ts';
import { hourBefore, isOpen, type Span, seconds, timestamp, within } from '../window.ts';

const FAILED: ReadonlySet<string> = new Set(['failure', 'timed_out', 'startup_failure']);

interface Progress {
  readonly emitted: Set<string>;
  attemptsLeft: number;
  attemptsSkipped: number;
}

/** https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
export async function readWorkflowRuns(reading: Reading): Promise<void> {
  const { limit } = itemCallOf(reading.query, 'attempts');
  const progress: Progress = { emitted: new Set(), attemptsLeft: limit, attemptsSkipped: 0 };
  await readSpan(reading, { from: hourBefore(reading.span.from), to: reading.span.to }, progress);
  if (progress.attemptsSkipped === 0) return;
  await emitGap(reading, {
    gap: 'BUDGET',
    stream: 'workflow_runs',
    missing: `${progress.attemptsSkipped} earlier attempts of workflow runs of ${reading.repository.full}`,
    reason: `only ${limit} earlier attempts are read in a run`,
    hint: 'Narrow the window or shorten the interval.',
  });
}

/** Reads the runs created in a span, halving it while it holds more than the API will list. */
async function readSpan(reading: Reading, span: Span, progress: Progress): Promise<void> {
  const { list } = reading.query;
  const cap = list.cap ?? Number.POSITIVE_INFINITY;
  const splittable = span.to - span.from > 1_000;
  let tooMany = false;

  async function visit(data: unknown): Promise<Verdict> {
    const page = shaped(reading, runList, data);
    tooMany = page.total_count > cap;
    if (tooMany && splittable) return { seen: 0, matched: 0, done: true, handled: false };
    const matched = await emitRuns(reading, span, page.workflow_runs, progress);
    return {
      seen: page.workflow_runs.length,
      matched: matched.count,
      total: page.total_count,
      handled: matched.handled,
    };
  }

  const listed = await eachPage(reading, list, { created: filterOf(reading, span) }, visit);
  if (tooMany && splittable) {
    const middle = Math.floor((span.from + span.to) / 2_000) * 1_000;
    // The newer half first: when the budget ends, what is nearest to now has been read.
    await readSpan(reading, { from: middle, to: span.to }, progress);
    await readSpan(reading, { from: span.from, to: Math.max(span.from, middle - 1_000) }, progress);
    return;
  }
  noteMissing(reading, listed.seen, listed.total, tooMany ? cap : undefined);
}

function filterOf(reading: Reading, span: Span): string {
  if (span.to === reading.span.to && isOpen(span, reading.now)) return `>=${seconds(span.from)}`;
  return `${seconds(span.from)}..${seconds(span.to)}`;
}

function noteMissing(reading: Reading, seen: number, total: number | null, cap: number | undefined): void {
  if (total === null || seen >= total) return;
  const reason =
    cap === undefined
      ? `the API announced more ${subjectOf(reading)} than it listed`
      : `more than ${cap} ${subjectOf(reading)} were created within a second, and the API lists no more`;
  reading.tally.missing(total - seen, reason);
}

async function emitRuns(
  reading: Reading,
  asked: Span,
  raw: readonly unknown[],
  progress: Progress,
): Promise<{ readonly count: number; readonly handled: boolean }> {
  const runs = shapedItems(reading, workflowRun, raw);
  const skippedBefore = progress.attemptsSkipped;
  let count = 0;
  for (const one of runs) {
    const created = Date.parse(one.created_at);
    if (created < asked.from) {
      reading.tally.unknown(
        `the server did not apply \`created\` to ${subjectOf(reading)}; other items were discarded`,
      );
    }
    if (!within(reading.span, created) || progress.emitted.has(one.id)) continue;
    progress.emitted.add(one.id);
    count += 1;
    if (one.status !== 'completed') reading.holdBack(created);
    await emitRun(reading, one);
    reading.tally.add(1);
    await emitEarlierAttempts(reading, one, progress);
  }
  return { count, handled: progress.attemptsSkipped === skippedBefore };
}

/** The list holds only the last attempt of a run: the failure that made somebody try again is in the ones before. */
async function emitEarlierAttempts(reading: Reading, last: WorkflowRun, progress: Progress): Promise<void> {
  const call = itemCallOf(reading.query, 'attempts');
  for (let attempt = last.run_attempt - 1; attempt >= 1; attempt -= 1) {
    if (progress.attemptsLeft === 0) {
      progress.attemptsSkipped += attempt;
      return;
    }
    progress.attemptsLeft -= 1;
    const parameters = { run_id: last.id, attempt_number: attempt };
    const answer = await oneItem(reading, call, parameters, workflowRun);
    if (answer.kind === 'unchanged') continue;
    await emitRun(reading, answer.data);
    answer.settle(true);
  }
}

async function emitRun(reading: Reading, one: WorkflowRun): Promise<void> {
  const started = one.run_started_at ?? one.created_at;
  const completed = one.status === 'completed';
  const failed = one.conclusion !== null && FAILED.has(one.conclusion);
  await emit(reading, {
    stream: 'workflow_runs',
    class: failed ? 'symptom' : 'state',
    entity: entityOf(reading, 'run', one.id),
    related: [
      entityOf(reading, 'commit', one.head_sha),
      ...(one.pull_requests ?? []).map(({ number }) => entityOf(reading, 'pull', number)),
    ],
    key: `attempt/${one.run_attempt}/${one.status ?? 'unknown'}`,
    occurredAt: timestamp(completed ? one.updated_at : started),
    body: {
      id: one.id,
      number: one.run_number,
      attempt: one.run_attempt,
      workflow: one.path,
      event: one.event,
      status: one.status ?? undefined,
      conclusion: one.conclusion ?? undefined,
      head_sha: one.head_sha,
      head_branch: one.head_branch ?? undefined,
      created_at: timestamp(one.created_at),
      started_at: timestamp(started),
      updated_at: timestamp(one.updated_at),
      duration_s: completed
        ? Math.max(0, (Date.parse(one.updated_at) - Date.parse(started)) / 1_000)
        : undefined,
      actor: login(one.triggering_actor ?? one.actor),
      actor_is_bot: isBot(one.triggering_actor ?? one.actor),
      title: one.display_title,
    },
  });
}
