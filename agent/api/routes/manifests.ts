import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { StoredManifest } from '../../../evidence/store/store.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { ApiError } from '../problem.ts';
import { nextLink, problems, success, tagged, taggedJson } from '../responses.ts';
import { digestParams, manifestPage, noQuery, pageQuery } from '../schemas.ts';

const SIGSTORE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

const list = createRoute({
  method: 'get',
  path: '/v1/manifests',
  summary: 'The chain of signed manifests, newest first',
  tags: ['Manifests'],
  request: { query: pageQuery },
  responses: { 200: success('A page of manifests.', manifestPage), ...problems() },
});

const get = createRoute({
  method: 'get',
  path: '/v1/manifests/{digest}',
  summary: 'A manifest, as the bytes that have this digest',
  tags: ['Manifests'],
  request: { params: digestParams, query: noQuery },
  responses: { 200: success('RFC 8785 JSON.', z.looseObject({})), ...problems(404) },
});

const attestation = createRoute({
  method: 'get',
  path: '/v1/manifests/{digest}/attestation',
  summary: 'What signs a manifest: a Sigstore bundle v0.3 over an in-toto Statement',
  tags: ['Manifests'],
  request: { params: digestParams, query: noQuery },
  responses: { 200: success('A Sigstore bundle.', z.looseObject({}), SIGSTORE_MEDIA_TYPE), ...problems(404) },
});

export function manifestRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiDeps): void {
  app.openapi(list, async (context) => {
    const { limit, cursor } = context.req.valid('query');
    const page = await store.manifests({ limit, ...(cursor === undefined ? {} : { cursor }) });
    return taggedJson(
      context,
      JSON.stringify({ ...page, items: page.items.map(headOf) }),
      nextLink(context, page.next),
    );
  });

  app.openapi(get, async (context) => {
    const { digest, canonical } = await find(context.req.valid('param').digest);
    return tagged(context, canonical, `"${digest}"`, { 'Content-Type': 'application/json' });
  });

  app.openapi(attestation, async (context) => {
    const found = await find(context.req.valid('param').digest);
    return tagged(context, found.attestation, `"${found.digest}/attestation"`, {
      'Content-Type': SIGSTORE_MEDIA_TYPE,
    });
  });

  async function find(digest: string): Promise<StoredManifest> {
    const found = await store.manifest(digest);
    if (found === null) throw new ApiError(404, 'There is no manifest with this digest.');
    return found;
  }
}

function headOf({ sequence, digest, purpose, createdAt, items }: StoredManifest) {
  return { sequence, digest, purpose, createdAt, items };
}
