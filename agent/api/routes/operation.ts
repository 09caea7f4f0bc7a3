import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { sha256Hex } from '../../../evidence/digest.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { openApiDocument } from '../openapi.ts';
import { problems, success, tagged, taggedJson } from '../responses.ts';
import { noQuery } from '../schemas.ts';

const PEM_MEDIA_TYPE = 'application/x-pem-file';

const metricsRoute = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'Prometheus metrics',
  tags: ['Operation'],
  request: { query: noQuery },
  responses: { 200: success('Text exposition format.', z.string(), 'text/plain'), ...problems() },
});

const publicKey = createRoute({
  method: 'get',
  path: '/v1/keys/evidence.pub',
  summary: 'The public key that verifies every manifest of this agent',
  description:
    'For a first look. Who verifies evidence gets the key another way, or trusts the agent to vouch for itself.',
  tags: ['Manifests'],
  request: { query: noQuery },
  responses: { 200: success('SPKI, PEM.', z.string(), PEM_MEDIA_TYPE), ...problems() },
});

const openapi = createRoute({
  method: 'get',
  path: '/openapi.json',
  summary: 'This document',
  tags: ['Operation'],
  request: { query: noQuery },
  responses: { 200: success('OpenAPI 3.1.', z.looseObject({})), ...problems() },
});

export function operationRoutes(app: OpenAPIHono<ApiEnv>, { metrics, publicKeyPem, version }: ApiDeps): void {
  app.openapi(metricsRoute, async (context) =>
    context.body(await metrics.render(), 200, { 'Content-Type': metrics.contentType }),
  );
  app.openapi(publicKey, (context) =>
    tagged(context, publicKeyPem, `"${sha256Hex(publicKeyPem)}"`, { 'Content-Type': PEM_MEDIA_TYPE }),
  );
  app.openapi(openapi, (context) => taggedJson(context, JSON.stringify(openApiDocument(app, version))));
}
