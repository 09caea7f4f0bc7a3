import { gzipSync } from 'node:zlib';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { toBase64 } from '../../../evidence/base64.ts';
import { isLogEntry, leafHashOfEntry } from '../../../evidence/log/entry.ts';
import { proveConsistency, proveInclusion, treeRoot } from '../../../evidence/log/proofs.ts';
import { decodeEntries, parseTilePath, TILE_WIDTH, tileWidth } from '../../../evidence/log/tiles.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { ApiError } from '../problem.ts';
import { problems, success, tagged, taggedJson } from '../responses.ts';
import { noQuery, strictQuery } from '../schemas.ts';

/** The log as its clients and witnesses read it (c2sp.org/tlog-tiles, below `/log`), and proofs as JSON. */

const NOTE_MEDIA_TYPE = 'text/plain; charset=utf-8';
const BYTES_MEDIA_TYPE = 'application/octet-stream';
const YEAR_SECONDS = 31_536_000;

const once = { error: 'must be given once, as text' };
const number = z
  .string(once)
  .regex(/^(?:0|[1-9][0-9]{0,15})$/, 'must be a whole number')
  .transform(Number)
  .refine(Number.isSafeInteger, 'must be a whole number')
  .openapi({ type: 'integer', minimum: 0 });
const base64 = z.string().openapi({ format: 'byte' });

const inclusionBody = z
  .object({
    kind: z.enum(['manifest', 'receipt']),
    digest: z.string(),
    index: z.int(),
    size: z.int(),
    entry: base64.openapi({ description: "The leaf's data." }),
    leaf: base64,
    root: base64,
    hashes: z.array(base64),
    checkpoint: z.string().openapi({ description: 'The signed note of the tree of this size.' }),
  })
  .openapi('LogInclusion');

const consistencyBody = z
  .object({
    from: z.object({ size: z.int(), root: base64, checkpoint: z.string().nullable() }),
    to: z.object({ size: z.int(), root: base64, checkpoint: z.string().nullable() }),
    hashes: z.array(base64),
  })
  .openapi('LogConsistency');

const checkpoint = createRoute({
  method: 'get',
  path: '/log/checkpoint',
  summary: 'The newest signed checkpoint (C2SP tlog-checkpoint)',
  tags: ['Log'],
  request: { query: noQuery },
  responses: { 200: success('A signed note.', z.string(), NOTE_MEDIA_TYPE), ...problems(404) },
});

const inclusion = createRoute({
  method: 'get',
  path: '/v1/log/inclusion',
  summary: 'Proof that a manifest, a receipt or a leaf is in the log',
  tags: ['Log'],
  request: {
    query: strictQuery({
      manifest: z
        .string(once)
        .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits')
        .optional()
        .openapi({ description: 'Digest of a manifest or receipt.' }),
      index: number.optional(),
      size: number.optional().openapi({ description: 'Of the tree; default: all of it.' }),
    }),
  },
  responses: { 200: success('An inclusion proof of RFC 9162.', inclusionBody), ...problems(404) },
});

const consistency = createRoute({
  method: 'get',
  path: '/v1/log/consistency',
  summary: 'Proof that the log at one size begins with what it was at another',
  tags: ['Log'],
  request: { query: strictQuery({ from: number, to: number.optional() }) },
  responses: { 200: success('A consistency proof of RFC 9162.', consistencyBody), ...problems(404) },
});

/** Documented by hand: the path of a tile has slashes, which no parameter of OpenAPI can hold. */
const tile = createRoute({
  method: 'get',
  path: '/log/tile/{tile}',
  summary: 'Hashes or entries of the log (C2SP tlog-tiles)',
  tags: ['Log'],
  request: {
    params: z.object({
      tile: z.string().openapi({
        param: { name: 'tile', in: 'path' },
        description: '`<level>/<n>[.p/<width>]` or `entries/<n>[.p/<width>]`; n as in `x001/x234/067`.',
      }),
    }),
    query: noQuery,
  },
  responses: { 200: success('The bytes.', z.string(), BYTES_MEDIA_TYPE), ...problems(404) },
});

