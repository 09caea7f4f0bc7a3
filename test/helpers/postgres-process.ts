import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, type Binaries, unprivilegedAccount, usableBinaries } from './postgres-binaries.ts';

/** What a server runs with whose data directory is there already: `<directory>/data`. */
export interface Prepared {
  readonly version: number;
  readonly binaries: Binaries;
  readonly account: Account;
  readonly password: string;
}

export interface ServerProcess {
  readonly port: number;
  /** Fast shutdown; resolves when the processes are gone and the directory is removed. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 30_000;

/** Waits for its standard input to close, stops the server, removes the directory. $1 is the directory. */
const GUARDIAN = `
directory=$1; shift
exec 3<&0
"$@" </dev/null &
server=$!
( read -r _ <&3; kill -INT $server 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8; do kill -0 $server 2>/dev/null || exit 0; sleep 0.5; done
  kill -QUIT $server 2>/dev/null ) &
watcher=$!
exec 3<&-
wait $server; code=$?
kill $watcher 2>/dev/null
rm -rf -- "$directory"
exit $code
`;

/** A new cluster of that version in `<directory>/data`, with its settings as initdb leaves them. */
export async function makeCluster(directory: string, version: number, password: string): Promise<Prepared> {
  const account = await unprivilegedAccount();
  if (account.uid !== undefined && account.gid !== undefined)
    await chown(directory, account.uid, account.gid);
  const binaries = await usableBinaries(version, directory, account);
  await initialise(binaries, directory, password, account);
  return { version, binaries, account, password };
}

/** Starts the server on `<directory>/data`; whoever stops it removes the directory. */
export async function launchServer(
  directory: string,
  { binaries, account }: Prepared,
): Promise<ServerProcess> {
  const port = await freePort();
  const guardian = launch(binaries, directory, port, account);
  await untilReady(guardian);
  return {
    port,
    stop: async () => {
      guardian.stdin?.end();
      if (await exited(guardian, STOP_DEADLINE_MS)) return;
      throw new Error('PostgreSQL did not stop in time; its shell is still waiting for it');
    },
  };
}

/**
 * Lines for postgresql.conf. Settings go into the file and not onto the command line, which would overrule what ALTER
 * SYSTEM sets later.
 */
export function configLines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

async function initialise(
  binaries: Binaries,
  directory: string,
  password: string,
  account: Account,
): Promise<void> {
  const passwordFile = join(directory, 'password');
  await writePrivate(passwordFile, password, account);
  const flags = [`--pgdata=${join(directory, 'data')}`, '--username=postgres', `--pwfile=${passwordFile}`];
  flags.push('--auth=scram-sha-256', '--locale=C', '--encoding=UTF8', '--no-sync');
  await promisify(execFile)(binaries.initdb, flags, { ...account, cwd: '/', env: { LC_ALL: 'C' } });
}

export async function writePrivate(file: string, content: string, account: Account): Promise<void> {
  await writeFile(file, content, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(file, account.uid, account.gid);
}

function launch(binaries: Binaries, directory: string, port: number, account: Account): ChildProcess {
  const flags = ['-D', join(directory, 'data'), '-p', String(port), '-k', directory, '-h', '127.0.0.1'];
  return spawn('/bin/sh', ['-c', GUARDIAN, 'exhibit-postgres', directory, binaries.postgres, ...flags], {
    ...account,
    cwd: '/',
    // A session of its own: Ctrl-C reaches us, and the server is then stopped in order through the pipe.
    detached: true,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

async function untilReady(guardian: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  const timer = setTimeout(
    () => reject(new Error(`PostgreSQL did not start in time: ${said}`)),
    START_DEADLINE_MS,
  );
  guardian.stderr?.setEncoding('utf8');
  guardian.stderr?.on('data', (chunk: string) => {
    said = `${said}${chunk}`.slice(-4_000);
    // A server that collects its log in files says no more than this here, and may need a moment longer.
    if (/ready to accept (read-only )?connections|redirecting log output/.test(said)) resolve();
  });
  guardian.once('error', reject);
  guardian.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${String(code)}: ${said}`)));
  try {
    await promise;
  } catch (error) {
    guardian.stdin?.end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // The log keeps flowing into the void, and neither pipe keeps a finished script waiting.
  guardian.unref();
  for (const stream of [guardian.stdin, guardian.stderr]) unrefStream(stream);
}

function unrefStream(stream: object | null): void {
  if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
}

async function exited(child: ChildProcess, withinMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), withinMs);
  child.ref();
  child.once('exit', () => resolve(true));
  const ended = await promise;
  clearTimeout(timer);
  return ended;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  probe.once('error', reject);
  probe.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  const closed = Promise.withResolvers<void>();
  probe.close(() => closed.resolve());
  await closed.promise;
  return address.port;
}
