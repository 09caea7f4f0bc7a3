import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as a server of these tests sees it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** `undefined`: never answers. A number alone is a status without a body. */
export type Reply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | undefined;

export interface Service {
  readonly address: string;
  readonly port: number;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A server on loopback; with TLS when it is given a certificate and its key. */
export async function serve(
  answer: (asked: Asked) => Reply,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Service> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    void read(request).then((body) => {
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      asked.push(one);
      const reply = answer(one);
      if (reply === undefined) return;
      const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
      response.writeHead(reply.status, reply.headers).end(text);
    });
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** ECDSA over a digest that was made elsewhere, which node:crypto does not do. */
export function signDigest(digest: Uint8Array, keyFile: string): Buffer {
  const { status, stdout } = spawnSync('openssl', ['pkeyutl', '-sign', '-inkey', keyFile], { input: digest });
  if (status !== 0) throw new Error('openssl did not sign');
  return stdout;
}
