import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import pg from 'pg';
import { ConnectorError } from '../sdk/index.ts';
import type { TlsState } from './catalog.ts';
import type { PostgresqlConfig } from './config.ts';
import { isLocal, type Target } from './dsn.ts';

export const APPLICATION_NAME = 'exhibit';

/** How often the bytes received are looked at while a query runs. */
const WATCH_MS = 20;

type TlsConfig = Pick<PostgresqlConfig, 'ssl' | 'caFile' | 'certFile' | 'keyFile'>;

/** What is known of a connection before anything is asked over it. */
export function tlsStateOf(target: Target, config: TlsConfig): TlsState {
  const mode = config.ssl ?? target.ssl;
  if (mode === 'disable') return 'none';
  return mode === 'require' ? 'unverified' : 'verified';
}

/**
 * Logs in over that socket. Nothing but what is handed in is looked at: no environment, no password file. Certificates
 * are read anew, so that the next login takes those that have been put in their place.
 */
export async function connect(target: Target, config: TlsConfig, socket: Socket): Promise<pg.Client> {
  const tls = tlsStateOf(target, config);
  let refused: ConnectorError | undefined;
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    // A function, so that neither PGPASSWORD nor a password file is ever looked at.
    password: () => {
      if (refused !== undefined) throw refused;
      return target.password;
    },
    application_name: APPLICATION_NAME,
    stream: () => socket,
    keepAlive: true,
    ssl: await tlsOptions(tls, config),
    enableChannelBinding: tls !== 'none',
    types: { getTypeParser: () => String },
  });
  // Without a listener a lost connection would end the process; the query that notices reports it.
  client.on('error', () => undefined);
  onWeakAuthentication(client, target, tls, (error) => {
    refused = error;
  });
  await client.connect();
  return client;
}

/**
 * The server chooses how the password is sent. One that can not be told from an impostor gets it by SCRAM only, which
 * shows it to nobody (RFC 5802); what it asks for is heard before the password is taken.
 */
function onWeakAuthentication(
  client: pg.Client,
  { host }: Target,
  tls: TlsState,
  refuse: (error: ConnectorError) => void,
): void {
  if (tls === 'verified') return;
  // Not part of the types of `pg`, and there since its first version.
  const { connection } = client as pg.Client & { readonly connection: EventEmitter };
  const refusal = (how: string): ConnectorError =>
    new ConnectorError(
      'CONFIG',
      `the server asks for the password ${how}, on a connection that is not verified`,
      {
        hint:
          'Set password_encryption (of a PgBouncer auth_type) to scram-sha-256 and the password anew, or use TLS with ' +
          'verify-full.',
      },
    );
  connection.prependListener('authenticationCleartextPassword', () => {
    if (!host.startsWith('/')) refuse(refusal('in clear text'));
  });
  connection.prependListener('authenticationMD5Password', () => {
    if (!isLocal(host)) refuse(refusal('as an MD5 digest'));
  });
}

interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

async function tlsOptions(tls: TlsState, config: TlsConfig): Promise<false | TlsOptions> {
  if (tls === 'none') return false;
  return {
    rejectUnauthorized: tls === 'verified',
    ...(config.caFile === undefined ? {} : { ca: await pem('caFile', config.caFile) }),
    ...(config.certFile === undefined ? {} : { cert: await pem('certFile', config.certFile) }),
    ...(config.keyFile === undefined ? {} : { key: await pem('keyFile', config.keyFile) }),
  };
}

async function pem(field: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConnectorError('CONFIG', `${field} can not be read`, {
      hint: 'Check path and permissions.',
      cause: error,
    });
  }
}

export interface Watch {
  /** Why the socket was closed, if it was. */
  reason(): ConnectorError | undefined;
  received(): number;
  release(): void;
}

/** Closes the socket under a server that says nothing for too long, or too much. Nothing else ends a half-open TCP connection. */
export function guard(
  socket: Socket,
  limits: { readonly deadlineMs: number; readonly bytes: number },
): Watch {
  const start = socket.bytesRead;
  let reason: ConnectorError | undefined;
  const received = (): number => socket.bytesRead - start;
  const cut = (error: ConnectorError): void => {
    reason ??= error;
    socket.destroy();
  };
  const timer = setTimeout(() => {
    cut(
      new ConnectorError('TIMEOUT', 'the server stopped answering and the connection was closed', {
        hint: 'Look for a lost network path, a frozen host, or a lock on a system catalog.',
      }),
    );
  }, limits.deadlineMs);
  const sampler = setInterval(() => {
    if (received() <= limits.bytes) return;
    cut(
      new ConnectorError('BUDGET', 'the answer was larger than the budget and the connection was closed', {
        hint: 'Raise budget.bytes of this read in the policy.',
      }),
    );
  }, WATCH_MS);
  return {
    reason: () => reason,
    received,
    release: () => {
      clearTimeout(timer);
      clearInterval(sampler);
    },
  };
}

/** Lets the caller go when the signal aborts; the work goes on to its own end. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(
      new ConnectorError('TIMEOUT', 'the read was given up before the server answered', {
        hint: 'Raise budget.duration of this read, or look at what slows the server down.',
        cause: signal.reason,
      }),
    );
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
