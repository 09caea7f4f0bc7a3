import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { digestOf } from '../../../evidence/digest.ts';
import { givenName } from '../../governance/sent-layers.ts';
import type { PolicyService } from '../../governance/service.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import {
  applied,
  applyBody,
  applyHeaders,
  auditPage,
  auditVerdict,
  decisionPage,
  decisionQuery,
  policyInForce,
  policyVersion,
  policyVersionPage,
  reasonQuery,
  stopParams,
} from '../policy-schemas.ts';
import { ApiError } from '../problem.ts';
import { nextLink, problems, success, taggedJson } from '../responses.ts';
import { digestParams, noQuery, pageQuery } from '../schemas.ts';

const tags = ['Policy'];

const get = createRoute({
  method: 'get',
  path: '/v1/policy',
  summary: 'The policy in force, with its texts, and why what is configured is not, if it is not',
  tags,
  request: { query: noQuery },
  responses: { 200: success('The version in force.', policyInForce), ...problems() },
});

const listVersions = createRoute({
  method: 'get',
  path: '/v1/policy/versions',
  summary: 'Versions that were in force, newest first',
  tags,
  request: { query: pageQuery },
  responses: { 200: success('A page of versions, without their texts.', policyVersionPage), ...problems() },
});

const getVersion = createRoute({
  method: 'get',
  path: '/v1/policy/versions/{digest}',
  summary: 'A version by the digest that items carry',
  tags,
  request: { params: digestParams, query: noQuery },
  responses: { 200: success('The version, with its texts.', policyVersion), ...problems(404) },
});

const listDecisions = createRoute({
  method: 'get',
  path: '/v1/policy/decisions',
  summary: 'What the policy decided, counted by connection, read and reason; seen last comes first',
  tags,
  request: { query: decisionQuery },
  responses: { 200: success('A page of decisions.', decisionPage), ...problems() },
});

const listAudit = createRoute({
  method: 'get',
  path: '/v1/policy/audit',
  summary: 'Who did what to the policy and the keys, newest first',
  description: 'Each entry is hashed together with the hash of the one before.',
  tags,
  request: { query: pageQuery },
  responses: { 200: success('A page of the audit trail.', auditPage), ...problems() },
});

const verifyAudit = createRoute({
  method: 'get',
  path: '/v1/policy/audit/chain',
  summary: 'Whether every entry of the audit trail is as it was written, and none is missing',
  tags,
  request: { query: noQuery },
  responses: { 200: success('The verdict, over the whole trail.', auditVerdict), ...problems() },
});

const apply = createRoute({
  method: 'post',
  path: '/v1/policy/apply',
  summary: 'Put a policy in force, where governance.apply allows it',
  description:
    'All of it or nothing. Layers can be sent as `GET /v1/policy/versions/{digest}` gives them out. It goes the way that files go: everything is checked, signatures as well. It holds, also over restarts, until the configured files are edited.',
  tags,
  request: {
    query: noQuery,
    headers: applyHeaders,
    body: { required: true, content: { 'application/json': { schema: applyBody } } },
  },
  responses: { 200: success('It is in force.', applied), ...problems(403, 412, 413, 415, 422) },
});

const release = createRoute({
  method: 'delete',
  path: '/v1/policy/stops/{connection}/{stream}',
  summary: 'Let a stream go on in which a canary has shown',
  tags,
  request: { params: stopParams, query: reasonQuery },
  responses: { 204: { description: 'It goes on with its next read.' }, ...problems(404) },
});

/** The token is the only identity that the API knows. */
export const API_IDENTITY = 'api:token';

export function policyRoutes(app: OpenAPIHono<ApiEnv>, { policy, store }: ApiDeps): void {
  app.openapi(get, (context) => taggedJson(context, JSON.stringify(inForceOf(policy))));

  app.openapi(listVersions, async (context) => {
    const page = await store.governance.policyVersions(paged(context.req.valid('query')));
    const items = page.items.map(({ changes: _changes, layers, ...head }) => ({
      ...head,
      layers: layers.map(({ name, digest }) => ({ name: givenName(name), digest })),
    }));
    return taggedJson(context, JSON.stringify({ items, next: page.next }), nextLink(context, page.next));
  });

  app.openapi(getVersion, async (context) => {
    const found = await store.governance.policyVersion(context.req.valid('param').digest);
    if (found === null)
      throw new ApiError(404, 'No version with this digest was in force, or it is forgotten.');
    const layers = found.layers.map(({ name, digest, text }) => ({
      name: givenName(name),
      digest,
      text: policy.shown(text),
    }));
    return taggedJson(context, JSON.stringify({ ...found, layers }));
  });

  app.openapi(listDecisions, async (context) => {
    const { connection, decision, since, ...page } = context.req.valid('query');
    const found = await store.governance.decisions({
      ...paged(page),
      ...(connection === undefined ? {} : { connection }),
      ...(decision === undefined ? {} : { decision }),
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    });
    return taggedJson(context, JSON.stringify(found), nextLink(context, found.next));
  });

  app.openapi(listAudit, async (context) => {
    const page = await store.governance.audit(paged(context.req.valid('query')));
    return taggedJson(context, JSON.stringify(page), nextLink(context, page.next));
  });

  app.openapi(verifyAudit, async (context) => context.json(await store.governance.verifyAudit(), 200));

  app.openapi(apply, async (context) => {
    const { layers, reason } = context.req.valid('json');
    const expected = context.req.valid('header')['if-match'].slice(1, -1);
    const result = await policy.apply(layers, { by: API_IDENTITY, reason, expected });
    const { version, digest } = policy.version().policy;
    return context.json({ result, version, digest }, 200);
  });

  app.openapi(release, async (context) => {
    const { connection, stream } = context.req.valid('param');
    await policy.release(connection, stream, API_IDENTITY, context.req.valid('query').reason);
    return context.body(null, 204);
  });
}

function inForceOf(service: PolicyService) {
  const { policy, layers, signers, source, by, reason, appliedAt, warnings } = service.version();
  const { version, digest, compiledAt, validUntil } = policy;
  return {
    version,
    digest,
    source,
    by,
    reason,
    appliedAt,
    compiledAt,
    validUntil,
    layers: layers.map(({ name, isPreset, text }) => ({
      name: givenName(name),
      preset: isPreset,
      digest: digestOf(text),
      text: service.shown(text),
      signers: signers.filter(({ layer }) => layer === name).map(({ keyId, role }) => ({ keyId, role })),
    })),
    warnings,
    stops: service.stops(),
    lastFailure: service.lastFailure(),
    mayApply: service.mayApply,
  };
}

function paged({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}
