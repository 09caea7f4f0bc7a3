import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { DISCLOSURE_MEDIA_TYPE } from '../../../evidence/disclose/disclosure.ts';
import { discloseStored } from '../../../evidence/disclose/from-store.ts';
import type { EvidenceQuery } from '../../../evidence/store/store.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { ApiError } from '../problem.ts';
import { nextLink, problems, success, tagged, taggedJson } from '../responses.ts';
import { evidenceQuery, idParams, itemPage, noQuery, provenItem } from '../schemas.ts';

const listEvidence = createRoute({
  method: 'get',
  path: '/v1/evidence',
  summary: 'Items by window, kind, class, entity and connection, in order of time',
  tags: ['Evidence'],
  request: { query: evidenceQuery },
  responses: { 200: success('A page of items; the header Link names the next.', itemPage), ...problems() },
});

const getEvidence = createRoute({
  method: 'get',
  path: '/v1/evidence/{id}',
  summary: 'One item, with what proves it',
  tags: ['Evidence'],
  request: { params: idParams, query: noQuery },
  responses: { 200: success('The item.', provenItem), ...problems(404) },
});

const getProof = createRoute({
  method: 'get',
  path: '/v1/evidence/{id}/proof',
  summary: 'One item with the proof that a signed manifest holds it, for who may not see the others',
  tags: ['Evidence'],
  request: { params: idParams, query: noQuery },
  responses: {
    200: success(
      'A disclosure (exhibit.disclosure/v1): "exhibit verify" checks it offline.',
      z.looseObject({}),
      DISCLOSURE_MEDIA_TYPE,
    ),
    ...problems(404),
  },
});

export function evidenceRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps): void {
  app.openapi(listEvidence, async (context) => {
    const { items, next } = await store.query(definedOnly(context.req.valid('query')));
    // Items are canonical JSON already: parsing them to print them again would be most of the work.
    const stored = items.map(({ canonical }) => canonical);
    context.set('items', stored);
    const json = `{"items":[${stored.join(',')}],"next":${JSON.stringify(next)}}`;
    return taggedJson(context, json, nextLink(context, next));
  });

  app.openapi(getEvidence, async (context) => {
    const found = await store.item(context.req.valid('param').id);
    if (found === null) throw new ApiError(404, 'There is no item with this id.');
    const { canonical, salt, leaf, manifest } = found;
    context.set('items', [canonical]);
    return taggedJson(context, `{"item":${canonical},"proof":${JSON.stringify({ salt, leaf, manifest })}}`);
  });

  app.openapi(getProof, async (context) => {
    const { id } = context.req.valid('param');
    const [found, disclosed] = await Promise.all([store.item(id), discloseStored(store, id)]);
    if (found === null || disclosed === null) throw new ApiError(404, 'There is no item with this id.');
    context.set('items', [found.canonical]);
    return tagged(context, disclosed, `"${found.manifest}/${found.position}"`, {
      'Content-Type': DISCLOSURE_MEDIA_TYPE,
    });
  });
}

type Parsed = { readonly [K in keyof EvidenceQuery]: EvidenceQuery[K] | undefined } & {
  readonly limit: number;
};

/** zod leaves out what was not given; its types do not say so. */
function definedOnly({ limit, ...filters }: Parsed): EvidenceQuery {
  return {
    limit,
    ...(Object.fromEntries(
      Object.entries(filters).filter(([, value]) => value !== undefined),
    ) as Partial<EvidenceQuery>),
  };
}
