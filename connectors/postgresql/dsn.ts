import { isIP } from 'node:net';
import { ConnectorError } from '../sdk/index.ts';

export type SslMode = 'disable' | 'require' | 'verify-full';

export interface Target {
  /** Host name, address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: SslMode;
}

const HINT =
  'Write it as postgresql://user:password@host:port/database, reserved characters percent-encoded.';

/**
 * Takes a connection URI apart (PostgreSQL manual, 32.1.1.2). Everything must be in it: nothing is taken from the
 * environment, so that the agent can not be pointed elsewhere by a stray PGHOST. Throws CONFIG and never quotes it.
 */
export function parseDsn(dsn: string): Target {
  const url = parsed(dsn);
  const socket = url.searchParams.get('host');
  const host = socket ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const user = decode(url.username);
  const database = decode(url.pathname.slice(1));
  if (host === '' || user === '' || database === '')
    throw broken('the DSN lacks a host, a user or a database');
  for (const name of url.searchParams.keys()) {
    if (name !== 'host' && name !== 'sslmode') {
      throw broken(
        'the DSN has a parameter other than host and sslmode; set timeouts and TLS in the config instead',
      );
    }
  }
  return {
    host,
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    password: decode(url.password),
    database,
    ssl: sslMode(url.searchParams.get('sslmode'), host),
  };
}

function parsed(dsn: string): URL {
  // The authority may be empty before a socket directory (`postgresql://user@/db?host=/run`), which URL refuses.
  const url = URL.parse(dsn.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)\//, '$1localhost/'));
  if (url === null || !['postgresql:', 'postgres:'].includes(url.protocol))
    throw broken('the DSN is not a PostgreSQL URI');
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw broken('the DSN has a % that is not followed by two hexadecimal digits');
  }
}

function sslMode(mode: string | null, host: string): SslMode {
  if (mode === null) return isLocal(host) ? 'disable' : 'verify-full';
  if (mode === 'verify-ca') return 'verify-full';
  if (mode === 'disable' || mode === 'require' || mode === 'verify-full') return mode;
  throw broken('sslmode allow and prefer can be talked out of TLS: use disable, require or verify-full');
}

/** A socket or a loopback address: what goes there leaves the host for no network. */
export function isLocal(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

function broken(message: string): ConnectorError {
  return new ConnectorError('CONFIG', message, { hint: HINT });
}
