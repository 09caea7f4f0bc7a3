import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { startPostgres } from './postgres.ts';
import { postgresVersion } from './postgres-binaries.ts';
import { containersRun, hasTestcontainers } from './postgres-container.ts';

/** testcontainers itself against a played engine, behind whose mapped port a real server runs. */

const IMAGE = 'example.test/flavours/postgres:9-own';
const INSTALLED = hasTestcontainers();
if (!INSTALLED)
  process.stderr.write('servers from images are left out: run npm ci --prefix test/postgres-matrix\n');

describe.skipIf(!INSTALLED)('a server from an image', () => {
  let engine: DockerEngine;
  let version: number;
  beforeAll(async () => {
    version = postgresVersion();
    engine = await startDockerEngine({ image: IMAGE, version, preloads: 'auto_explain' });
    // The reaper is a container of its own, which nothing here could run.
    for (const [name, value] of Object.entries({
      DOCKER_HOST: engine.host,
      TESTCONTAINERS_RYUK_DISABLED: 'true',
      TESTCONTAINERS_HOST_OVERRIDE: 'localhost',
      EXHIBIT_TEST_POSTGRESQL_IMAGE: IMAGE,
    }))
      vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await engine?.close();
  });

  it('is found, pulled and set up as asked, keeps what the image preloads, and is removed', async () => {
    expect(await containersRun()).toBe(true);
    const server = await startPostgres({ settings: { max_connections: '17', work_mem: '3MB' } });
    const client = await server.superuser();
    const names = [
      'shared_preload_libraries',
      'max_connections',
      'work_mem',
      'fsync',
      'TimeZone',
      'lc_messages',
    ];
    const { rows } = await client.query<{ name: string; setting: string; source: string }>(
      'SELECT name, setting, source FROM pg_settings WHERE name = ANY($1)',
      [names],
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      shared_preload_libraries: 'auto_explain,pg_stat_statements',
      max_connections: '17',
      work_mem: '3072',
      fsync: 'off',
      TimeZone: 'UTC',
      lc_messages: 'C',
    });
    // From a file, so that ALTER SYSTEM still has the last word.
    expect(new Set(rows.map(({ source }) => source))).toEqual(new Set(['configuration file']));
    expect(server.version).toBe(version);
    expect(engine.containers()).toBe(1);

    await server.stop();
    expect(engine.containers()).toBe(0);
    await expect(server.superuser()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(engine.calls).toEqual(expect.arrayContaining(['POST /images/create', 'POST /containers/create']));
  });

  it('that does not run scripts is refused, and its container removed', async () => {
    engine.ignoreScripts();
    await expect(startPostgres()).rejects.toThrow(`${IMAGE} does not run what lies in`);
    expect(engine.containers()).toBe(0);
  });

  it('takes no files, because nobody reaches its data directory', async () => {
    await expect(startPostgres({ files: { 'pg_hba.conf': '' } })).rejects.toThrow('is out of reach');
  });
});

describe('the matrix, asked for an image', () => {
  const engineHere = existsSync('/var/run/docker.sock');
  if (engineHere) process.stderr.write('left out: what is said without Docker, because it runs here\n');

  it.skipIf(engineHere || !INSTALLED)('says that Docker is missing, and has an exit code for it', () => {
    const { status, stdout, stderr } = matrix('image:postgres:17-alpine');
    expect({ status, stdout }).toEqual({ status: 69, stdout: '' });
    expect(stderr).toMatch(/Docker does not answer.*postgres:17-alpine.*DOCKER_HOST/);
  });

  it.each(['13', 'image:', 'postgres:17'])('does not take %s for a server', (word) => {
    const { status, stderr } = matrix(word);
    expect(status).toBe(2);
    expect(stderr).toContain('image:postgres:17-alpine');
  });
});

function matrix(...args: readonly string[]) {
  const program = fileURLToPath(new URL('../../tools/postgres-matrix.ts', import.meta.url));
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}
