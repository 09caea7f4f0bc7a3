import { mkdtemp, rm } from 'node:fs/promises';
import { Agent as HttpAgent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger } from '../../evidence/ledger.ts';
import { openSqliteStore } from '../../evidence/store/sqlite-store.ts';
import { type AgentProcess, startAgentProcess, writeBenchConfig } from './agent-process.ts';
import { print } from './measure.ts';
import { makePipeline } from './pipeline.ts';
import { multiply, type Sample } from './records.ts';

const ITEMS = 100_000;
const REQUESTS = 4_000;
const CONCURRENCY = 8;
/** The agent gives memory back once its first reads are over. */
const IDLE_MS = 25_000;

/** The agent as it is installed: memory when idle, then with 100,000 items stored, and evidence queries against it. */
export async function benchAgent(samples: readonly Sample[]): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-bench-agent-'));
  try {
    for (const connections of [['postgresql'], ['postgresql', 'kubernetes', 'github']] as const) {
      const idle = await startAgentProcess(
        await writeBenchConfig(join(directory, `${connections.length}`), connections),
      );
      await sleep(IDLE_MS);
      const value = await idle.residentMiB();
      print({
        name: 'agent.idle.rss',
        value,
        unit: 'MiB',
        target: 150,
        note: `connectors: ${connections.join(', ')}`,
      });
      await idle.stop();
    }

    const config = await writeBenchConfig(directory, ['postgresql']);
    await fill(join(directory, 'data', 'evidence.db'), samples);
    await benchQueries(await startAgentProcess(config));
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function benchQueries(agent: AgentProcess): Promise<void> {
  try {
    await load(agent, REQUESTS / 4);
    const { perSecond, p50, p99 } = await load(agent, REQUESTS);
    const note = `window of 10 minutes and class, 100 items a page, ${ITEMS} stored, ${CONCURRENCY} clients`;
    print({ name: 'api.evidence.rate', value: perSecond, unit: 'requests/s', note });
    print({ name: 'api.evidence.p50', value: p50, unit: 'ms' });
    print({ name: 'api.evidence.p99', value: p99, unit: 'ms' });
    await sleep(2_000);
    print({
      name: 'agent.loaded.rss',
      value: await agent.residentMiB(),
      unit: 'MiB',
      note: `after ${REQUESTS} queries over ${ITEMS} items`,
    });
  } finally {
    await agent.stop();
  }
}

async function fill(path: string, samples: readonly Sample[]): Promise<void> {
  const store = await openSqliteStore({ path });
  const pipeline = await makePipeline();
  const ledger = new Ledger({ store });
  for (let from = 0; from < ITEMS; from += 1_000) {
    const batch = pipeline.envelop(multiply(samples, 1_000, from));
    await ledger.commit(batch, undefined, (fresh, head) => pipeline.seal(fresh, head));
  }
  await store.close();
}

async function load(
  agent: AgentProcess,
  requests: number,
): Promise<{ perSecond: number; p50: number; p99: number }> {
  const http = new HttpAgent({ keepAlive: true, maxSockets: CONCURRENCY });
  const times: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const client = async () => {
    while (next < requests) {
      const index = next++;
      const before = performance.now();
      await get(agent, http, index);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  http.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { perSecond: requests / seconds, p50: at(0.5), p99: at(0.99) };
}

function get({ url, token }: AgentProcess, agent: HttpAgent, index: number): Promise<void> {
  const from = Date.parse('2026-11-21T00:00:00.000Z') + ((index * 7_919) % ITEMS) * 10;
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(from + 600_000).toISOString(),
    class: index % 2 === 0 ? 'symptom' : 'change',
    limit: '100',
  });
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}/v1/evidence?${query.toString()}`,
      { agent, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        response.on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`the API answered ${response.statusCode}`));
        });
      },
    );
    call.on('error', reject);
    call.end();
  });
}
