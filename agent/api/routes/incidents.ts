import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  AGE_MEDIA_TYPE,
  isRecipient,
  MAX_RECIPIENTS,
  RECIPIENT_PATTERN,
} from '../../../evidence/bundle/age.ts';
import { BUNDLE_FORMS, FORM_MEDIA_TYPES } from '../../../evidence/bundle/documents.ts';
import { bundleResponse, wishOf } from '../bundle-response.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { FreshBundles } from '../fresh-bundles.ts';
import { IncidentOpener } from '../incident-opener.ts';
import { nextLink, problems, success, taggedJson } from '../responses.ts';
import {
  idempotencyHeaders,
  idParams,
  incident,
  incidentPage,
  noQuery,
  openIncident,
  pageQuery,
  strictQuery,
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

const recipients = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat())
  .pipe(
    z
      .array(z.string().refine(isRecipient, 'must be an X25519 recipient of age, such as age1…'))
      .max(MAX_RECIPIENTS),
  )
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string', pattern: RECIPIENT_PATTERN.source },
    description: 'Encrypt the bundle to this age recipient. Repeat it for several.',
  });

const binary = z.string().openapi({ format: 'binary' });

const bundle = createRoute({
  method: 'get',
  path: '/v1/incidents/{id}/bundle',
  summary: 'The signed bundle',
  description:
    'What was sealed, in the form that the header Accept names; documents and digests are the same in all of them. With recipients it is encrypted with age, and is JSON inside unless Accept names another form. While the incident is open the bundle is at most a minute old; the first request waits for the reads that opening started.',
  tags: ['Incidents'],
  request: { params: idParams, query: strictQuery({ recipient: recipients }) },
  responses: {
    200: {
      description: 'The bundle, for `exhibit verify`.',
      content: Object.fromEntries(
        [...BUNDLE_FORMS.map((form) => FORM_MEDIA_TYPES[form]), AGE_MEDIA_TYPE].map((type) => [
          type,
          { schema: binary as z.ZodType },
        ]),
      ),
    },
    ...problems(404, 406, 409),
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
    const wish = wishOf(context, context.req.valid('query').recipient ?? []);
    return bundleResponse(context, await bundles.get(context.req.valid('param').id), wish, deps);
  });
}
