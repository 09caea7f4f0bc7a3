import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { problems, success, taggedJson } from '../responses.ts';
import { connectionList, connectorTypeList, noQuery } from '../schemas.ts';

const listConnections = createRoute({
  method: 'get',
  path: '/v1/connections',
  summary: 'How collecting goes: the latest run of every read, and what is missing',
  tags: ['Collecting'],
  request: { query: noQuery },
  responses: { 200: success('Every configured connection.', connectionList), ...problems() },
});

const listTypes = createRoute({
  method: 'get',
  path: '/v1/connector-types',
  summary: 'What could be connected',
  tags: ['Collecting'],
  request: { query: noQuery },
  responses: { 200: success('Every connector this agent ships with.', connectorTypeList), ...problems() },
});

export function connectionRoutes(app: OpenAPIHono<ApiEnv>, { connections, connectorTypes }: ApiDeps): void {
  app.openapi(listConnections, async (context) =>
    taggedJson(context, JSON.stringify({ items: await connections() })),
  );
  app.openapi(listTypes, async (context) =>
    taggedJson(context, JSON.stringify({ items: await connectorTypes() })),
  );
}
