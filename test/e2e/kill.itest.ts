import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { digestOf } from '../../evidence/digest.ts';
import type { Item } from '../../evidence/item.ts';
import { verifyChain } from '../../evidence/verify.ts';
import { GITHUB_TOKEN, startGitHubApi } from '../helpers/github-api.ts';
import { ApiSession } from './api-session.ts';
import {
  justHappened,
  untilQuiet,
  type WatchedCluster,
  watchedCluster,
  watchesEverything,
} from './kube-agent.ts';
import {
  type AgentProcess,
  eventually,
  makeAgentFolder,
  seededRandom,
  startAgentProcess,
} from './support.ts';

const SEED = 20_261_121;
/** Before anything happens in the cluster: while the agent starts, lists, and seals what it found. */
const EARLY_KILLS = 4;
const KILLS = 15;
/** Every third one dies before it listens, or soon after. */
const LONGEST_INFANCY_MS = 1_500;
/** The others die soon after something happened: it is read at once, and sealed within a quarter of a second. */
const LONGEST_AFTERMATH_MS = 600;
/** Fewer, and the test would not have seen much. */
const FEWEST_ANSWERS = 8;
/** Half a minute alone; twenty starts of the agent take longer on a busy machine. */
const LONG_ENOUGH_MS = 600_000;

describe.concurrent('an agent that is killed again and again', () => {
  it(
    'loses nothing that it acknowledged, doubles nothing, and ends where an undisturbed one does',
    async () => {
      // Some symptoms are told only of what has lasted a minute: long ago, so that it has for both agents.
      const recording = justHappened('oom-after-limit-cut', 600_000);
      await using quiet = await watchedCluster(recording);
      await using disturbed = await watchedCluster(recording);
      const [undisturbed, survived] = await Promise.all([runUndisturbed(quiet), runDisturbed(disturbed)]);

      const { chain, items, acknowledged, answers } = survived;
      expect(answers).toBeGreaterThan(FEWEST_ANSWERS);
      expect(acknowledged.incidents.size).toBeGreaterThan(0);
      expect(acknowledged.manifests.size).toBeGreaterThan(0);
      expect(verifyChain(chain, { publicKeyPem: [disturbed.folder.publicKeyPem] })).toMatchObject({
        good: true,
        facts: { manifests: chain.length },
      });
      const stored = new Map(items.map((item) => [item.id, canonicalize(item)]));
      expect([...acknowledged.items].filter(([id, text]) => stored.get(id) !== text)).toEqual([]);
      expect(acknowledged.items.size).toBeGreaterThan(0);
      const digests = new Set(chain.map(({ canonical }) => digestOf(canonical)));
      expect([...acknowledged.manifests].filter((digest) => !digests.has(digest))).toEqual([]);
      expect([...acknowledged.incidents].filter((id) => !survived.incidents.has(id))).toEqual([]);
      expect(doubled(items.map(({ id }) => id))).toEqual([]);
      expect(doubled(items.filter(({ class: of }) => of !== 'gap').map(factOf))).toEqual([]);
      for (const of of ['change', 'symptom'] as const) {
        const [expected, found] = [told(undisturbed, of), told(items, of)];
        expect(found.filter((line) => !expected.includes(line))).toEqual([]);
        expect(expected.filter((line) => !found.includes(line))).toEqual([]);
      }
      expect(told(items, 'change').length).toBeGreaterThan(15);
      expect(told(items, 'symptom').length).toBeGreaterThan(15);
    },
    LONG_ENOUGH_MS,
  );
});

