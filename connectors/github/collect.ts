import {
  type AdmittedRead,
  type ConnectorDeps,
  ConnectorError,
  type ErrorCode,
  type ReadOutcome,
  type RunContext,
} from '../sdk/index.ts';
import { type ClientOptions, type GitHubClient, openClient } from './client.ts';
import type { GitHubConfig } from './config.ts';
import { etagsOf } from './etags.ts';
import { loadQuery, type Query } from './queries.ts';
import { emitGap, type Reading, repositoryOf, subjectOf } from './reading.ts';
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
    await noteFailure(reading, failure);
    if (HALTING.has(failure.code)) halted = failure;
  }
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
  /** Where the next interval run goes on; undefined when this run does not move the cursor. */
  cursor(): number | undefined;
}

function openReading(full: string, parts: Parts): OpenReading {
  const { config, deps, run, request, query } = parts;
  const now = deps.clock.now();
  const kept = run.state.get(cursorKey(full));
  const cursor = typeof kept === 'number' ? kept : undefined;
  const span = spanToRead(request, cursor, query.window.overlap);
  let heldBack = Math.min(span.to, now.getTime());
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
      now,
      enabled: request.trigger !== 'once',
    }),
    holdBack: (at) => {
      heldBack = Math.min(heldBack, at);
    },
    cursor: () => (request.trigger === 'interval' ? Math.max(heldBack, cursor ?? heldBack) : undefined),
  };
}

function cursorKey(full: string): string {
  return `cursor/${full.toLowerCase()}`;
}

async function readRepository(reading: OpenReading): Promise<ConnectorError | undefined> {
  const read = READS[reading.query.read];
  if (read === undefined)
    return new ConnectorError('UNSUPPORTED', `there is no read "${reading.query.read}"`);
  const failure = await attempt(() => read(reading));
  // Pages that were handled to their end need not be read again even if a later one failed; the cursor stays.
  const etags = reading.etags.patch();
  const cursor = failure === undefined ? reading.cursor() : undefined;
  const set = { ...etags.set, ...(cursor !== undefined && { [cursorKey(reading.repository.full)]: cursor }) };
  await reading.run.checkpoint({ ...etags, set });
  return failure;
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
  await emitGap(reading, {
    gap: failure.code,
    missing: subjectOf(reading),
    reason: failure.message,
    ...(failure.hint !== undefined && { hint: failure.hint }),
  });
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
