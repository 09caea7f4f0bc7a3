import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { openApiDocument } from '../openapi.ts';
import { problems, success, taggedJson } from '../responses.ts';
import { noQuery } from '../schemas.ts';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Prometheus metrics',
  tags: ['Operation'],
  request: { query: noQuery },
  responses: { 200: success('Text exposition format.', z.string(), 'text/plain'), ...problems() },
});

const openapi = createRoute({
  method: 'get',
  path: '/openapi.json',
  summary: 'This document',
  tags: ['Operation'],
  request: { query: noQuery },
  responses: { 200: success('OpenAPI 3.1.', z.looseObject({})), ...problems() },
});

export function operationRoutes(app: OpenAPIHono<ApiEnv>, { metrics, version }: ApiDeps): void {
  app.openapi(metricsRoute, async (context) =>
    context.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType }),
  );
  app.openapi(openapi, (context) => taggedJson(context, JSON.stringify(openApiDocument(app, version))));
}
