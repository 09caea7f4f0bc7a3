import { createMiddleware } from 'hono/factory';
import type { ApiEnv } from '../deps.ts';
import { problem } from '../problem.ts';

const JSON_MEDIA_TYPE = /^application\/json *(;|$)/i;

/** Refuses a body that is not declared as JSON; validation would take it for an empty one. */
export function requireJson() {
  return createMiddleware<ApiEnv>(async (context, next) => {
    const type = context.req.header('Content-Type');
    const isFine = type === undefined ? context.req.raw.body === null : JSON_MEDIA_TYPE.test(type);
    if (isFine) return next();
    return problem(context, 415, 'Send JSON, with "Content-Type: application/json".');
  });
}
