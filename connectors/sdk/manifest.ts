import { z } from 'zod';

/**
 * The manifest is the one place a connector is described. Policy, docs, chart, RBAC, tests and the API read it;
 * a connector without a valid one does not load.
 */

const identifier = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'must be lower case: letters, digits, _ and -');

const DURATION_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** `250ms`, `2s`, `5m`, `1h`, `30d`; in milliseconds after parsing. */
export const duration = z
  .string('must be a duration such as 250ms, 2s or 5m')
  .regex(/^\d+(ms|s|m|h|d)$/, 'must be a duration such as 250ms, 2s or 5m')
  .transform((text) => measured(text, DURATION_MS));

/** `512B`, `64KiB`, `1MiB`; in bytes after parsing. */
export const size = z
  .string('must be a size such as 64KiB or 1MiB')
  .regex(/^\d+(B|KiB|MiB|GiB)$/, 'must be a size such as 64KiB or 1MiB')
  .transform((text) => measured(text, SIZE_BYTES));

function measured(text: string, units: Readonly<Record<string, number>>): number {
  const [, count = '', unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? [];
  return Number(count) * (units[unit] ?? Number.NaN);
}

export const syncMode = z.enum(['full', 'incremental', 'cdc', 'streaming', 'writeback']);
export type SyncMode = z.infer<typeof syncMode>;

/**
 * In order of openness; a policy may move a field to the right, and to the left only by naming it. `scan` stands beside
 * `keep`: it shows the value itself wherever no detector finds anything, and nothing finds an ordinary login.
 */
export const TREATMENTS = ['keep', 'scan', 'generalize', 'pseudonymize', 'digest', 'count', 'drop'] as const;
export const treatment = z.enum(TREATMENTS);
export type Treatment = z.infer<typeof treatment>;

/** What a value may tell: policies allow by class. */
export const dataClass = z.enum([
  'identifier', // names of technical objects: relations, pods, namespaces, repositories
  'measurement', // numbers
  'enumeration', // one of a closed set: states, reasons, lock modes
  'timestamp',
  'reference', // pointers to other evidence: shas, uids, image references, digests
  'configuration', // values of settings and allowlisted spec paths
  'person', // names people or their accounts
  'network', // addresses
  'text', // free text
]);
export type DataClass = z.infer<typeof dataClass>;

/**
 * The shape a value must have to pass the gate; anything else is dropped and counted. All but `text` are too narrow
 * to carry prose, so `keep` is safe on them.
 */
export const FIELD_TYPES = [
  'boolean',
  'integer',
  'number',
  'timestamp', // RFC 3339
  'duration', // ISO 8601 or a count with a unit
  'name', // one technical name, at most 253 characters, no white space
  'token', // one word of a closed vocabulary: letters, digits, _ and -
  'path', // a field path such as spec.template.spec.containers[name=app].image
  'sha', // hexadecimal object id
  'uuid',
  'digest', // `<algorithm>:<hex or base64url>`
  'image', // OCI image reference
  'quantity', // Kubernetes quantity
  'address', // IP address or network
  'scalar', // boolean, number, or one name, token, quantity or image
  'text',
] as const;
export const fieldType = z.enum(FIELD_TYPES);
export type FieldType = z.infer<typeof fieldType>;

export const fieldSpec = z
  .strictObject({
    type: fieldType,
    class: dataClass,
    treatment,
    description: z.string().min(1),
    sample: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  })
  .refine((field) => field.type !== 'text' || !['keep', 'generalize'].includes(field.treatment), {
    message: 'free text can not be kept: use scan, digest, count or drop',
    path: ['treatment'],
  });
export type FieldSpec = z.infer<typeof fieldSpec>;

/** Dot path into the body; `[]` steps into every element of an array: `changes[].path`. */
const fieldPath = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*(\[\])?(\.[A-Za-z_][A-Za-z0-9_]*(\[\])?)*$/);

export const budgetSpec = z.strictObject({
  duration,
  rows: z.int().positive(),
  bytes: size,
  calls: z.int().positive(),
  /** What the planner may reckon for one statement, in its own unit (`seq_page_cost` is 1); for sources that plan. */
  cost: z.int().positive().optional(),
});

