import { z } from '@hono/zod-openapi';
import { duration } from '../../connectors/sdk/index.ts';

/** What requests and responses look like; the OpenAPI document and the validation come from here. */

const CLASSES = ['change', 'symptom', 'state', 'gap', 'refusal'] as const;

/** Unknown parameters are refused: a filter with a typing error would silently return everything. */
export function strictQuery<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape);
  const allowed = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `is not a parameter of this resource; ${allowed}` : undefined,
  });
}

export const noQuery = strictQuery({});

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
const once = { error: 'must be given once, as text' };

/** RFC 3339 with any offset; UTC with milliseconds once parsed, as everything stored is. */
const time = z
  .string(once)
  .max(40)
  .transform((text, context) => {
    const ms = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(ms)) return new Date(ms).toISOString();
    context.addIssue({ code: 'custom', message: 'must be an RFC 3339 time such as 2026-11-21T00:14:02Z' });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-21T00:14:02.000Z' });

const limit = z
  .string(once)
  .regex(/^[0-9]{1,4}$/, 'must be a whole number from 1 to 1000')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 1_000, 'must be a whole number from 1 to 1000')
  .default(100)
  .openapi({ type: 'integer', minimum: 1, maximum: 1_000, default: 100, description: 'Items on a page.' });

const cursor = z
  .string(once)
  .min(1, 'must not be empty')
  .max(512)
  .optional()
  .openapi({ description: 'Opaque: `next` of the page before.' });

export const pageQuery = strictQuery({ limit, cursor });

const classes = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((text) => text.split(',')))
  .pipe(z.array(z.enum(CLASSES, { error: `must be one or more of ${CLASSES.join(', ')}` })).max(16))
  .optional()
  .openapi({
    type: 'array',
    items: { type: 'string', enum: [...CLASSES] },
    description: 'Repeat it, or separate by commas.',
  });

const text = (pattern: RegExp, message: string) =>
  z.string(once).max(2_048).regex(pattern, message).optional();

export const evidenceQuery = strictQuery({
  from: time.optional().openapi({ description: 'Inclusive.' }),
  to: time.optional().openapi({ description: 'Exclusive.' }),
  kind: text(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\/v\d+$/, 'must look like kubernetes.object_changes/v1'),
  class: classes,
  entity: text(
    /^[a-z][a-z0-9+.-]*:\/\/\S*$/,
    'must be an entity URI such as kubernetes://prod/shop/',
  ).openapi({
    description: 'An entity URI, or a prefix when it ends in `/`. Finds items that name it as related, too.',
  }),
  connection: text(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be the id of a connection'),
  limit,
  cursor,
}).refine(({ from, to }) => from === undefined || to === undefined || from < to, {
  path: ['to'],
  message: 'must be later than "from"',
});

export const idParams = z.object({
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be an id')
    .openapi({ param: { name: 'id', in: 'path' } }),
});

export const digestParams = z.object({
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits')
    .openapi({ param: { name: 'digest', in: 'path' } }),
});

const MAX_WINDOW_MS = 31 * 86_400_000;

const scopeValues = z.array(z.string().min(1).max(253)).min(1).max(100).optional();

export const openIncident = z
  .strictObject({
    title: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^\P{Cc}*$/u, 'must not hold control characters')
      .openapi({
        example: 'checkout is slow',
        description: 'Becomes part of the signed bundle.',
        pattern: '^\\P{Cc}*$',
      }),
    window: z
      .strictObject({ from: time, to: time.optional().openapi({ description: 'Default: now.' }) })
      .optional()
      .openapi({ description: 'When it happened; instead of `lookback`.' }),
    lookback: duration
      .refine((ms) => ms > 0 && ms <= MAX_WINDOW_MS, 'must be at most 744h')
      .optional()
      .openapi({ type: 'string', example: '1h', description: 'The time until now. Default: 1h.' }),
    scope: z
      .strictObject({
        connection: scopeValues,
        namespace: scopeValues,
        database: scopeValues,
        repository: scopeValues,
      })
      .default({})
      .openapi({ description: 'Which part of the world; everything when empty.' }),
  })
  .refine(({ window, lookback }) => window === undefined || lookback === undefined, {
    path: ['lookback'],
    message: 'can not be given together with "window"',
  })
  .refine(({ window }) => window?.to === undefined || window.from < window.to, {
    path: ['window', 'to'],
    message: 'must be later than "from"',
  })
  .openapi('OpenIncident');
