import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Agent, createAgent } from '../../agent/app.ts';
import { loadConfig } from '../../agent/config/load.ts';
import { discover } from '../../agent/registry/discover.ts';
import { systemClock } from '../../agent/scheduler/system-clock.ts';
import { makeMissingKeys } from '../../agent/secrets/keys.ts';
import { standardError } from '../../agent/telemetry/logger.ts';
import { agentVersion } from '../../agent/version.ts';
import { Secret } from '../../connectors/sdk/index.ts';
import { parseBundle } from '../../evidence/bundle.ts';
import type { IncidentReading } from '../../evidence/incident/assemble.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { PRESETS } from '../../policies/load.ts';
import { type AgentClient, makeAgentClient } from './client.ts';
import { makeProgress, type Progress } from './progress.ts';
import { formatDemo } from './report.ts';
import { type Stage, stage } from './stage.ts';

export interface DemoOptions {
  /** Leave the agent running afterwards. */
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly kubeconfig?: string;
  readonly dsn?: string;
}

/** Reads are repeated this often in the demo, so that nobody has to wait for a minute's interval. */
const QUIET_MS = 15_000;
/** How long the strain lasts before somebody opens the incident. */
const STRAIN_MS = 2_000;

/**
 * The main job, end to end: stages an incident on real software, runs the agent against it, opens an incident over HTTP,
 * gets the signed bundle over HTTP and verifies it with what `exhibit verify` runs. Answers the exit code.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const startedAt = performance.now();
  const progress = makeProgress(process.stderr, startedAt);
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-demo-'));
  const staged = await stage({ ...options, directory, step: progress.step });
  try {
    return await collectAndShow(staged, directory, options, progress, startedAt);
  } finally {
    await staged.close();
  }
}

async function collectAndShow(
  staged: Stage,
  directory: string,
  options: DemoOptions,
  progress: Progress,
  startedAt: number,
): Promise<number> {
  const token = new Secret(randomBytes(24).toString('base64url'));
  progress.step('starting the agent with the policy "standard"');
  const agent = await startAgent(staged, token);
  try {
    const client = makeAgentClient(agent.url(), token);
    progress.step('collecting the quiet state');
    await quiet(client);
    progress.step('letting the incident happen');
    await staged.play();
    await sleep(STRAIN_MS);

    progress.step('opening an incident over HTTP');
    const incident = await client.post<{ id: string }>('/v1/incidents', {
      title: 'checkout is failing',
      lookback: '30m',
    });
    progress.step('getting the signed bundle over HTTP');
    const bytes = await client.bytes(`/v1/incidents/${incident.id}/bundle`);
    const bundle = join(directory, 'incident.exhibit.json');
    const publicKey = join(directory, 'evidence.pub');
    const keyHistory = join(directory, 'key-history.json');
    await writeFile(bundle, bytes);
    await writeFile(publicKey, agent.keys.signer.publicKeyPem);
    await writeFile(keyHistory, await client.bytes('/v1/keys/history.json'));

    progress.step('verifying it');
    const verified = await verifyBundle(bytes, {
      publicKeyPem: [await readFile(publicKey, 'utf8')],
      keyHistory: await readFile(keyHistory),
    });
    const leaks = await findCanaries(directory, staged.canaries);
    progress.done();

    const {
      incident: facts,
      summary,
      timeline,
      candidates,
    } = parseBundle(bytes) as unknown as IncidentReading;
    const reading = { incident: facts, summary, timeline, candidates };
    const seconds = (performance.now() - startedAt) / 1_000;
    if (options.json === true) {
      const result = {
        bundle,
        publicKey,
        verified,
        summary,
        candidates,
        planted: staged.canaries.length,
        leaks,
        seconds,
      };
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    } else {
      process.stdout.write(
        formatDemo({
          reading,
          verified,
          bundle,
          again: `npx exhibit verify ${bundle} --key ${publicKey} --key-history ${keyHistory}`,
          seconds,
          notes: staged.notes,
          planted: staged.canaries.length,
          leaks,
        }),
      );
    }
    if (options.keep === true) await keepRunning(agent, token);
    return verified.good && leaks.length === 0 ? 0 : 1;
  } finally {
    await agent.stop();
  }
}

async function startAgent(staged: Stage, token: Secret): Promise<Agent> {
  const { definitions } = await discover();
  const env = { ...staged.env, DEMO_API_TOKEN: token.open() };
  const loaded = await loadConfig(staged.config, { env, definitions, presets: PRESETS });
  await makeMissingKeys(loaded.paths);
  const agent = await createAgent(loaded, {
    clock: systemClock(),
    version: agentVersion(),
    definitions,
    logTo: standardError(),
  });
  await agent.start();
  return agent;
}

interface ConnectionList {
  readonly items: readonly {
    readonly reads: readonly {
      readonly mode: string;
      readonly latestRun: { readonly status?: string } | null;
    }[];
  }[];
}

/** Waits until every read has run once; a stream has when it has begun and had a moment to list. */
async function quiet(client: AgentClient): Promise<void> {
  const deadline = performance.now() + QUIET_MS;
  while (performance.now() < deadline) {
    const { items } = await client.get<ConnectionList>('/v1/connections');
    const reads = items.flatMap((connection) => connection.reads);
    if (
      reads.every(
        ({ mode, latestRun }) =>
          latestRun !== null && (mode === 'streaming' || latestRun.status !== undefined),
      )
    )
      break;
    await sleep(100);
  }
  await sleep(1_000);
}

/** Looks for the planted values in everything the agent wrote: bundle, store, write-ahead log. */
async function findCanaries(directory: string, canaries: readonly string[]): Promise<string[]> {
  const leaks: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    for (const canary of canaries) if (bytes.includes(canary)) leaks.push(`${canary} in ${file}`);
  }
  return leaks;
}

async function keepRunning(agent: Agent, token: Secret): Promise<void> {
  process.stdout.write(
    `\nThe agent is still running; stop it with Ctrl-C.\n  curl -H 'authorization: Bearer ${token.open()}' '${agent.url()}/v1/evidence?class=symptom&limit=5'\n`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
