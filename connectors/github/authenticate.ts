import { z } from 'zod';
import {
  type AuthReport,
  BudgetMeter,
  type ConnectorDeps,
  ConnectorError,
  type MissingPrivilege,
  type StreamDescriptor,
} from '../sdk/index.ts';
import { type Answer, type Call, type CallContext, type GitHubClient, openClient } from './client.ts';
import type { Collecting } from './collect.ts';
import { loadQuery, type Query } from './queries.ts';
import { type Repository, repositoryOf } from './reading.ts';

/** A self-check must not use up what the reads need. */
const PROBE_BUDGET = { durationMs: 30_000, rows: 1, bytes: 4 * 1024 ** 2, calls: 60 };
const MAX_REPOSITORIES = 20;

const READ_STREAMS: Readonly<Record<string, readonly string[]>> = {
  commits: ['commits'],
  pull_requests: ['pull_requests'],
  deployments: ['deployments', 'deployment_statuses'],
  workflow_runs: ['workflow_runs'],
  releases: ['releases'],
};

/** Codes that tell of one privilege; any other ends the check. */
const TELLING: ReadonlySet<ConnectorError['code']> = new Set(['PRIVILEGE', 'NOT_FOUND', 'UNSUPPORTED']);

export async function authenticate(collecting: Collecting, signal: AbortSignal): Promise<AuthReport> {
  const client = probeClient(collecting, signal);
  const { identity, scopes } = await identify(client);
  const { missing, granted } = await probePrivileges(collecting, client);
  return {
    identity,
    granted: [...granted, ...scopes],
    missing,
    // Only classic tokens list their scopes, and none of those is read only for a repository.
    excess: scopes,
  };
}

export async function discover(
  collecting: Collecting,
  signal: AbortSignal,
): Promise<readonly StreamDescriptor[]> {
  const { missing } = await probePrivileges(collecting, probeClient(collecting, signal));
  return Object.entries(READ_STREAMS).flatMap(([read, streams]) => {
    const lack = missing.find((one) => one.reads.includes(read));
    return streams.map((stream) =>
      lack === undefined
        ? { stream, available: true }
        : { stream, available: false, reason: `the token lacks ${lack.privilege}` },
    );
  });
}

function probeClient({ config, deps, options }: Collecting, signal: AbortSignal): GitHubClient {
  return openClient(
    config,
    deps,
    { meter: new BudgetMeter(PROBE_BUDGET, deps.clock.monotonic), signal },
    options,
  );
}

interface Identity {
  readonly identity: string;
  readonly scopes: readonly string[];
}

const user = z.object({ login: z.string(), type: z.string() });
const installation = z.object({ total_count: z.int() });

/** A user's token names its user, an installation's its repositories; what can do neither still has a rate limit. */
async function identify(client: GitHubClient): Promise<Identity> {
  const asUser = await tried(
    client,
    { path: '/user', parameters: {} },
    { subject: 'the user', permission: 'none' },
  );
  if (asUser !== undefined) {
    const parsed = user.safeParse(asUser.data);
    if (!parsed.success) throw notGitHub(parsed.error);
    return { identity: `${parsed.data.type.toLowerCase()}:${parsed.data.login}`, scopes: scopesOf(asUser) };
  }
  const call = { path: '/installation/repositories', parameters: { per_page: 1 } };
  const asApp = await tried(client, call, { subject: 'the installation', permission: 'metadata:read' });
  if (asApp !== undefined) {
    const parsed = installation.safeParse(asApp.data);
    if (!parsed.success) throw notGitHub(parsed.error);
    return { identity: `installation:${parsed.data.total_count} repositories`, scopes: [] };
  }
  const limit = { path: '/rate_limit', parameters: {} };
  const anyone = await tried(client, limit, { subject: 'the rate limit', permission: 'none' });
  return { identity: 'token without a user', scopes: anyone === undefined ? [] : scopesOf(anyone) };
}

function notGitHub(cause: unknown): ConnectorError {
  return new ConnectorError('BAD_RESPONSE', 'what answers at baseUrl is not the GitHub API', {
    hint: 'On GitHub Enterprise Server the address ends in /api/v3.',
    cause,
  });
}

function scopesOf(answer: Answer): readonly string[] {
  const scopes = (answer.headers['x-oauth-scopes'] ?? '').split(',').map((scope) => scope.trim());
  return scopes.filter((scope) => /^[a-z_:]+$/.test(scope));
}

interface Privileges {
  readonly missing: readonly MissingPrivilege[];
  readonly granted: readonly string[];
}

async function probePrivileges({ config, deps }: Collecting, client: GitHubClient): Promise<Privileges> {
  const reads = Object.keys(READ_STREAMS);
  const missing: MissingPrivilege[] = [];
  const visible: Repository[] = [];
  for (const full of config.repositories.slice(0, MAX_REPOSITORIES)) {
    const repository = repositoryOf(full);
    const context = { subject: `the repository ${full}`, permission: 'metadata:read' };
    const failure = await lacking(
      client,
      callAt({ path: '/repos/{owner}/{repo}', parameters: {} }, repository),
      context,
    );
    if (failure === undefined) visible.push(repository);
    else
      missing.push({ privilege: `metadata:read on ${full}`, reads, hint: failure.hint ?? failure.message });
  }
  const [first] = visible;
  if (first === undefined) return { missing, granted: [] };
  const probed = await probeReads(deps, client, first);
  return { missing: [...missing, ...probed.missing], granted: ['metadata:read', ...probed.granted] };
}

/** A token has the same permissions on each of its repositories, so one repository tells. */
async function probeReads(deps: ConnectorDeps, client: GitHubClient, on: Repository): Promise<Privileges> {
  const lacks = new Map<string, { reads: string[]; hint: string }>();
  const granted = new Set<string>();
  for (const read of Object.keys(READ_STREAMS)) {
    const query = loadQuery(deps, read);
    const failure = await lacking(client, probeOf(query, on), {
      subject: `${read} of ${on.full}`,
      permission: query.permission,
    });
    if (failure === undefined) {
      granted.add(query.permission);
      continue;
    }
    const lack = lacks.get(query.permission) ?? { reads: [], hint: failure.hint ?? failure.message };
    lack.reads.push(read);
    lacks.set(query.permission, lack);
  }
  return {
    missing: [...lacks].map(([privilege, lack]) => ({ privilege, ...lack })),
    granted: [...granted].filter((permission) => !lacks.has(permission)),
  };
}

function probeOf(query: Query, repository: Repository): Call {
  return callAt({ path: query.list.path, parameters: { ...query.list.parameters, per_page: 1 } }, repository);
}

function callAt(call: Call, { owner, name }: Repository): Call {
  return { path: call.path, parameters: { ...call.parameters, owner, repo: name } };
}

async function lacking(
  client: GitHubClient,
  call: Call,
  context: CallContext,
): Promise<ConnectorError | undefined> {
  try {
    await client.get(call, context);
    return undefined;
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (TELLING.has(failure.code)) return failure;
    throw failure;
  }
}

async function tried(client: GitHubClient, call: Call, context: CallContext): Promise<Answer | undefined> {
  try {
    return await client.get(call, context);
  } catch (error) {
    const failure = ConnectorError.from(error);
    if (TELLING.has(failure.code)) return undefined;
    throw failure;
  }
}
