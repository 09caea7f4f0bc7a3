import { createMiddleware } from 'hono/factory';
import type { Outgoing } from '../../telemetry/outgoing.ts';
import type { ApiEnv } from '../deps.ts';
import { problem } from '../problem.ts';

/**
 * The last look at a response: what must not leave turns it into a problem that says nothing more. Bodies are whole in
 * memory here, so nothing has left before it was looked at; a handler that sends a stream looks itself, before.
 */
export function lookAtResponses(outgoing: Outgoing) {
  return createMiddleware<ApiEnv>(async (context, next) => {
    await next();
    const { res } = context;
    if (WITHOUT_BODY.has(res.status) || res.body === null || context.get('looked') === true) return;
    const body = new Uint8Array(await res.arrayBuffer());
    if (outgoing.check(body, placeOf(context.req.path), context.get('items')) === undefined) {
      context.res = new Response(body, res);
      return;
    }
    context.res = undefined;
    context.res = problem(context, 500, HELD_BACK);
  });
}

export const HELD_BACK = 'The response was held back: something in it must not leave the agent.';

/** Fetch, "null body status": such a response can not be made with a body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function placeOf(path: string): 'bundle' | 'metrics' | 'response' {
  if (path === '/metrics') return 'metrics';
  return path.endsWith('/bundle') ? 'bundle' : 'response';
}
