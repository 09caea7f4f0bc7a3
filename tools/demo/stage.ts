import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { GITHUB_CANARIES, GITHUB_TOKEN, startGitHubApi } from '../../test/helpers/github-api.ts';
import { startKubeApi } from '../../test/helpers/kube-api.ts';
import { loadRecording, type Scenario } from '../../test/helpers/kube-recording.ts';
import { type PreparedIncident, prepareIncident } from '../../test/helpers/pg-incident.ts';
import { startPostgres } from '../../test/helpers/postgres.ts';

export interface StageOptions {
  /** Where config, keys and store go. */
  readonly directory: string;
  readonly scenario?: Scenario;
  /** A cluster of yours in place of the recorded one. */
  readonly kubeconfig?: string;
  /** A database of yours in place of the embedded one. */
  readonly dsn?: string;
  readonly step?: (text: string) => void;
}

/** Three sources in their quiet state, and an agent.yaml that names them. */
export interface Stage {
  readonly config: string;
  /** The environment that the config's secret references need. */
  readonly env: Readonly<Record<string, string>>;
  /** Values planted in all sources that may appear nowhere. */
  readonly canaries: readonly string[];
  /** What is staged rather than real, for whoever reads the result. */
  readonly notes: readonly string[];
  /** Lets the incident happen; resolves when its last event has. */
  play(): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: PreparedIncident = { canaries: [], play: async () => {}, release: async () => {} };

/** The recorded story begins this long after staging, so that the agent has seen the quiet state first. */
const PRELUDE_MS = 5_000;
const SPEED = 4;

export async function stage(options: StageOptions): Promise<Stage> {
  const step = options.step ?? (() => {});
  const closers: (() => Promise<void>)[] = [];
  const startsAt = new Date(Date.now() + PRELUDE_MS);
  try {
    const database = await stageDatabase(options, step, closers);
    const cluster = await stageCluster(options, startsAt, step, closers);
    step('serving a recorded GitHub repository');
    const github = await startGitHubApi({ rebaseTo: startsAt });
    closers.push(() => github.close());
    const repository = {
      id: 'code',
      connector: 'github',
      config: { token: { env: 'DEMO_GITHUB_TOKEN' }, repositories: ['acme/shop'], baseUrl: github.url },
    };
    const config = await writeConfig(options.directory, [
      database.connection,
      cluster.connection,
      repository,
    ]);
    return {
      config,
      env: { ...database.env, DEMO_GITHUB_TOKEN: GITHUB_TOKEN },
      canaries: [...database.incident.canaries, ...cluster.canaries, ...GITHUB_CANARIES],
      notes: [...database.notes, ...cluster.notes, 'GitHub is a recorded repository, its times moved to now'],
      play: async () => {
        await Promise.all([database.incident.play(), cluster.play()]);
      },
      close: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

interface Connection {
  readonly id: string;
  readonly connector: string;
  readonly config: Readonly<Record<string, unknown>>;
}

async function stageDatabase(
  { dsn }: StageOptions,
  step: (text: string) => void,
  closers: (() => Promise<void>)[],
) {
  const connection: Connection = {
    id: 'orders-db',
    connector: 'postgresql',
    config: { dsn: { env: 'DEMO_DSN' } },
  };
  if (dsn !== undefined) {
    return {
      connection,
      env: { DEMO_DSN: dsn },
      incident: NOTHING,
      notes: ['the database is yours: nothing is staged in it'],
    };
  }
  step('starting PostgreSQL 18');
  const server = await startPostgres({ settings: { max_connections: '30' } });
  closers.push(() => server.stop());
  const incident = await prepareIncident(server);
  closers.push(() => incident.release());
  const notes = ['PostgreSQL is a real server of its own, its strain is real'];
  return { connection, env: { DEMO_DSN: incident.dsn }, incident, notes };
}

async function stageCluster(
  { kubeconfig, scenario = 'oom-after-limit-cut' }: StageOptions,
  startsAt: Date,
  step: (text: string) => void,
  closers: (() => Promise<void>)[],
) {
  if (kubeconfig !== undefined) {
    const connection: Connection = {
      id: 'prod',
      connector: 'kubernetes',
      config: { kubeconfigFile: kubeconfig },
    };
    return {
      connection,
      canaries: [],
      play: async () => {},
      notes: ['the cluster is yours: nothing is staged in it'],
    };
  }
  step(`playing the recorded Kubernetes scenario "${scenario}"`);
  const recording = loadRecording(scenario, startsAt);
  const api = await startKubeApi({ recording });
  closers.push(() => api.close());
  const connection: Connection = { id: 'prod', connector: 'kubernetes', config: { server: api.url } };
  return {
    connection,
    canaries: recording.truth.canaries,
    play: () => api.play({ speed: SPEED }),
    notes: [`Kubernetes is a recording of a real API server ("${scenario}"), its times moved to now`],
  };
}

async function writeConfig(directory: string, connections: readonly Connection[]): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'agent.yaml');
  const config = {
    apiVersion: 'exhibit/v1',
    kind: 'Agent',
    tenant: 'demo',
    dataDir: 'data',
    api: { listen: '127.0.0.1:0', token: { env: 'DEMO_API_TOKEN' } },
    log: { level: 'warn' },
    connections,
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}
