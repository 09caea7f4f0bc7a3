import { createHash, timingSafeEqual } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { Secret } from '../../../connectors/sdk/index.ts';
import type { ApiEnv } from '../deps.ts';
import { problem } from '../problem.ts';

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i;

/**
 * Lets a request pass that carries the token, or whose path is open. Digests are compared, so that neither the
 * token's length nor its beginning can be found out by timing.
 */
export function requireToken(token: Secret, isOpen: (path: string) => boolean) {
  const expected = sha256(token.open());
  return createMiddleware<ApiEnv>(async (context, next) => {
    if (isOpen(context.req.path)) return next();
    const header = context.req.header('Authorization');
    if (header === undefined)
      return unauthorized(context, 'Send the token in the header Authorization, after the word Bearer.', '');
    const presented = BEARER.exec(header)?.[1];
    if (presented !== undefined && timingSafeEqual(sha256(presented), expected)) return next();
    return unauthorized(context, 'The token is not the one of this agent.', ', error="invalid_token"');
  });
}

function unauthorized(context: Parameters<typeof problem>[0], detail: string, parameters: string): Response {
  return problem(context, 401, detail, {
    headers: { 'WWW-Authenticate': `Bearer realm="exhibit"${parameters}` },
  });
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
