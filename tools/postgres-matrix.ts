import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { POSTGRES_VERSIONS } from '../test/helpers/postgres.ts';
import { containersRun, startContainer } from '../test/helpers/postgres-container.ts';

/**
 * Runs the integration tests of the PostgreSQL connector once on each major version, or on those given as arguments
 * (`npm run test:postgres-matrix -- 14 16`), which come from npm. `image:<name>` is a server from an image, for versions
 * and flavours that npm does not have, and needs Docker (`-- image:timescale/timescaledb:latest-pg16`). Installs what it
 * needs first where it is not there yet.
 *
 * Exit codes: 0 passed, 1 failed, 2 an argument is wrong, 69 (EX_UNAVAILABLE of sysexits) images without Docker.
 */
interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One of both: a version from npm, or an image. */
interface Target {
  readonly title: string;
  readonly version?: number;
  readonly image?: string;
}

const FOLDER = fileURLToPath(new URL('../test/postgres-matrix/', import.meta.url));
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMAGE = 'image:';
const [FAILED, MISUSED, UNAVAILABLE] = [1, 2, 69];

/** What needs more of a server than its port. Single tests of this kind ask `isBeyondImages` for themselves. */
const BEYOND_IMAGES: Readonly<Record<string, string>> = {
  'connectors/postgresql/logs/catalogue.itest.ts': "reads the words in the server's own program",
  'connectors/postgresql/replication.itest.ts': "makes a standby from the server's files",
  'connectors/postgresql/session.itest.ts': 'puts certificates and pg_hba.conf into the data directory',
  'connectors/postgresql/standby-conflicts.itest.ts': "makes a standby from the server's files",
};
/** The helper for images is proved against a played engine, on a server from npm. */
const TESTS = ['connectors/postgresql', 'test/helpers/postgres-container'];

process.exitCode = await main(process.argv.slice(2));

async function main(wanted: readonly string[]): Promise<number> {
  const images = wanted.filter((word) => word.startsWith(IMAGE)).map((word) => word.slice(IMAGE.length));
  const numbers = wanted.filter((word) => !word.startsWith(IMAGE));
  const versions = POSTGRES_VERSIONS.filter(
    (version) => wanted.length === 0 || numbers.includes(String(version)),
  );
  if (images.includes('') || numbers.some((word) => !versions.map(String).includes(word))) {
    console.error(
      `an argument is one of ${POSTGRES_VERSIONS.join(', ')}, or ${IMAGE}<name>, as in ${IMAGE}postgres:17-alpine`,
    );
    return MISUSED;
  }
  if (!installed()) run('npm', ['ci', '--prefix', FOLDER], {});
  if (images.length > 0 && !(await containersRun())) {
    console.error(
      `Docker does not answer, so there is nothing to run ${images.join(', ')} with. Start it, or set DOCKER_HOST to an ` +
        `engine that speaks its API. PostgreSQL ${POSTGRES_VERSIONS.join(', ')} come from npm and need none.`,
    );
    return UNAVAILABLE;
  }
  return runOn([
    ...versions.map((version) => ({ title: `PostgreSQL ${version}`, version })),
    ...images.map((image) => ({ title: image, image })),
  ]);
}

async function runOn(targets: readonly Target[]): Promise<number> {
  const [passed, failed]: [string[], string[]] = [[], []];
  for (const target of targets) {
    const started = performance.now();
    console.log(`\n── ${target.title}`);
    const good = await passes(target);
    const seconds = Math.round((performance.now() - started) / 1_000);
    console.log(`── ${target.title}: ${good ? 'passed' : 'FAILED'} (${seconds} s)`);
    (good ? passed : failed).push(target.title);
  }
  console.log(failed.length === 0 ? `\npassed on ${passed.join(', ')}` : `\nfailed on ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : FAILED;
}

async function passes({ version, image }: Target): Promise<boolean> {
  if (image === undefined) return test(String(version), '', TESTS) === 0;
  try {
    return test(String(await versionOf(image)), image, withinImages()) === 0;
  } catch (error) {
    console.error(`${image} does not start:`, error);
    return false;
  }
}

/** The tests need to know it before they start the image for themselves. */
async function versionOf(image: string): Promise<number> {
  const password = randomBytes(12).toString('hex');
  const { version, stop } = await startContainer({ image, settings: { fsync: 'off' }, password });
  await stop();
  console.log(`is PostgreSQL ${version}`);
  return version;
}

function test(version: string, image: string, files: readonly string[]): number {
  // Reports come one test file at a time, so that a run of five stays readable; failures are shown in full.
  const args = ['vitest', 'run', '--project', 'integration', '--reporter', 'dot', ...files];
  return run('npx', args, { EXHIBIT_TEST_POSTGRESQL: version, EXHIBIT_TEST_POSTGRESQL_IMAGE: image });
}

function withinImages(): readonly string[] {
  for (const [file, why] of Object.entries(BEYOND_IMAGES)) console.log(`left out: ${file} ${why}`);
  const files = globSync('connectors/postgresql/**/*.itest.ts', { cwd: ROOT });
  return files.filter((file) => BEYOND_IMAGES[file] === undefined).toSorted();
}

/** Whether all that the manifest names lies there in its version: installing anew would take it from under others. */
function installed(): boolean {
  const { dependencies, devDependencies } = manifest('package.json') ?? {};
  return Object.entries({ ...dependencies, ...devDependencies }).every(([name, spec]) => {
    const found = manifest(`node_modules/${name}/package.json`)?.version;
    return found !== undefined && (spec === found || spec.endsWith(`@${found}`));
  });
}

function manifest(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as Manifest;
  } catch {
    return undefined;
  }
}

function run(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): number {
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}
