import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { sha256Hex } from '../../../evidence/digest.ts';
import { currentKey } from '../../../evidence/trust/key-changes.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { problems, success, tagged, taggedJson } from '../responses.ts';
import { noQuery } from '../schemas.ts';

const PEM_MEDIA_TYPE = 'application/x-pem-file';
const FOR_A_FIRST_LOOK =
  'For a first look. Who verifies evidence gets a key another way, or trusts the agent to vouch for itself.';

const key = z
  .object({
    keyId: z.string().openapi({ example: `sha256:${'0'.repeat(64)}` }),
    purpose: z.enum(['evidence', 'checkpoint']),
    algorithm: z.enum(['ecdsa-p256-sha256', 'ed25519']),
    publicKeyPem: z.string().optional().openapi({ description: 'Of a key that signs evidence.' }),
    vkey: z.string().optional().openapi({ description: "Of a key that signs the log's checkpoints." }),
    validFrom: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
    revocationReason: z.string().nullable(),
  })
  .openapi('SigningKey');

const listed = z
  .object({
    tenant: z.string(),
    sequence: z.int(),
    digest: z.string(),
    changedAt: z.iso.datetime(),
    current: z.object({ evidence: z.string(), checkpoint: z.string() }),
    keys: z.array(key),
  })
  .openapi('SigningKeys');

const list = createRoute({
  method: 'get',
  path: '/v1/keys',
  summary: 'The keys that sign or have signed, with the time in which each may be believed',
  description: 'What is signed about them is /v1/keys/history.json.',
  tags: ['Manifests'],
  request: { query: noQuery },
  responses: { 200: success('The newest version of the key history.', listed), ...problems() },
});

const history = createRoute({
  method: 'get',
  path: '/v1/keys/history.json',
  summary: 'Every version of the key history, each signed by a key of the version before',
  description:
    'For `exhibit verify --key-history`: who holds one public key of any time can follow it to all others.',
  tags: ['Manifests'],
  request: { query: noQuery },
  responses: { 200: success('RFC 8785 JSON.', z.looseObject({})), ...problems() },
});

const publicKey = createRoute({
  method: 'get',
  path: '/v1/keys/evidence.pub',
  summary: 'The public key of what is signed now',
  description: FOR_A_FIRST_LOOK,
  tags: ['Manifests'],
  request: { query: noQuery },
  responses: { 200: success('SPKI, PEM.', z.string(), PEM_MEDIA_TYPE), ...problems() },
});

const trustedRoot = createRoute({
  method: 'get',
  path: '/v1/trusted_root.json',
  summary: 'The keys of the log and the timestamp authorities, for `cosign --trusted-root`',
  description: FOR_A_FIRST_LOOK,
  tags: ['Manifests'],
  request: { query: noQuery },
  responses: { 200: success('A Sigstore trusted root.', z.looseObject({})), ...problems() },
});

export function keyRoutes(app: OpenAPIHono<ApiEnv>, { keys }: ApiDeps): void {
  app.openapi(list, (context) => {
    const { digest, history: newest } = keys.history();
    const { tenant, sequence, createdAt } = newest;
    const current = {
      evidence: currentKey(newest, 'evidence').keyId,
      checkpoint: currentKey(newest, 'checkpoint').keyId,
    };
    return taggedJson(
      context,
      JSON.stringify({ tenant, sequence, digest, changedAt: createdAt, current, keys: newest.keys }),
    );
  });

  app.openapi(history, (context) => {
    const { text, digest } = keys.history();
    return tagged(context, text, `"${digest}"`, { 'Content-Type': 'application/json' });
  });

  app.openapi(publicKey, (context) => {
    const pem = keys.publicKeyPem();
    return tagged(context, pem, `"${sha256Hex(pem)}"`, { 'Content-Type': PEM_MEDIA_TYPE });
  });

  app.openapi(trustedRoot, (context) => {
    const root = keys.trustedRoot();
    return tagged(context, root, `"${sha256Hex(root)}"`, { 'Content-Type': 'application/json' });
  });
}
