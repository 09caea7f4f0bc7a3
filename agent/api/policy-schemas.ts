import { z } from '@hono/zod-openapi';
import { VIEW } from '../../policies/explain-view.ts';
import { pageQuery, strictQuery } from './schemas.ts';

/** What requests and responses about policies look like. */

const MAX_LAYERS = 32;
const MAX_SIGNATURES = 32;

const layer = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(512)
      .regex(/^\P{C}*$/u, 'must not hold control characters')
      .openapi({
        example: 'acme.yaml',
        description: 'A preset, with or without `preset:`; otherwise a label for the text, such as its file.',
        pattern: '^\\P{C}*$',
      }),
    text: z
      .string()
      .max(1024 * 1024)
      .optional()
      .openapi({ description: 'The policy file, as YAML.' }),
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be the digest of a text')
      .optional()
      .openapi({
        description:
          'Of the text. A layer of a version that was in force can be sent as it was given out, or without its text.',
      }),
    signatures: z
      .array(z.union([z.string().max(64 * 1024), z.looseObject({})]))
      .max(MAX_SIGNATURES)
      .optional()
      .openapi({ description: 'Sigstore bundles over the exact bytes of the text.' }),
  })
  .openapi('PolicyLayerInput');

const layers = z
  .array(layer)
  .min(1)
  .max(MAX_LAYERS)
  .openapi({
    description: 'In order of layering.',
    example: [{ name: 'standard' }, { name: 'acme.yaml', text: 'apiVersion: exhibit/v1\n…' }],
  });

/** Why somebody does what others will ask about. */
const reason = z
  .string()
  .trim()
  .min(10, 'must say why, in at least 10 characters')
  .max(500)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters')
  .openapi({
    description: 'Kept in the audit trail.',
    example: 'ticket OPS-17: show lock waits',
    pattern: '^\\P{Cc}*$',
  });

const name = z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, 'must be an id');

export const candidateBody = z
  .strictObject({
    layers,
    as: z
      .enum(['api', 'files'])
      .default('api')
      .openapi({ description: 'Whether it would be applied here, or be what agent.yaml names.' }),
  })
  .openapi('PolicyCandidate');

/** Versions are named by their digests, so that texts need not travel to be compared. */
const kept = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'must be the digest of a version')
  .openapi({ description: 'A version that was in force, instead of texts.' });
const EITHER = { message: 'must have either layers or version', path: ['layers'] };
export const comparedBefore = z
  .strictObject({ layers: layers.optional(), version: kept.optional() })
  .refine((side) => (side.layers === undefined) !== (side.version === undefined), EITHER)
  .openapi('ComparedPolicy', { description: 'What to compare with; default: the policy in force.' });

export const diffBody = z
  .strictObject({
    layers: layers.optional(),
    version: kept.optional(),
    before: comparedBefore.optional(),
    replay: z
      .boolean()
      .default(false)
      .openapi({ description: 'Whether to tell its effect on what is stored.' }),
  })
  .refine((side) => (side.layers === undefined) !== (side.version === undefined), EITHER)
  .openapi('PolicyComparison');

export const applyBody = z.strictObject({ layers, reason }).openapi('ApplyPolicy');

export const applyHeaders = z.object({
  'if-match': z
    .string()
    .regex(/^"sha256:[0-9a-f]{64}"$/, 'must be the digest in force, in quotes')
    .openapi({ description: 'The digest that was in force when the candidate was compared with it.' }),
});

const STREAM = /^(?:[a-z][a-z0-9_-]{0,62}\/)?[a-z][a-z0-9_-]{0,62}$/;
const STREAM_OR_VIEW = new RegExp(`${STREAM.source}|${VIEW.source}`);

export const explainBody = z
  .strictObject({
    layers: layers.optional().openapi({ description: 'Default: the policy in force.' }),
    connection: name,
    stream: z
      .string()
      .regex(
        STREAM_OR_VIEW,
        'must be a stream such as pull_requests or github/pull_requests, or a view such as rca.queues',
      )
      .openapi({ description: 'A stream, <connector>/<stream> or <stream>; or a view, <schema>.<view>.' }),
    field: z.string().min(1).max(256).optional().openapi({ description: 'Of a view, a column.' }),
  })
  .openapi('ExplainPolicy');

export const previewBody = z
  .strictObject({ layers: layers.optional(), connection: name, read: name })
  .openapi('PreviewPolicy');

export const decisionQuery = strictQuery({
  connection: name.optional(),
  decision: z.enum(['allow', 'deny', 'withhold', 'redact-hit', 'canary']).optional(),
  since: z.iso.datetime().optional().openapi({ description: 'Seen at this time or later.' }),
  ...pageQuery.shape,
});

