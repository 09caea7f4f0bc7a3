import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Whether certificates can be made here. */
export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
}

/** An authority made for one test, and what it has signed. Elliptic keys, because they are made at once. */
export interface Authority {
  readonly directory: string;
  readonly caFile: string;
  /** Paths of a certificate for that name and of its key. `host` goes into the names it is good for. */
  issue(name: string, host?: string): Promise<{ readonly certFile: string; readonly keyFile: string }>;
  remove(): Promise<void>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export async function makeAuthority(): Promise<Authority> {
  const directory = await mkdtemp(join(tmpdir(), 'exhibit-tls-'));
  const path = (name: string): string => join(directory, name);
  const openssl = async (...args: readonly string[]): Promise<void> => {
    await promisify(execFile)('openssl', args);
  };
  const [caFile, caKey] = [path('ca.pem'), path('ca.key')];
  await openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    caKey,
    '-out',
    caFile,
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  return {
    directory,
    caFile,
    async issue(name, host) {
      const [certFile, keyFile, request] = [path(`${name}.pem`), path(`${name}.key`), path(`${name}.csr`)];
      const names = host === undefined ? [] : ['-addext', `subjectAltName=${host}`];
      await openssl('req', ...KEY, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`, ...names);
      const signing = [
        '-CA',
        caFile,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-days',
        '2',
        '-copy_extensions',
        'copyall',
      ];
      await openssl('x509', '-req', '-in', request, '-out', certFile, ...signing);
      return { certFile, keyFile };
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Settings and files of a server that speaks TLS with that certificate. */
export async function tlsServerFiles(
  authority: Authority,
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
): Promise<Readonly<Record<'server.crt' | 'server.key' | 'ca.crt', string>>> {
  return {
    'server.crt': await readFile(certFile, 'utf8'),
    'server.key': await readFile(keyFile, 'utf8'),
    'ca.crt': await readFile(authority.caFile, 'utf8'),
  };
}
