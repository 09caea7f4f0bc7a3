import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Clock } from '../../../connectors/sdk/index.ts';
import type { ApiEnv } from '../deps.ts';
import { problem } from '../problem.ts';

const MAX_BODY_BYTES = 64 * 1024;
/** Policies are texts that people wrote; a candidate may consist of several. */
const MAX_POLICY_BYTES = 1024 * 1024;
/** Clients that are remembered; the one that was quiet longest is forgotten first. */
const MAX_CLIENTS = 1_000;

interface Bucket {
  tokens: number;
  /** Monotonic milliseconds of the last refill. */
  at: number;
}

/** A token bucket for each client address. Counts before the token is checked, so it slows guessing down too. */
export function limitRate(rate: { readonly perSecond: number; readonly burst: number }, clock: Clock) {
  const buckets = new Map<string, Bucket>();
  return createMiddleware<ApiEnv>(async (context, next) => {
    const client = context.env?.incoming?.socket.remoteAddress ?? '';
    const now = clock.monotonic();
    const bucket = buckets.get(client) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1_000) * rate.perSecond);
    bucket.at = now;
    // Moves the client to the end: maps keep the order of insertion.
    buckets.delete(client);
    buckets.set(client, bucket);
    const [quietest] = buckets.keys();
    if (buckets.size > MAX_CLIENTS && quietest !== undefined) buckets.delete(quietest);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return next();
    }
    const seconds = Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond));
    const detail = `At most ${rate.perSecond} requests a second are served to one address.`;
    return problem(context, 429, detail, { headers: { 'Retry-After': String(seconds) } });
  });
}

export function limitBody() {
  const ordinary = limitTo(MAX_BODY_BYTES);
  const policies = limitTo(MAX_POLICY_BYTES);
  return createMiddleware<ApiEnv>((context, next) =>
    context.req.path.startsWith('/v1/policy/') ? policies(context, next) : ordinary(context, next),
  );
}

/**
 * Counts a body without a length while it comes. (`hono/body-limit` makes a Request out of the server's own, which is
 * none that Node knows unless the server replaces the global classes of the whole process.)
 */
function limitTo(maxSize: number) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const { raw } = context.req;
    const length = raw.headers.get('content-length');
    if (raw.body === null) return next();
    if (length !== null && !raw.headers.has('transfer-encoding'))
      return Number(length) > maxSize ? tooLarge(context, maxSize) : next();
    const body = await readAtMost(raw.body, maxSize);
    if (body === undefined) return tooLarge(context, maxSize);
    const { method, headers, signal } = raw;
    context.req.raw = new Request(raw.url, {
      method,
      headers,
      signal,
      body: body.length === 0 ? null : body,
    });
    return next();
  });
}

function tooLarge(context: Context<ApiEnv>, maxSize: number): Response {
  return problem(context, 413, `A request body may have ${maxSize} bytes at most.`);
}

/** Undefined when there is more. */
async function readAtMost(body: ReadableStream<Uint8Array>, maxSize: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxSize) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
