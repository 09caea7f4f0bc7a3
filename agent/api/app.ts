import { OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { errorFields } from '../telemetry/logger.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { requireToken } from './middleware/auth.ts';
import { requireJson } from './middleware/json.ts';
import { limitBody, limitRate } from './middleware/limits.ts';
import { lookAtResponses } from './middleware/net.ts';
import { clientProblem, type ProblemPlace, problem } from './problem.ts';
import { connectionRoutes } from './routes/connections.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { healthRoutes } from './routes/health.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { keyRoutes } from './routes/keys.ts';
import { logRoutes } from './routes/log.ts';
import { manifestRoutes } from './routes/manifests.ts';
import { operationRoutes } from './routes/operation.ts';
import { policyRoutes } from './routes/policy.ts';
import { policyCandidateRoutes } from './routes/policy-candidates.ts';

const DEFAULT_RATE = { perSecond: 50, burst: 200 };

/** The HTTP API, without a socket: `serve.ts` listens, tests call `app.request()`. */
export function makeApi(deps: ApiDeps): OpenAPIHono<ApiEnv> {
  const { clock, token, options = {} } = deps;
  const open = new Set(['/healthz', '/readyz', ...(options.protectMetrics === false ? ['/metrics'] : [])]);
  const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });

  app.use(requestId({ limitLength: 64 }));
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use(noStore);
  app.use(lookAtResponses(deps.outgoing));
  app.use(limitRate(options.rate ?? DEFAULT_RATE, clock));
  const isPublicLog = (path: string): boolean => options.publicLog === true && path.startsWith('/log/');
  app.use(requireToken(token, (path) => open.has(path) || isPublicLog(path)));
  app.use(methodNotAllowed({ app, onMethodNotAllowed }));
  app.use(limitBody());
  app.use(requireJson());

  healthRoutes(app, deps);
  evidenceRoutes(app, deps);
  incidentRoutes(app, deps);
  manifestRoutes(app, deps);
  logRoutes(app, deps);
  keyRoutes(app, deps);
  connectionRoutes(app, deps);
  policyRoutes(app, deps);
  policyCandidateRoutes(app, deps);
  operationRoutes(app, deps);

  app.notFound((context) => problem(context, 404, 'See /openapi.json for what there is.'));
  app.onError((error, context) => answerError(error, context, deps));
  return app;
}

/**
 * Evidence does not belong into caches on the way; `no-cache` lets a client keep it and ask again with its ETag. What
 * never changes says so itself.
 */
async function noStore(context: Context<ApiEnv>, next: () => Promise<void>): Promise<void> {
  await next();
  if (!context.res.headers.has('Cache-Control'))
    context.res.headers.set('Cache-Control', 'private, no-cache');
}

function onMethodNotAllowed(context: Context<ApiEnv>, methods: readonly string[]): Response {
  const allow = methods.toSorted().join(', ');
  return problem(context, 405, `It has ${allow}.`, { headers: { Allow: allow } });
}

/** Tells a client what it did wrong. Of everything else it learns only that it happened, and where to look. */
function answerError(error: unknown, context: Context<ApiEnv>, { logger }: ApiDeps): Response {
  const told = clientProblem(error);
  if (told === null || told.status >= 500) {
    logger.error('a request could not be served', {
      requestId: context.get('requestId'),
      method: context.req.method,
      ...errorFields(error),
    });
  }
  if (told !== null) return problem(context, told.status, told.message, told.options);
  return problem(context, 500, 'The log of the agent says more, under this request id.');
}

const PLACES = { query: 'query', param: 'path', header: 'header', json: 'body' } as const;

interface Validated {
  readonly success: boolean;
  readonly target: string;
  readonly error?: z.ZodError;
}

function refuseInvalid(result: Validated, context: Context<ApiEnv>): Response | undefined {
  if (result.success || result.error === undefined) return undefined;
  const place = PLACES[result.target as keyof typeof PLACES] ?? 'query';
  const errors = result.error.issues.flatMap((issue) => placesOf(issue, place)).slice(0, 20);
  if (place === 'body')
    return problem(context, 422, 'See "errors" for what is wrong with the body.', { errors });
  return problem(context, 400, 'See "errors" for what is wrong with the request.', { errors });
}

/** A name that somebody could have meant; anything else may be a value in the wrong place, and is not said again. */
function plausible(name: string): string {
  return /^[A-Za-z0-9_-]{1,32}$/.test(name) ? name : '[name]';
}

/** zod's messages name what was expected, never what came. */
function placesOf(issue: z.core.$ZodIssue, place: ProblemPlace['in']): readonly ProblemPlace[] {
  const path = issue.path.map((step) => plausible(String(step)));
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 20) : [undefined];
  return unknown.map((key) => ({
    in: place,
    name: [...path, ...(key === undefined ? [] : [plausible(key)])].join('.'),
    message: place === 'body' && key !== undefined ? 'is not a field of this body' : issue.message,
  }));
}
