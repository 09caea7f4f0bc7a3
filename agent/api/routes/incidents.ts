import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { BUNDLE_MEDIA_TYPE } from '../../../evidence/bundle.ts';
import { sha256Hex } from '../../../evidence/digest.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { FreshBundles } from '../fresh-bundles.ts';
import { IncidentOpener } from '../incident-opener.ts';
import { nextLink, problems, success, tagged, taggedJson } from '../responses.ts';
import {
  idempotencyHeaders,
  idParams,
  incident,
  incidentPage,
  noQuery,
  openIncident,
  pageQuery,
} from '../schemas.ts';

const open = createRoute({
  method: 'post',
  path: '/v1/incidents',
  summary: 'Open an incident: reads start at once',
  tags: ['Incidents'],
  request: {
    query: noQuery,
    headers: idempotencyHeaders,
    body: { required: true, content: { 'application/json': { schema: openIncident } } },
  },
  responses: {
    201: success('It is open; the header Location names it.', incident),
    ...problems(409, 413, 415, 422),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/incidents',
  summary: 'Incidents, newest first',
  tags: ['Incidents'],
  request: { query: pageQuery },
  responses: { 200: success('A page of incidents.', incidentPage), ...problems() },
});

const get = createRoute({
  method: 'get',
  path: '/v1/incidents/{id}',
  summary: 'One incident',
  tags: ['Incidents'],
  request: { params: idParams, query: noQuery },
  responses: { 200: success('The incident.', incident), ...problems(404) },
});

const close = createRoute({
  method: 'post',
  path: '/v1/incidents/{id}/close',
  summary: 'Close an incident; closing twice is one closing',
  tags: ['Incidents'],
  request: { params: idParams, query: noQuery },
  responses: { 200: success('It is closed.', incident), ...problems(404) },
});

const bundle = createRoute({
  method: 'get',
  path: '/v1/incidents/{id}/bundle',
  summary: 'The signed bundle',
  description:
    'The exact bytes that were sealed. While the incident is open they are at most a minute old; the first request waits for the reads that opening started.',
  tags: ['Incidents'],
  request: { params: idParams, query: noQuery },
  responses: {
    200: success(
      'The bundle, for `exhibit bundle verify`.',
      z.string().openapi({ format: 'binary' }),
      BUNDLE_MEDIA_TYPE,
    ),
    ...problems(404, 409),
  },
});

export function incidentRoutes(app: OpenAPIHono<ApiEnv>, deps: ApiDeps): void {
  const opener = new IncidentOpener(deps);
  const bundles = new FreshBundles(deps);

  app.openapi(open, async (context) => {
    const key = context.req.valid('header')['idempotency-key'];
    const opened = await opener.open(context.req.valid('json'), key);
    context.header('Location', `/v1/incidents/${encodeURIComponent(opened.incident.id)}`);
    if (opened.isReplay) context.header('Idempotency-Replayed', 'true');
    return context.json(opened.incident, 201);
  });

  app.openapi(list, async (context) => {
    const { limit, cursor } = context.req.valid('query');
    const page = await deps.store.incidents({ limit, ...(cursor === undefined ? {} : { cursor }) });
    return taggedJson(context, JSON.stringify(page), nextLink(context, page.next));
  });

  app.openapi(get, async (context) => {
    return taggedJson(context, JSON.stringify(await deps.incidents.get(context.req.valid('param').id)));
  });

  app.openapi(close, async (context) =>
    context.json(await deps.incidents.close(context.req.valid('param').id), 200),
  );

  app.openapi(bundle, async (context) => {
    const { id } = context.req.valid('param');
    const { bytes, manifest, createdAt } = await bundles.get(id);
    return tagged(context, bytes, `"${sha256Hex(bytes)}"`, {
      'Content-Type': BUNDLE_MEDIA_TYPE,
      'Content-Disposition': `attachment; filename="incident-${id}.bundle.json"`,
      'Last-Modified': new Date(createdAt).toUTCString(),
      'Exhibit-Manifest': manifest,
    });
  });
}
