import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SqliteLog } from '../../store/sqlite-log.ts';
import { parseTilePath, tileWidth } from '../tiles.ts';

/** Bytes of a resource, or null when there is none. */
export type Serve = (path: string) => Promise<Uint8Array | string | null>;

/** What an honest log serves; with a size, what it served when it had that size. */
export function served(log: SqliteLog, atSize?: number): Serve {
  return async (path) => {
    const size = atSize ?? (await log.size());
    if (path === 'checkpoint') return log.checkpoint(size);
    const address = parseTilePath(path);
    if (address === null) return null;
    const { level, index, width } = address;
    if (width > tileWidth(level === 'entries' ? 0 : level, index, size)) return null;
    return level === 'entries' ? log.entries(index, width) : log.tile(level, index, width);
  };
}

export class LogServer {
  serve: Serve;
  /** Takes a request over from `serve` when it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  readonly requests: { readonly path: string; readonly authorization: string | undefined }[] = [];
  readonly #server = createServer((request, response) => this.#answer(request, response));

  constructor(serve: Serve) {
    this.serve = serve;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/log`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/^\/log\//, '');
    this.requests.push({ path, authorization: request.headers.authorization });
    if (this.intercept(request, response)) return;
    void this.serve(path).then((body) => {
      response.writeHead(body === null ? 404 : 200);
      response.end(body ?? 'not found');
    });
  }
}