export const stopParams = z.object({
  connection: name.openapi({ param: { name: 'connection', in: 'path' } }),
  stream: name.openapi({ param: { name: 'stream', in: 'path' } }),
});

export const reasonQuery = strictQuery({ reason });

/** Responses, as documentation. */

const timestamp = z.iso.datetime();
const digest = z.string().openapi({ example: `sha256:${'0'.repeat(64)}` });
const source = z.enum(['start', 'reload', 'api', 'expiry']);

const policyProblem = z
  .object({
    file: z.string(),
    line: z.int(),
    column: z.int(),
    path: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  })
  .openapi('PolicyProblem', { description: 'What is wrong, or without effect, and where.' });

const shownText = z.string().openapi({
  description: 'What detectors find in it is masked; the digest is of the text as it was written.',
});

const signer = z.object({ keyId: digest, role: z.enum(['author', 'approver']) });

export const policyInForce = z
  .object({
    version: z.string().openapi({ example: 'standard@1+acme@4' }),
    digest,
    source,
    by: z.string(),
    reason: z.string().nullable(),
    appliedAt: timestamp,
    compiledAt: timestamp,
    validUntil: timestamp.nullable().openapi({ description: 'When a flag or an emergency begins or ends.' }),
    layers: z.array(
      z.object({
        name: z.string(),
        preset: z.boolean(),
        digest,
        text: shownText,
        signers: z.array(signer),
      }),
    ),
    warnings: z.array(policyProblem),
    stops: z.array(
      z.object({ connection: z.string(), stream: z.string(), canary: z.string(), since: z.string() }),
    ),
    lastFailure: z
      .object({
        at: timestamp,
        source,
        code: z.string(),
        message: z.string(),
        hint: z.string().nullable(),
        problems: z.array(policyProblem),
      })
      .nullable()
      .openapi({ description: 'Why what is configured is not in force; null when it is.' }),
    mayApply: z.boolean(),
  })
  .openapi('PolicyInForce');

const versionHead = {
  version: z.string(),
  digest,
  appliedAt: timestamp,
  by: z.string(),
  source,
  signers: z.array(digest),
  risk: z.enum(['none', 'low', 'medium', 'high']),
  active: z.boolean(),
};

export const policyVersionPage = z
  .object({
    items: z.array(z.object({ ...versionHead, layers: z.array(z.object({ name: z.string(), digest })) })),
    next: z.string().nullable(),
  })
  .openapi('PolicyVersionPage');

export const policyVersion = z
  .object({
    ...versionHead,
    layers: z.array(z.object({ name: z.string(), digest, text: shownText })),
    changes: z.unknown().openapi({ description: 'What it opened and closed, against the version before.' }),
  })
  .openapi('PolicyVersion');

export const decisionPage = z
  .object({
    items: z.array(
      z.object({
        connection: z.string(),
        read: z.string(),
        policy: digest,
        decision: z.string(),
        code: z.string(),
        reason: z.string(),
        firstAt: timestamp,
        lastAt: timestamp,
        count: z.int(),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('DecisionPage');

export const auditPage = z
  .object({
    items: z.array(
      z.object({
        sequence: z.int(),
        hash: digest,
        at: timestamp,
        actor: z.string(),
        action: z.string(),
        target: z.string(),
        outcome: z.enum(['done', 'refused']),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    next: z.string().nullable(),
  })
  .openapi('AuditPage');

export const auditVerdict = z
  .object({
    ok: z.boolean(),
    entries: z.int().optional().openapi({ description: 'How many there are, when the chain holds.' }),
    at: z.int().optional().openapi({ description: 'The first entry that is not as it was written.' }),
  })
  .openapi('AuditVerdict');

export const checkReport = z
  .object({
    good: z.boolean().openapi({ description: 'Whether it would come into force.' }),
    outcome: z.enum(['accepted', 'held', 'refused', 'problems']).openapi({
      description:
        'held: these files are not looked at, as what was applied over HTTP holds until they are edited.',
    }),
    refusal: z
      .object({ code: z.string(), message: z.string(), hint: z.string().nullable() })
      .nullable()
      .openapi({ description: 'Why it would not, when there are no problems: signatures, or its version.' }),
    version: z.string().nullable(),
    digest: digest.nullable(),
    validUntil: timestamp.nullable(),
    problems: z.array(policyProblem),
    warnings: z.array(policyProblem),
  })
  .openapi('PolicyCheck');

export const applied = z
  .object({ result: z.enum(['applied', 'unchanged']), version: z.string(), digest })
  .openapi('PolicyApplied');

export const explanation = z.looseObject({}).openapi('PolicyExplanation');
export const policyDiff = z
  .looseObject({ widens: z.boolean(), risk: z.enum(['none', 'low', 'medium', 'high']) })
  .openapi('PolicyDiff');
export const policyPreview = z.looseObject({}).openapi('PolicyPreview');