describe.concurrent('an agent that is asked to stop', () => {
  it('ends with 0, has kept what its streams had emitted, and goes on from there', async () => {
    const recording = justHappened('scaled-to-zero');
    await using cluster = await watchedCluster(recording);
    const first = startAgentProcess(cluster.folder);
    const session = new ApiSession(await first.url);
    expect(await watchesEverything(cluster, session)).toBe(true);
    cluster.api.step();
    await sleep(50);
    expect(await first.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(first.output()).not.toContain('"level":"error"');
    const runs = storedRuns(cluster.folder.dataDir);
    expect(runs.filter(({ ended }) => !ended)).toEqual([]);
    expect(runs.filter(({ emitted, stored }) => emitted !== stored)).toEqual([]);
    expect(runs.reduce((sum, { stored }) => sum + stored, 0)).toBeGreaterThan(0);

    const second = startAgentProcess(cluster.folder);
    const after = new ApiSession(await second.url);
    expect(await watchesEverything(cluster, after)).toBe(true);
    await untilQuiet(after);
    const cause = 'kubernetes://prod/shop/Deployment/payments';
    const scaled = (await after.items()).filter(
      (item) => item.entity === cause && item.body['op'] === 'updated',
    );
    expect(scaled).toHaveLength(1);
    await second.end('SIGKILL');
  });

  it('gives a read that hangs until the drain deadline, and ends with 0', async () => {
    await using github = await hangingGitHub({ drain: '1s' });
    const agent = await github.startedAndHanging();
    expect(await agent.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const [run] = storedRuns(github.dataDir);
    expect(run).toMatchObject({ status: 'cancelled', ended: true, stored: 0 });
  });

  it('ends at once, with 130, when it is asked a second time', async () => {
    await using github = await hangingGitHub({ drain: '10m' });
    const agent = await github.startedAndHanging();
    agent.signal('SIGTERM');
    expect(await eventually(() => agent.output().includes('a second signal ends at once'))).toBe(true);
    await sleep(400); // Two signals within a quarter of a second count as one.
    expect(await agent.end('SIGTERM')).toEqual({ code: 130, signal: null });
  });
});

async function runUndisturbed(cluster: WatchedCluster): Promise<readonly Item[]> {
  const agent = startAgentProcess(cluster.folder);
  const session = new ApiSession(await agent.url);
  expect(await watchesEverything(cluster, session)).toBe(true);
  cluster.api.step();
  await untilQuiet(session);
  const items = await session.items();
  await agent.end('SIGKILL');
  return items;
}

/** What answers of the API have said; from then on it is to be there. */
interface Acknowledged {
  readonly items: Map<string, string>;
  readonly incidents: Set<string>;
  readonly manifests: Set<string>;
}

async function runDisturbed(cluster: WatchedCluster) {
  const random = seededRandom(SEED);
  const acknowledged: Acknowledged = { items: new Map(), incidents: new Set(), manifests: new Set() };
  let answers = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    if (kill === EARLY_KILLS) await settleBaseline(cluster);
    const agent = startAgentProcess(cluster.folder);
    const life = useUntilKilled(agent, acknowledged);
    const isInfant = kill % 3 === 0;
    const isEarly = kill < EARLY_KILLS;
    if (!isInfant) await readsEverything(agent, cluster, isEarly);
    if (!isEarly) cluster.api.step(1 + Math.floor(random() * 20));
    await sleep(random() * (isInfant ? LONGEST_INFANCY_MS : LONGEST_AFTERMATH_MS));
    expect(await agent.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    answers += await life;
  }
  const last = startAgentProcess(cluster.folder);
  const session = new ApiSession(await last.url);
  expect(await watchesEverything(cluster, session)).toBe(true);
  cluster.api.step();
  await untilQuiet(session);
  const items = await session.items();
  const chain = await session.chain();
  const incidents = new Set((await session.all<{ id: string }>('/v1/incidents')).map(({ id }) => id));
  expect(await last.end('SIGTERM')).toEqual({ code: 0, signal: null });
  return { acknowledged, answers, items, chain, incidents };
}

/** In its early days it is not waited until it has read everything: it is to die while it does. */
async function readsEverything(
  agent: AgentProcess,
  cluster: WatchedCluster,
  isEarly: boolean,
): Promise<void> {
  const session = new ApiSession(await agent.url);
  if (!isEarly) await watchesEverything(cluster, session);
}

/** Nothing may happen before every read knows the quiet state: what changed before is told in other words. */
async function settleBaseline(cluster: WatchedCluster): Promise<void> {
  const agent = startAgentProcess(cluster.folder);
  const session = new ApiSession(await agent.url);
  expect(await watchesEverything(cluster, session)).toBe(true);
  await untilQuiet(session);
  await agent.end('SIGKILL');
}

/** Opens an incident, bundles it, asks for evidence over and over; notes every answer. Ends when the agent does. */
async function useUntilKilled(agent: AgentProcess, noted: Acknowledged): Promise<number> {
  let answers = 0;
  try {
    const session = new ApiSession(await agent.url);
    let id: string | undefined;
    let bundled: Promise<void> | undefined;
    for (;;) {
      for (const item of await session.items()) note(noted.items, item);
      answers += 1;
      id ??= (await session.openIncident()).id;
      noted.incidents.add(id);
      bundled ??= noteBundle(session, id, noted.manifests);
      const { items: listed } = await session.get<{ items: { digest: string }[] }>('/v1/manifests?limit=100');
      for (const { digest } of listed) noted.manifests.add(digest);
      await sleep(40);
    }
  } catch (error) {
    await agent.exited;
    if (error instanceof TypeError || isKilled(error)) return answers;
    throw error;
  }
}

/** A bundle waits until the streams have caught up, which few of these agents live to see. */
async function noteBundle(session: ApiSession, incident: string, manifests: Set<string>): Promise<void> {
  try {
    const { manifest } = JSON.parse(Buffer.from(await session.bundle(incident)).toString('utf8')) as {
      manifest: unknown;
    };
    manifests.add(digestOf(canonicalize(manifest)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** The first answer holds: an item that is other in a later one is lost. */
function note(items: Map<string, string>, item: Item): void {
  if (!items.has(item.id)) items.set(item.id, canonicalize(item));
}

/** fetch() fails with TypeError when the connection breaks; the agent's own end before it listened is an Error. */
function isKilled(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('the agent ended (SIGKILL)');
}

function doubled(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function factOf({ stream, entity, occurredAt, body }: Item): string {
  return canonicalize([stream, entity, occurredAt, body]);
}

/** Ids and contents; which run found it, and when, differs. */
function told(items: readonly Item[], of: Item['class']): readonly string[] {
  return items
    .filter((item) => item.class === of)
    .map((item) => `${item.id} ${factOf(item)}`)
    .sort();
}

interface RunRow {
  readonly read: string;
  readonly status: string;
  readonly ended: boolean;
  readonly emitted: number;
  readonly stored: number;
}

/** How many items each run said it had, and how many of them the store has. */
function storedRuns(dataDir: string): readonly RunRow[] {
  const database = new DatabaseSync(join(dataDir, 'evidence.db'), { readOnly: true });
  try {
    const items = database.prepare('select canonical from evidence').all();
    const byRun = Map.groupBy(
      items,
      ({ canonical }) => (JSON.parse(String(canonical)) as Item).provenance.run,
    );
    return database
      .prepare('select * from connector_runs')
      .all()
      .map((row) => ({
        read: String(row['read']),
        status: String(row['status']),
        ended: row['ended_at'] !== null,
        emitted: Number(row['items']),
        stored: byRun.get(String(row['id']))?.length ?? 0,
      }));
  } finally {
    database.close();
  }
}

async function hangingGitHub(scheduler: { readonly drain: string }) {
  const api = await startGitHubApi();
  api.inject({ path: /./, fault: { kind: 'hang' } });
  const config = { token: { env: 'E2E_GITHUB_TOKEN' }, repositories: ['acme/shop'], baseUrl: api.url };
  const folder = await makeAgentFolder({
    connections: [{ id: 'code', connector: 'github', config }],
    env: { E2E_GITHUB_TOKEN: GITHUB_TOKEN },
    config: { scheduler },
  });
  const started: AgentProcess[] = [];
  return {
    dataDir: folder.dataDir,
    startedAndHanging: async () => {
      const agent = startAgentProcess(folder);
      started.push(agent);
      await agent.url;
      expect(await eventually(() => api.requests.length > 0)).toBe(true);
      return agent;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((agent) => agent.end('SIGKILL')));
      await api.close();
      await folder.remove();
    },
  };
}
