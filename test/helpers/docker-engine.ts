import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { launchServer, makeCluster, type ServerProcess } from './postgres-process.ts';

/**
 * As much of the Docker Engine API (https://docs.docker.com/reference/api/engine/) as one database container needs, on
 * a Unix socket, for machines without Docker. Its one image keeps to the rules of PostgreSQL's official one, and what
 * runs in its containers is a real server from npm.
 */
export interface DockerEngine {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Method and path of every call, in order. */
  readonly calls: readonly string[];
  /** Containers that were made and not removed. */
  containers(): number;
  /** From now on the image does not run what lies in /docker-entrypoint-initdb.d. */
  ignoreScripts(): void;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly image: string;
  /** Of the server in the image. */
  readonly version: number;
  /** What the image preloads by itself. */
  readonly preloads?: string;
}

interface FakeContainer {
  readonly environment: ReadonlyMap<string, string>;
  readonly directory: string;
  readonly labels: Readonly<Record<string, string>>;
  server?: ServerProcess;
}

interface CreateBody {
  readonly Image: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, object>>;
}

const SCRIPTS = 'files/docker-entrypoint-initdb.d';
const LOG = 'LOG:  database system is ready to accept connections\n';

export async function startDockerEngine(options: EngineOptions): Promise<DockerEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-engine-'));
  await chmod(directory, 0o755);
  const engine = new Engine(directory, options);
  const server = createServer((request, response) => {
    engine.answer(request, response).catch((error: unknown) => {
      reply(response, 500, { message: error instanceof Error ? error.message : 'it failed' });
    });
  });
  const socket = join(directory, 'docker.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    calls: engine.calls,
    containers: () => engine.containers.size,
    ignoreScripts: () => {
      engine.runsScripts = false;
    },
    close: async () => {
      for (const id of engine.containers.keys()) await engine.remove(id);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

class Engine {
  readonly calls: string[] = [];
  readonly containers = new Map<string, FakeContainer>();
  runsScripts = true;
  readonly #directory: string;
  readonly #options: EngineOptions;
  #pulled = false;

  constructor(directory: string, options: EngineOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const path = decodeURIComponent(url.pathname).replace(/^\/v1\.\d+/, '');
    this.calls.push(`${request.method ?? ''} ${path}`);
    const [, kind, id = '', verb = ''] = /^\/(\w+)(?:\/([^/]+))?(?:\/(\w+))?$/.exec(path) ?? [];
    if (kind === 'info') return reply(response, 200, { ServerVersion: '28.2.2', OSType: 'linux' });
    if (path.startsWith('/images/')) return this.#image(request, path, url, response);
    if (path === '/containers/json') return reply(response, 200, []);
    if (path === '/containers/create') return reply(response, 201, await this.#create(request));
    const container = this.containers.get(id);
    if (kind !== 'containers' || container === undefined)
      return reply(response, 404, { message: `no such thing: ${path}` });
    if (verb === 'archive') return reply(response, 200, await unpack(request, container, url));
    if (verb === 'start') return reply(response, 204, await this.#start(container));
    if (verb === 'json') return reply(response, 200, inspect(id, container));
    if (verb === 'logs') return log(response);
    if (verb === 'stop') return reply(response, 204, await container.server?.stop());
    if (verb === '' && request.method === 'DELETE') return reply(response, 204, await this.remove(id));
    return reply(response, 501, { message: `not played: ${path}` });
  }

  async remove(id: string): Promise<void> {
    const container = this.containers.get(id);
    this.containers.delete(id);
    if (container === undefined) return;
    await container.server?.stop();
    await rm(container.directory, { recursive: true, force: true });
  }

  #image(request: IncomingMessage, path: string, url: URL, response: ServerResponse): void {
    const { image } = this.#options;
    if (request.method === 'POST' && path === '/images/create') {
      const wanted = `${url.searchParams.get('fromImage') ?? ''}:${url.searchParams.get('tag') ?? ''}`;
      if (wanted !== image && url.searchParams.get('fromImage') !== image)
        return reply(response, 404, { message: 'manifest unknown' });
      this.#pulled = true;
      return reply(response, 200, { status: 'Pulled' });
    }
    if (this.#pulled && path === `/images/${image}/json`) return reply(response, 200, { Id: 'sha256:1' });
    return reply(response, 404, { message: `No such image: ${path}` });
  }

  async #create(request: IncomingMessage): Promise<{ Id: string; Warnings: readonly string[] }> {
    const { Image, Env, Labels, ExposedPorts } = JSON.parse((await bodyOf(request)).toString()) as CreateBody;
    if (Image !== this.#options.image || !('5432/tcp' in ExposedPorts)) throw new Error('not this image');
    const directory = await mkdtemp(join(this.#directory, 'container-'));
    const environment = new Map(
      Env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    const id = randomBytes(32).toString('hex');
    this.containers.set(id, { environment, directory, labels: Labels });
    return { Id: id, Warnings: [] };
  }

  /** What the entrypoint of the official image does: a cluster, the scripts, the server. */
  async #start(container: FakeContainer): Promise<void> {
    const { version, preloads = '' } = this.#options;
    const password = container.environment.get('POSTGRES_PASSWORD') ?? '';
    const prepared = await makeCluster(container.directory, version, password);
    const data = join(container.directory, 'data');
    const script = join(container.directory, SCRIPTS, 'zz-exhibit.sh');
    const program = `printf "shared_preload_libraries = '%s'\n" "$1" >> "$PGDATA/postgresql.conf"; ${this.runsScripts ? '. "$2"' : ''}`;
    const { status, stderr } = spawnSync('/bin/sh', ['-ec', program, 'entrypoint', preloads, script], {
      ...prepared.account,
      cwd: '/',
      env: { PGDATA: data, PATH: `${dirname(prepared.binaries.postgres)}:/usr/bin:/bin` },
    });
    if (status !== 0) throw new Error(`the script failed: ${stderr.toString()}`);
    container.server = await launchServer(container.directory, prepared);
  }
}

async function unpack(request: IncomingMessage, { directory }: FakeContainer, url: URL): Promise<void> {
  if (url.searchParams.get('path') !== '/') throw new Error('unpacked elsewhere');
  const target = join(directory, 'files');
  await mkdir(target);
  const tar = spawn('tar', ['-x', '-C', target], { stdio: ['pipe', 'ignore', 'inherit'] });
  tar.stdin.end(await bodyOf(request));
  const code = await new Promise((resolve) => tar.once('close', resolve));
  if (code !== 0) throw new Error('the archive can not be read');
}

function inspect(id: string, { server, labels }: FakeContainer): object {
  const ports = server === undefined ? null : [{ HostIp: '0.0.0.0', HostPort: String(server.port) }];
  return {
    Id: id,
    Name: '/exhibit',
    Config: { Hostname: 'exhibit', Labels: labels },
    State: {
      Status: 'running',
      Running: true,
      StartedAt: new Date().toISOString(),
      FinishedAt: '0001-01-01T00:00:00Z',
    },
    HostConfig: { PortBindings: { '5432/tcp': [{ HostIp: '', HostPort: '' }] } },
    NetworkSettings: { Ports: { '5432/tcp': ports }, Networks: {} },
  };
}

/** Frames of eight bytes and their payload; the server says that it is ready once for the scripts and once for good. */
function log(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/vnd.docker.multiplexed-stream' });
  for (const line of [LOG, LOG]) {
    const header = Buffer.alloc(8);
    header.writeUInt8(2, 0);
    header.writeUInt32BE(line.length, 4);
    response.write(Buffer.concat([header, Buffer.from(line)]));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
