import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { AgentError } from '../errors.ts';
import type { ApiEnv } from './deps.ts';

export interface ServeOptions {
  /** Default: 127.0.0.1. Anything else needs a proxy in front that ends TLS. */
  readonly host?: string;
  /** 0 for any free one. */
  readonly port: number;
}

export interface ApiServer {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Takes no more requests, lets those under way finish, and cuts them off after `graceMs`. Safe twice. */
  close(graceMs?: number): Promise<void>;
}

/** A client that trickles its header keeps a socket no longer than this. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 5_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 512;
const GRACE_MS = 10_000;

/** Listens. Throws AgentError LISTEN. */
export async function serveApi(
  app: Hono<ApiEnv>,
  { host = '127.0.0.1', port }: ServeOptions,
): Promise<ApiServer> {
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (incoming, outgoing) => {
      // A connection kept alive would hold up closing until its client lets go of it.
      outgoing.once('close', () => {
        if (closing !== undefined) server.closeIdleConnections();
      });
      void listener(incoming, outgoing);
    },
  );
  let closing: Promise<void> | undefined;
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const hint = 'Choose another api.listen, or stop what listens there.';
      reject(new AgentError('LISTEN', `can not listen on ${host}:${port}`, { hint, cause }));
    });
    server.listen(port, host, resolve);
  });
  return {
    url: urlOf(server.address() as AddressInfo),
    close: (graceMs = GRACE_MS) => {
      closing ??= new Promise<void>((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      });
      return closing;
    },
  };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
