import { z } from 'zod';
import {
  type AdmittedRead,
  type ConnectorDeps,
  ConnectorError,
  type ErrorCode,
  gapOf,
  type ReadOutcome,
  type RunContext,
} from '../sdk/index.ts';
import { type ClientOptions, type GitHubClient, openClient } from './client.ts';
import type { GitHubConfig } from './config.ts';
import { etagsOf } from './etags.ts';
import { loadQuery, type Query } from './queries.ts';
import { emitGap, entityOf, type Reading, repositoryOf, subjectOf, windowOf } from './reading.ts';
import { readCommits } from './reads/commits.ts';
import { readDeployments } from './reads/deployments.ts';
import { readPullRequests } from './reads/pull-requests.ts';
import { readReleases } from './reads/releases.ts';
import { readWorkflowRuns } from './reads/workflow-runs.ts';
import { Tally } from './tally.ts';
import { spanToRead } from './window.ts';

const READS: Readonly<Record<string, (reading: Reading) => Promise<void>>> = {
  commits: readCommits,
  pull_requests: readPullRequests,
  deployments: readDeployments,
  workflow_runs: readWorkflowRuns,
  releases: readReleases,
};

/** The connection as a whole does not work: no repository can be read, and the runner must know. */
const FATAL: ReadonlySet<ErrorCode> = new Set(['AUTH', 'UNREACHABLE', 'CONFIG', 'INTERNAL']);
/** What ended this repository ends the run: the next one would fail of the same. */
const HALTING: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'BUDGET', 'TIMEOUT']);

export interface Collecting {
  readonly config: GitHubConfig;
  readonly deps: ConnectorDeps;
  readonly options: ClientOptions;
}

/** Runs one read over every configured repository that the policy lets us look at. */
export async function collect(
  { config, deps, options }: Collecting,
  run: RunContext,
  request: AdmittedRead,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  const query = loadQuery(deps, request.read);
  const client = openClient(config, deps, { meter: run.meter, signal }, options);
  const tally = new Tally();
  let halted: ConnectorError | undefined;
  for (const full of config.repositories) {
    const reading = openReading(full, { config, deps, run, request, query, client, tally });
    if (!request.scope.includes('repository', full)) {
      await noteOutOfScope(reading);
      continue;
    }
    const failure = halted ?? (await readRepository(reading));
    if (failure === undefined) continue;
    if (FATAL.has(failure.code)) throw failure;
    // The runner makes a gap of what is thrown; the repositories after it need their own.
    const thrown = failure.code === 'RATE_LIMITED' && halted === undefined;
    if (!thrown) await noteFailure(reading, failure);
    if (HALTING.has(failure.code)) halted = failure;
  }
  // Thrown, not only noted: nothing may be asked of the API before `retryAt`, and the scheduler sees to that.
  if (halted?.code === 'RATE_LIMITED') throw halted;
  return { completeness: tally.completeness() };
}

interface Parts {
  readonly config: GitHubConfig;
  readonly deps: ConnectorDeps;
  readonly run: RunContext;
  readonly request: AdmittedRead;
  readonly query: Query;
  readonly client: GitHubClient;
  readonly tally: Tally;
}

interface OpenReading extends Reading {
  /** How far earlier interval runs got; undefined for other triggers and before the first. */
  readonly progress: Progress | undefined;
  /** What to keep for the next interval run; undefined when this run does not move on. */
  next(): Progress | undefined;
}

/** Epoch milliseconds. */
const progress = z.object({
  /** End of the last window that was read. */
  readTo: z.number(),
  /** Where to go on: before `readTo` while something older is unfinished. */
  cursor: z.number(),
  /** Digest of the plan it was read under. */
  plan: z.string().default(''),
});
type Progress = z.infer<typeof progress>;

function openReading(full: string, parts: Parts): OpenReading {
  const { config, deps, run, request, query } = parts;
  const now = deps.clock.now();
  const known = request.trigger === 'interval' ? progressOf(run, full) : undefined;
  // Under another plan earlier runs passed over what this one lets out.
  const goesOnFrom = known?.plan === request.plan ? known.cursor : undefined;
  const span = spanToRead(request, goesOnFrom, query.window.overlap);
  const readTo = Math.min(span.to, now.getTime());
  let cursor = readTo;
  return {
    ...parts,
    repository: repositoryOf(full),
    branches: config.branches,
    span,
    now,
    etags: etagsOf({
      state: run.state,
      prefix: `etag/${full.toLowerCase()}/`,
      digest: deps.digest,
      plan: request.plan,
      now,
      enabled: request.trigger !== 'once',
    }),
    holdBack: (at) => {
      cursor = Math.min(cursor, at);
    },
    progress: known,
    next: () => {
      if (request.trigger !== 'interval') return undefined;
      const { plan } = request;
      return {
        readTo: Math.max(readTo, known?.readTo ?? 0),
        cursor: Math.max(cursor, known?.cursor ?? 0),
        plan,
      };
    },
  };
}

function progressOf(run: RunContext, full: string): Progress | undefined {
  const parsed = progress.safeParse(run.state.get(progressKey(full)));
  return parsed.success ? parsed.data : undefined;
}

function progressKey(full: string): string {
  return `progress/${full.toLowerCase()}`;
}

async function readRepository(reading: OpenReading): Promise<ConnectorError | undefined> {
  const read = READS[reading.query.read];
  if (read === undefined)
    return new ConnectorError('UNSUPPORTED', `there is no read "${reading.query.read}"`);
  await noteHole(reading);
  const failure = await attempt(() => read(reading));
  // Pages that were handled to their end need not be read again even if a later one failed; the cursor stays.
  const etags = reading.etags.patch();
  const next = failure === undefined ? reading.next() : undefined;
  const set = { ...etags.set, ...(next !== undefined && { [progressKey(reading.repository.full)]: next }) };
  await reading.run.checkpoint({ ...etags, set });
  return failure;
}

/** After a long stop the window of an interval run starts later than the one before ended. */
async function noteHole(reading: OpenReading): Promise<void> {
  const { progress: known, span } = reading;
  if (known === undefined || known.readTo >= span.from) return;
  reading.tally.partial('what lies between the run before and this window was not read');
  await reading.run.emit({
    gap: 'TIMEOUT',
    missing: subjectOf(reading),
    reason: 'no run covered this time: the agent was stopped for longer than the window of an interval run',
    hint: 'Collect this window by hand if it matters.',
    entity: entityOf(reading),
    window: windowOf({ from: known.readTo, to: span.from }),
  });
}

async function attempt(work: () => Promise<void>): Promise<ConnectorError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return ConnectorError.from(error);
  }
}

async function noteFailure(reading: Reading, failure: ConnectorError): Promise<void> {
  reading.tally.totalUnknown();
  await emitGap(reading, gapOf(failure, subjectOf(reading)));
}

async function noteOutOfScope(reading: Reading): Promise<void> {
  reading.tally.totalUnknown();
  await emitGap(reading, {
    gap: 'PRIVILEGE',
    missing: subjectOf(reading),
    reason: 'the policy does not let this repository be read',
    hint: 'Allow it in the policy under scope.repository, or take it out of the connection.',
  });
}