export type OpenIncidentBody = z.infer<typeof openIncident>;

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .optional()
    .openapi({
      description: 'The same key with the same body opens one incident, however often it is sent.',
    }),
});

/** Responses, as documentation: what is stored goes out as it is. */

const timestamp = z.iso.datetime();
const windowShape = z.object({ from: timestamp, to: timestamp });
const digest = z.string().openapi({ example: `sha256:${'0'.repeat(64)}` });

export const item = z
  .looseObject({
    id: z.string(),
    kind: z.string(),
    class: z.enum(CLASSES),
    connection: z.string(),
    stream: z.string(),
    entity: z.string(),
    related: z.array(z.string()),
    occurredAt: timestamp,
    observedAt: timestamp,
    window: windowShape.optional(),
    body: z.record(z.string(), z.unknown()),
    provenance: z.record(z.string(), z.unknown()),
  })
  .openapi('Item', { description: 'One item of evidence, as it was signed. See docs/evidence-format.md.' });

export const itemPage = z.object({ items: z.array(item), next: z.string().nullable() }).openapi('ItemPage');

export const provenItem = z
  .object({
    item,
    proof: z.object({ salt: z.string(), leaf: digest, manifest: digest }).openapi({
      description: 'leaf = SHA-256(0x00, salt, RFC 8785 bytes of the item); the manifest lists it.',
    }),
  })
  .openapi('ProvenItem');

export const incident = z
  .object({
    id: z.string(),
    title: z.string(),
    window: windowShape,
    scope: z.record(z.string(), z.array(z.string())),
    trigger: z.enum(['api', 'cli']),
    status: z.enum(['open', 'closed']),
    openedAt: timestamp,
    closedAt: timestamp.nullable(),
  })
  .openapi('Incident');

export const incidentPage = z
  .object({ items: z.array(incident), next: z.string().nullable() })
  .openapi('IncidentPage');

export const manifestHead = z
  .object({
    sequence: z.int(),
    digest,
    purpose: z.enum(['run', 'bundle']),
    createdAt: timestamp,
    items: z.int(),
  })
  .openapi('ManifestHead');

export const manifestPage = z
  .object({ items: z.array(manifestHead), next: z.string().nullable() })
  .openapi('ManifestPage');

export const connectionList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        connector: z.string(),
        reads: z.array(
          z.object({
            read: z.string(),
            mode: z.string(),
            intervalMs: z.int(),
            latestRun: z.record(z.string(), z.unknown()).nullable(),
          }),
        ),
        gaps: z.array(
          z.object({
            code: z.string(),
            missing: z.string(),
            reason: z.string(),
            hint: z.string(),
            last: timestamp,
          }),
        ),
      }),
    ),
  })
  .openapi('ConnectionList');

export const connectorTypeList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        version: z.string(),
        title: z.string(),
        summary: z.string(),
        category: z.string(),
        family: z.string(),
        stability: z.string(),
        capabilities: z.array(z.string()),
        reads: z.array(z.object({ id: z.string(), title: z.string(), mode: z.string() })),
        streams: z.array(
          z.object({
            id: z.string(),
            kind: z.string(),
            description: z.string(),
            classes: z.array(z.enum(CLASSES)),
          }),
        ),
      }),
    ),
  })
  .openapi('ConnectorTypeList');

export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({ in: z.enum(['query', 'path', 'header', 'body']), name: z.string(), message: z.string() }),
      )
      .optional(),
  })
  .openapi('Problem', { description: 'RFC 9457' });

export const status = z.object({ status: z.enum(['ok', 'unavailable']) }).openapi('Status');
