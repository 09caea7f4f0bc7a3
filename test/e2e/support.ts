import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { keyPathsIn } from '../../agent/config/key-places.ts';
import { publicKeyPath } from '../../agent/secrets/key-swap.ts';
import { makeMissingKeys } from '../../agent/secrets/keys.ts';

/** An agent as an operator has it: a folder with a config, and the program as a process of its own. */

const MAIN = fileURLToPath(new URL('../../agent/main.ts', import.meta.url));

/** Of every agent started here; may itself appear nowhere. */
export const API_TOKEN = 'e2e-bearer-token-Xw93kQz7';

export interface AgentFolder {
  readonly directory: string;
  readonly config: string;
  readonly dataDir: string;
  readonly publicKey: string;
  readonly publicKeyPem: string;
  /** What the config's secret references need. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export interface AgentFolderOptions {
  readonly connections: readonly object[];
  readonly env?: Readonly<Record<string, string>>;
  /** Presets, or policies as data; written beside the config. */
  readonly policy?: readonly (string | object)[];
  /** Merged over the top level of the config. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export async function makeAgentFolder(options: AgentFolderOptions): Promise<AgentFolder> {
  const directory = await makeEmptyFolder();
  const policy: string[] = [];
  for (const [index, layer] of (options.policy ?? ['standard']).entries()) {
    const name = typeof layer === 'string' ? layer : `policy-${index}.yaml`;
    if (typeof layer !== 'string') await writeFile(join(directory, name), stringify(layer));
    policy.push(name);
  }
  const config = join(directory, 'agent.yaml');
  const document = {
    apiVersion: 'exhibit/v1',
    kind: 'Agent',
    tenant: 'e2e',
    dataDir: 'data',
    api: { listen: '127.0.0.1:0', token: { env: 'E2E_API_TOKEN' } },
    log: { level: 'debug' },
    policy,
    connections: options.connections,
    ...options.config,
  };
  await writeFile(config, stringify(document), { mode: 0o600 });
  return openAgentFolder(directory, config, { E2E_API_TOKEN: API_TOKEN, ...options.env });
}

export function makeEmptyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'exhibit-e2e-'));
}

/** A folder that has its config already; makes the keys. */
export async function openAgentFolder(
  directory: string,
  config: string,
  env: Readonly<Record<string, string>>,
): Promise<AgentFolder> {
  const dataDir = join(directory, 'data');
  const keys = keyPathsIn(join(dataDir, 'keys'));
  await makeMissingKeys(keys);
  const publicKey = publicKeyPath(keys.signingKey);
  return {
    directory,
    config,
    dataDir,
    publicKey,
    publicKeyPem: await readFile(publicKey, 'utf8'),
    env,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface AgentProcess {
  /** Resolves when the API listens; fails with what was printed when the process ends before. */
  readonly url: Promise<string>;
  readonly exited: Promise<Exit>;
  /** Everything on standard output and standard error so far. */
  output(): string;
  /** Sends a signal and resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
}

/** `exhibit run`, as a child process. Whoever starts it ends it. */
export function startAgentProcess(folder: AgentFolder): AgentProcess {
  const child = spawnExhibit(['run', '-c', folder.config], folder.env);
  const output = collectOutput(child);
  const exited = exitOf(child);
  const url = listening(child, output, exited);
  url.catch(() => undefined);
  return {
    url,
    exited,
    output,
    signal: (signal) => void child.kill(signal),
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export async function runExhibit(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = spawnExhibit(args, env);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return { ...(await exitOf(child)), stdout: stdout(), stderr: stderr() };
}

/**
 * Waits until `condition` holds and says whether it did in time: whoever calls asserts on what it waited for. The limit
 * is for what hangs, not for how fast a machine is.
 */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await condition()) return true;
    await sleep(20);
  }
  return condition();
}

/** Pseudorandom numbers in [0, 1) that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function spawnExhibit(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function collectOutput(child: ChildProcess): () => string {
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return () => `${stdout()}\n${stderr()}`;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** 'close' rather than 'exit': by then everything that was printed has arrived. */
function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function listening(child: ChildProcess, output: () => string, exited: Promise<Exit>): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      const url = /listening on (http:\S+)/.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    });
    void exited.then(({ code, signal }) =>
      reject(new Error(`the agent ended (${code ?? signal}): ${output()}`)),
    );
  });
}