export function logRoutes(app: OpenAPIHono<ApiEnv>, { store: { log }, options = {} }: ApiDeps): void {
  const scope = options.publicLog === true ? 'public' : 'private';
  const immutable = { 'Cache-Control': `${scope}, max-age=${YEAR_SECONDS}, immutable` };

  app.openapi(checkpoint, async (context) => {
    const note = await log.checkpoint();
    if (note === null) throw new ApiError(404, 'Nothing was logged yet.');
    isMaterial(context);
    return tagged(context, note, `"${await log.size()}"`, { 'Content-Type': NOTE_MEDIA_TYPE });
  });

  app.openAPIRegistry.registerPath(tile);
  app.get('/log/tile/:tile{.+}', async (context) => {
    const { search, pathname } = new URL(context.req.url);
    if (search !== '') throw new ApiError(400, 'A tile has no parameters.');
    const address = parseTilePath(pathname.slice('/log/'.length));
    if (address === null) throw noSuchTile();
    const { level, index, width } = address;
    if (width > tileWidth(level === 'entries' ? 0 : level, index, await log.size())) throw noSuchTile();
    if (level !== 'entries') {
      isMaterial(context);
      return bytesResponse(context, await log.tile(level, index, width), immutable);
    }
    const bundle = await log.entries(index, width);
    if (!decodeEntries(bundle, width).every(isLogEntry)) return bytesResponse(context, bundle, immutable);
    isMaterial(context);
    const headers = { ...immutable, Vary: 'Accept-Encoding' };
    if (!acceptsGzip(context)) return bytesResponse(context, bundle, headers);
    return bytesResponse(context, gzipSync(bundle), { ...headers, 'Content-Encoding': 'gzip' });
  });

  app.openapi(inclusion, async (context) => {
    const { manifest, index: given, size: asked } = context.req.valid('query');
    if ((manifest === undefined) === (given === undefined)) {
      throw new ApiError(400, 'Give either manifest or index.');
    }
    const size = asked ?? (await log.size());
    const index = manifest === undefined ? given : await log.indexOf(manifest);
    const found = index === null || index === undefined ? null : await log.entry(index);
    const note = await log.checkpoint(size);
    if (found === null) throw new ApiError(404, 'The log holds no such entry.');
    if (note === null || found.index >= size) throw new ApiError(404, 'There is no such tree that holds it.');
    const hashes = await proveInclusion(log, found.index, size);
    const body: z.infer<typeof inclusionBody> = {
      kind: found.kind,
      digest: found.digest,
      index: found.index,
      size,
      entry: toBase64(found.entry),
      leaf: toBase64(leafHashOfEntry(found.entry)),
      root: toBase64(await treeRoot(log, size)),
      hashes: hashes.map(toBase64),
      checkpoint: note,
    };
    if (isLogEntry(found.entry)) isMaterial(context);
    return taggedJson(context, JSON.stringify(body));
  });

  app.openapi(consistency, async (context) => {
    const { from, to: asked } = context.req.valid('query');
    const size = await log.size();
    const to = asked ?? size;
    if (from > to) throw new ApiError(400, 'The parameter from must not be larger than to.');
    if (to > size) throw new ApiError(404, `The log has ${size} entries.`);
    const hashes = await proveConsistency(log, from, to);
    const body: z.infer<typeof consistencyBody> = {
      from: await head(from),
      to: await head(to),
      hashes: hashes.map(toBase64),
    };
    isMaterial(context);
    return taggedJson(context, JSON.stringify(body));
  });

  async function head(size: number) {
    return { size, root: toBase64(await treeRoot(log, size)), checkpoint: await log.checkpoint(size) };
  }
}

/**
 * The response is hashes, signatures and keys that the agent made. Looking for text in random bytes finds some: in
 * every third full tile there is what could be an e-mail address.
 */
function isMaterial(context: Context<ApiEnv>): void {
  context.set('looked', true);
}

function bytesResponse(
  context: Context<ApiEnv>,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Response {
  return context.body(new Uint8Array(bytes), 200, { 'Content-Type': BYTES_MEDIA_TYPE, ...headers });
}

/** RFC 9110, section 12.5.3, as far as clients of logs go. */
function acceptsGzip(context: Context<ApiEnv>): boolean {
  const codings = (context.req.header('Accept-Encoding') ?? '').split(',').map((coding) => coding.trim());
  return codings.some((coding) => /^gzip(?:$|\s*;)/i.test(coding) && !/;\s*q=0(?:\.0*)?$/i.test(coding));
}

function noSuchTile(): ApiError {
  return new ApiError(404, `The log has no such tile: a tile has at most ${TILE_WIDTH} hashes or entries.`);
}
