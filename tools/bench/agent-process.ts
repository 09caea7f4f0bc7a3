import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../agent/main.ts', import.meta.url));
const TOKEN = 'bench-token-that-protects-nothing';

/** `exhibit run` as a process of its own, with connections whose sources are not there. */
export interface AgentProcess {
  readonly url: string;
  readonly token: string;
  /** Resident memory in MiB. */
  residentMiB(): Promise<number>;
  stop(): Promise<void>;
}

const CONNECTIONS = {
  postgresql: '{ id: db, connector: postgresql, config: { dsn: { env: BENCH_DSN } } }',
  kubernetes: '{ id: prod, connector: kubernetes, config: { server: "http://127.0.0.1:1" } }',
  github:
    '{ id: code, connector: github, config: { token: { env: BENCH_TOKEN }, repositories: [a/b], baseUrl: "http://127.0.0.1:1" } }',
} as const;

export async function writeBenchConfig(
  directory: string,
  connections: readonly (keyof typeof CONNECTIONS)[],
): Promise<string> {
  await mkdir(join(directory, 'data', 'keys'), { recursive: true });
  const file = join(directory, 'agent.yaml');
  await writeFile(
    file,
    `apiVersion: exhibit/v1
kind: Agent
tenant: bench
dataDir: data
api: { listen: "127.0.0.1:0", token: { env: BENCH_TOKEN }, rate: { perSecond: 100000, burst: 100000 } }
log: { level: silent }
connections:
${connections.map((connection) => `  - ${CONNECTIONS[connection]}`).join('\n')}
`,
  );
  return file;
}

export async function startAgentProcess(config: string): Promise<AgentProcess> {
  const env = { ...process.env, BENCH_TOKEN: TOKEN, BENCH_DSN: 'postgresql://nobody@127.0.0.1:1/none' };
  await finished(
    spawn(process.execPath, [MAIN, 'keys', 'generate', '--dir', join(dirname(config), 'data', 'keys')], {
      env,
      stdio: 'ignore',
    }),
  );
  const child = spawn(process.execPath, [MAIN, 'run', '-c', config, '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstUrl(child);
  return {
    url,
    token: TOKEN,
    async residentMiB() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
    },
    async stop() {
      child.kill('SIGTERM');
      await finished(child);
    },
  };
}

async function firstUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the agent has no output');
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said += line;
    const url = /"url":\s*"([^"]+)"/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the agent ended before it listened');
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
