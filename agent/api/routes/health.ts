import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { problem } from '../problem.ts';
import { problems, success } from '../responses.ts';
import { noQuery, status } from '../schemas.ts';

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
  summary: 'Whether the process serves requests',
  tags: ['Operation'],
  security: [],
  request: { query: noQuery },
  responses: { 200: success('It does.', status), ...problems() },
});

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  summary: 'Whether the agent can do its work',
  tags: ['Operation'],
  security: [],
  request: { query: noQuery },
  responses: { 200: success('The store answers.', status), ...problems() },
});

export function healthRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps): void {
  app.openapi(healthz, (context) => context.json({ status: 'ok' }));
  app.openapi(readyz, async (context) => {
    try {
      await store.head();
      return context.json({ status: 'ok' });
    } catch {
      return problem(context, 503, 'The store does not answer.', { headers: { 'Retry-After': '5' } });
    }
  });
}