export const readSpec = z.strictObject({
  id: identifier,
  title: z.string().min(1),
  /** What is sent to the source, as a file of the connector. */
  file: z.string().regex(/^queries\/[a-z0-9_.-]+$/),
  /** What else it sends, one file each: of `queries/cdc.sql` the step `drop` is `queries/cdc.drop.sql`. */
  steps: z.array(identifier).optional(),
  language: z.enum(['sql/postgresql', 'pgbouncer', 'kubernetes', 'rest', 'graphql']),
  mode: syncMode,
  emits: z.array(identifier).min(1),
  /** How often it runs; a streaming read runs always and is restarted after this long. */
  interval: duration,
  budget: budgetSpec,
  /** Rights without which this read is a gap, in the source's own terms. */
  needs: z.array(z.string().min(1)).default([]),
  /**
   * Reads that run more often for a while once this one has emitted a symptom: what a cheap read notices, they explain.
   * A burst lasts `duration`, and the next begins `rest` after its start at the earliest.
   */
  wakes: z
    .strictObject({
      reads: z.array(identifier).min(1),
      interval: duration,
      duration: duration,
      rest: duration,
    })
    .optional(),
  /** Off unless a flag of the policy names it, with an owner and an end; `cdc` and `writeback` reads always are. */
  capability: identifier.optional(),
});
export type ReadSpec = z.infer<typeof readSpec>;

export const streamSpec = z.strictObject({
  id: identifier,
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\/v\d+$/, 'must look like postgresql.blocking_tree/v1'),
  description: z.string().min(1),
  classes: z.array(z.enum(['change', 'symptom', 'state'])).min(1),
  primaryKey: z.array(z.string()).min(1),
  cursor: z.string().nullable(),
  /** Its records hold rows of a view: besides the fields below, `rows[]` with the columns that a policy names for it. */
  columns: z.literal('views').optional(),
  /** At most 60: a stream with more says several things, and the gate keeps its books in one number. */
  fields: z
    .record(fieldPath, fieldSpec)
    .refine((fields) => Object.keys(fields).length <= 60, 'a stream has at most 60 fields: split it'),
});
export type StreamSpec = z.infer<typeof streamSpec>;

export const connectorManifest = z
  .strictObject({
    apiVersion: z.literal('exhibit/v1'),
    kind: z.literal('Connector'),
    id: identifier,
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a semantic version'),
    title: z.string().min(1),
    summary: z.string().min(1),
    category: z.enum([
      'database',
      'orchestrator',
      'source-control',
      'warehouse',
      'saas',
      'broker',
      'object-store',
    ]),
    family: z.enum(['sql', 'warehouse', 'streaming', 'api', 'nosql', 'object-store', 'file']),
    stability: z.enum(['development', 'alpha', 'beta', 'stable', 'deprecated']),
    capabilities: z.array(syncMode).min(1),
    runners: z.array(z.enum(['in-process'])).min(1),
    auth: z.array(z.strictObject({ method: identifier, description: z.string().min(1) })).min(1),
    /** Config keys that name the hosts contacted. */
    egress: z.array(z.string()).min(1),
    secrets: z.array(z.string()),
    privileges: z.string().regex(/^privileges\//),
    /**
     * Rights beyond those that reads need, for which `authenticate` looks, in its words; "*" at the end stands for what
     * the source says there. A policy can refuse them, and those that reads need.
     */
    rights: z.array(z.string().min(1)).default([]),
    reads: z.array(readSpec).min(1),
    streams: z.array(streamSpec).min(1),
    compliance: z.strictObject({
      dataCategories: z.array(dataClass).min(1),
      neverReads: z.array(z.string()).min(1),
    }),
    owners: z.array(z.string()).min(1),
    /** A config that parses, for the conformance suite; secrets as `{ env: NAME }`. */
    test: z.strictObject({ config: z.record(z.string(), z.unknown()) }),
  })
  .superRefine((manifest, context) => {
    const streams = new Set(manifest.streams.map((stream) => stream.id));
    for (const [index, read] of manifest.reads.entries()) {
      for (const [position, stream] of read.emits.entries()) {
        if (streams.has(stream)) continue;
        context.addIssue({
          code: 'custom',
          path: ['reads', index, 'emits', position],
          message: `"${stream}" is not a stream of this manifest`,
        });
      }
      for (const [position, woken] of (read.wakes?.reads ?? []).entries()) {
        if (woken !== read.id && manifest.reads.some(({ id }) => id === woken)) continue;
        context.addIssue({
          code: 'custom',
          path: ['reads', index, 'wakes', 'reads', position],
          message: `"${woken}" is not another read of this manifest`,
        });
      }
      if (!manifest.capabilities.includes(read.mode)) {
        context.addIssue({
          code: 'custom',
          path: ['reads', index, 'mode'],
          message: `"${read.mode}" is not among the capabilities`,
        });
      }
    }
    for (const list of ['reads', 'streams'] as const) {
      const ids = manifest[list].map((entry) => entry.id);
      for (const [index, id] of ids.entries()) {
        if (ids.indexOf(id) !== index) {
          context.addIssue({ code: 'custom', path: [list, index, 'id'], message: `"${id}" is there twice` });
        }
      }
    }
  });
export type ConnectorManifest = z.infer<typeof connectorManifest>;
