import { type LogFault, LogFinding, type LogSource } from './audit.ts';
import { HASH_BYTES, TILE_WIDTH, type TileAddress, tilePath } from './tiles.ts';

/** A log that is read over HTTP, as c2sp.org/tlog-tiles lays it out. Trusts nothing that it reads. */

const MAX_NOTE = 64 * 1024;
/** 256 entries of at most 65,535 bytes behind two bytes each. */
const MAX_BUNDLE = TILE_WIDTH * (2 + 0xffff);
const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_WAITS = 5;
const MAX_WAIT_MS = 30_000;

export interface HttpLogOptions {
  /** What `/checkpoint` and `/tile/…` are below. */
  readonly url: URL;
  /** Bearer token; sent to this origin only. */
  readonly token?: string;
  /** For one request, from connecting to the last byte. */
  readonly timeoutMs?: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Every failure is a LogFinding: `server`, or `gap` and `tiles` for what a log has to have and does not. */
export function httpLog(options: HttpLogOptions): LogSource {
  return {
    async checkpoint() {
      const note = await fetchBytes(options, 'checkpoint', MAX_NOTE);
      if (note === null)
        throw server('the server has no checkpoint', 'Give the prefix of a log, such as https://host/log.');
      return Buffer.from(note).toString();
    },
    async tile(level, index, width) {
      const bytes = await fetchResource(options, { level, index, width }, TILE_WIDTH * HASH_BYTES);
      if (bytes === null) throw absent('tiles', { level, index, width });
      return bytes.subarray(0, width * HASH_BYTES);
    },
    async entries(index, width) {
      const address = { level: 'entries', index, width } as const;
      const bytes = await fetchBytes(options, tilePath(address), MAX_BUNDLE);
      if (bytes !== null) return bytes;
      const full = await fetchFull(options, address, MAX_BUNDLE);
      if (full === null) throw absent('gap', address);
      return firstEntries(full, width);
    },
  };
}

/** A partial tile may be gone when the full one is there; the full one then begins with it. */
async function fetchResource(
  options: HttpLogOptions,
  address: TileAddress,
  limit: number,
): Promise<Uint8Array | null> {
  return (await fetchBytes(options, tilePath(address), limit)) ?? fetchFull(options, address, limit);
}

async function fetchFull(
  options: HttpLogOptions,
  address: TileAddress,
  limit: number,
): Promise<Uint8Array | null> {
  if (address.width === TILE_WIDTH) return null;
  return fetchBytes(options, tilePath({ ...address, width: TILE_WIDTH }), limit);
}

/** Null when the server says that there is no such resource. */
async function fetchBytes(options: HttpLogOptions, path: string, limit: number): Promise<Uint8Array | null> {
  for (let waits = 0; ; waits += 1) {
    const response = await request(options, path);
    if (response.status === 200) return readBody(response, limit);
    await response.body?.cancel();
    if (response.status === 404) return null;
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || waits === MAX_WAITS) throw unexpected(response.status);
    const seconds = Number(response.headers.get('Retry-After') ?? '1');
    await options.sleep(Math.min(MAX_WAIT_MS, Math.max(100, seconds * 1000 || 1000)));
  }
}

async function request(options: HttpLogOptions, path: string): Promise<Response> {
  const { url, token, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}/${path}`, url);
  try {
    return await fetch(target, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
      // A log is where it was said to be; a redirect would lead the token, or the audit, elsewhere.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw unanswered(error);
  }
}

async function readBody(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > limit) throw server(`the server sends more than ${limit} bytes where no log does`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof LogFinding ? error : unanswered(error);
  }
  return Buffer.concat(chunks);
}

/** The bytes of the first entries of a full bundle; all that there are when it is shorter. */
function firstEntries(bundle: Uint8Array, width: number): Uint8Array {
  let end = 0;
  for (let count = 0; count < width && end + 2 <= bundle.length; count += 1) {
    end += 2 + (bundle[end] ?? 0) * 256 + (bundle[end + 1] ?? 0);
  }
  return bundle.subarray(0, end);
}

function unexpected(status: number): LogFinding {
  if (status >= 300 && status < 400) {
    return server(
      'the server answers with a redirect, which a log does not',
      'Give the address it leads to, if you trust it.',
    );
  }
  if (status === 401 || status === 403) {
    return server(`the server wants a token (HTTP ${status})`, 'Give it with --token-file.');
  }
  return server(`the server answers with HTTP ${status}`);
}

function unanswered(error: unknown): LogFinding {
  const late = error instanceof Error && error.name === 'TimeoutError';
  const message = late ? 'the server did not answer in time' : 'the server can not be reached';
  return new LogFinding('server', message, { hint: 'Check the address and the network.', cause: error });
}

function absent(fault: LogFault, address: TileAddress): LogFinding {
  return new LogFinding(fault, `the server has no ${tilePath(address)}, which its checkpoint covers`);
}

function server(message: string, hint?: string): LogFinding {
  return new LogFinding('server', message, hint === undefined ? {} : { hint });
}
