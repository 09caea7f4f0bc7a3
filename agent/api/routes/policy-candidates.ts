import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { ComparedPolicy } from '../../governance/service.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import {
  candidateBody,
  checkReport,
  type comparedBefore,
  diffBody,
  explainBody,
  explanation,
  policyDiff,
  policyPreview,
  previewBody,
} from '../policy-schemas.ts';
import { problems, success } from '../responses.ts';
import { noQuery } from '../schemas.ts';

/** Questions about a policy that is not in force. Nothing of it is kept. */

const tags = ['Policy'];

const check = createRoute({
  method: 'post',
  path: '/v1/policy/check',
  summary: 'Whether a policy would come into force here, with every problem and its line',
  description: 'Judged by what judges when it is to: its signatures and its version as well.',
  tags,
  request: {
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: candidateBody } } },
  },
  responses: { 200: success('What is wrong with it, if anything.', checkReport), ...problems(413, 415, 422) },
});

const diff = createRoute({
  method: 'post',
  path: '/v1/policy/diff',
  summary: 'What a policy would open and close, against the one in force or another',
  tags,
  request: {
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: diffBody } } },
  },
  responses: {
    200: success('Every change, and how much it risks.', policyDiff),
    ...problems(404, 413, 415, 422),
  },
});

const explain = createRoute({
  method: 'post',
  path: '/v1/policy/explain',
  summary: 'Which rule lets a stream or a field out, and what would open or close it',
  tags,
  request: {
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: explainBody } } },
  },
  responses: {
    200: success('The rules and where they stand.', explanation),
    ...problems(404, 413, 415, 422),
  },
});

const preview = createRoute({
  method: 'post',
  path: '/v1/policy/preview',
  summary: 'What would leave a source under a policy; nothing is stored',
  description: 'Runs one read that the policy admits, within its budget. One preview at a time.',
  tags,
  request: {
    query: noQuery,
    body: { required: true, content: { 'application/json': { schema: previewBody } } },
  },
  responses: { 200: success('What would leave.', policyPreview), ...problems(404, 409, 413, 415, 422) },
});

export function policyCandidateRoutes(app: OpenAPIHono<ApiEnv>, { policy }: ApiDeps): void {
  app.openapi(check, async (context) => {
    const { layers, as } = context.req.valid('json');
    return context.json(await policy.check(layers, as), 200);
  });

  app.openapi(diff, async (context) => {
    const { before, replay, ...after } = context.req.valid('json');
    const against = before === undefined ? undefined : comparedOf(before);
    return answer(await policy.diff(comparedOf(after), { before: against, replay }));
  });

  app.openapi(explain, async (context) => {
    const { layers, field, ...question } = context.req.valid('json');
    return answer(await policy.explain(layers, field === undefined ? question : { ...question, field }));
  });

  app.openapi(preview, async (context) => {
    const { layers, ...of } = context.req.valid('json');
    return answer(await policy.preview(layers, of, context.req.raw.signal));
  });
}

/** The schema has made sure that it is one of the two. */
function comparedOf({ layers, version }: z.infer<typeof comparedBefore>): ComparedPolicy {
  return version === undefined ? { layers: layers ?? [] } : { version };
}

function answer(report: object): Response {
  return new Response(JSON.stringify(report), { headers: { 'Content-Type': 'application/json' } });
}
