import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { POSTGRES_VERSIONS } from '../test/helpers/postgres.ts';

/**
 * Runs the integration tests of the PostgreSQL connector once on each major version, or on those given as arguments
 * (`npm run test:postgres-matrix -- 14 16`). Installs the servers first where they are not there yet.
 */
interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const FOLDER = fileURLToPath(new URL('../test/postgres-matrix/', import.meta.url));
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const wanted = process.argv.slice(2);
const versions = POSTGRES_VERSIONS.filter(
  (version) => wanted.length === 0 || wanted.includes(String(version)),
);
if (versions.length < wanted.length) throw new Error(`the versions are ${POSTGRES_VERSIONS.join(', ')}`);
if (!installed()) run('npm', ['ci', '--prefix', FOLDER], {});

console.log(
  spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0
    ? 'Docker answers, but servers come from npm alone so far'
    : 'Docker does not answer: all servers come from npm',
);
const failed: number[] = [];
for (const version of versions) {
  console.log(`\n── PostgreSQL ${version}`);
  const started = performance.now();
  // Reports come one test file at a time, so that a run of five stays readable; failures are shown in full.
  const args = ['vitest', 'run', '--project', 'integration', '--reporter', 'dot', 'connectors/postgresql'];
  const status = run('npx', args, { EXHIBIT_TEST_POSTGRESQL: String(version) });
  if (status !== 0) failed.push(version);
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`── PostgreSQL ${version}: ${status === 0 ? 'passed' : 'FAILED'} (${seconds} s)`);
}
console.log(
  failed.length === 0
    ? `\npassed on PostgreSQL ${versions.join(', ')}`
    : `\nfailed on PostgreSQL ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Whether every server of the manifest lies there in its version: installing anew would take them from under others. */
function installed(): boolean {
  const dependencies = Object.entries(manifest('package.json')?.dependencies ?? {});
  return dependencies.every(([name, spec]) =>
    spec.endsWith(`@${manifest(`node_modules/${name}/package.json`)?.version ?? 'none'}`),
  );
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
