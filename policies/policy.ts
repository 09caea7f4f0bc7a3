import { z } from 'zod';
import { dataClass, duration, size, treatment } from '../connectors/sdk/manifest.ts';
import { patternSpec } from './patterns/pattern.ts';

/**
 * A policy as an operator writes it. Default deny: what no rule names does not leave. Rules are read in order, over
 * all files in the order they are layered; the last one that matches a field decides. The JSON Schema that editors
 * use is made from this (`exhibit policy schema`).
 */

const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower case: letters, digits and -');

/** Somebody who can be asked: an address, a handle or a team. Shown to operators; never put into items. */
const person = z.string().regex(/^[^\s<>]{1,120}$/, 'must be one address, handle or team name');

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/,
    'must be a time in UTC such as 2026-12-31T18:00:00Z',
  )
  .refine(exists, 'is not a time that exists')
  .transform((text) => new Date(text).toISOString());

/** JavaScript takes the 30th of February for the 2nd of March, and 24:00 for the next day. */
function exists(text: string): boolean {
  const time = new Date(text);
  return (
    !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 'yyyy-mm-ddThh:mm'.length))
  );
}

/** `postgresql/blocking_tree`, `postgresql/*` or `*`. */
const streamPattern = z
  .string()
  .regex(
    /^(\*|[a-z][a-z0-9_-]*\/(\*|[a-z][a-z0-9_-]*))$/,
    'must be "*", "<connector>/*" or "<connector>/<stream>"',
  );

const streams = z.array(streamPattern).min(1).meta({
  description: 'Which streams: "*", "<connector>/*" or "<connector>/<stream>".',
});

export const policyRule = z
  .strictObject({
    id: identifier.meta({ description: 'Named in every item that this rule let out.' }),
    description: z.string().min(1).meta({ description: 'Why this may leave, for whoever reviews it.' }),
    streams,
    classes: z.array(dataClass).min(1).optional().meta({ description: 'All fields of these data classes.' }),
    fields: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .meta({ description: 'These fields, as the manifest names them: changes[].path' }),
    treatment: treatment.optional().meta({
      description:
        'Absent: as the manifest declares. More open than the manifest only by naming stream and field.',
    }),
  })
  .refine((rule) => (rule.classes === undefined) !== (rule.fields === undefined), {
    message: 'must have either classes or fields',
  });
export type PolicyRule = z.infer<typeof policyRule>;

const scopeRule = z.strictObject({
  allow: z.array(z.string().min(1)).default(['*']),
  deny: z.array(z.string().min(1)).default([]),
});
export type ScopeRule = z.infer<typeof scopeRule>;

const budgetRule = z.strictObject({
  reads: z
    .array(streamPattern)
    .min(1)
    .meta({ description: '"<connector>/<read>", with the same wildcards.' }),
  duration: duration.optional(),
  rows: z.int().positive().optional(),
  bytes: size.optional(),
  calls: z.int().positive().optional(),
});

/** What is done with a finding: hide it, leave out the field, or leave out the item and say so. */
export const DETECTOR_ACTIONS = ['mask', 'drop', 'withhold', 'ignore'] as const;
export type DetectorAction = (typeof DETECTOR_ACTIONS)[number];

const detectorRule = z.strictObject({
  detector: identifier.meta({ description: 'A built-in detector or a pattern of this policy.' }),
  streams: streams.default(['*']),
  action: z.enum(DETECTOR_ACTIONS).meta({
    description:
      'mask: hide the finding. drop: leave out the field. withhold: leave out the item. ignore: let it through (detectors of free text only).',
  }),
});
export type DetectorRule = z.infer<typeof detectorRule>;

const columnName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be a column name in lower case');

const viewRule = z.strictObject({
  view: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}\.[a-z_][a-z0-9_]{0,62}$/, 'must be "<schema>.<view>" in lower case')
    .meta({ description: 'A view that was made to be read as evidence.' }),
  description: z.string().min(1),
  columns: z
    .record(columnName, treatment)
    .refine((columns) => Object.keys(columns).length > 0, 'must name at least one column')
    .refine((columns) => Object.keys(columns).length <= 40, 'names at most 40 columns'),
  maxRows: z.int().min(1).max(10_000).default(100),
  groupSize: z
    .strictObject({ column: columnName, atLeast: z.int().min(2) })
    .optional()
    .meta({ description: 'Rows about fewer than this many are left out; the column holds how many.' }),
  from: z
    .array(
      z.string().regex(/^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/, 'must be "<schema>.<table>" in lower case'),
    )
    .default([])
    .meta({
      description:
        'The tables that its definition reads, all of them; of pg_catalog only what the guard lists.',
    }),
  definition: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits')
    .optional()
    .meta({
      description: 'Digest of the definition that was reviewed; with another one the view is not read.',
    }),
});
export type ViewRule = z.infer<typeof viewRule>;

const capabilityFlag = z.strictObject({
  capability: identifier.meta({ description: 'As the manifest names it: cdc, writeback, …' }),
  connectors: z.array(z.string().regex(/^(\*|[a-z][a-z0-9_-]*)$/)).min(1),
  owner: person.meta({ description: 'Who answers for it.' }),
  reason: z.string().min(1),
  expires: moment.meta({ description: 'From then on it is off again.' }),
});
export type CapabilityFlag = z.infer<typeof capabilityFlag>;

const retentionRule = z.strictObject({
  streams: streams.default(['*']),
  classes: z.array(z.enum(['change', 'symptom', 'state', 'gap', 'refusal'])).optional(),
  keep: duration.meta({ description: 'Items older than this lose their content; their hashes stay.' }),
});
export type RetentionRule = z.infer<typeof retentionRule>;

/** No emergency lasts longer without somebody saying so again. */
export const MAX_BREAK_GLASS_MS = 8 * 3_600_000;

const breakGlassRule = z
  .strictObject({
    id: identifier,
    reason: z.string().min(10, 'must say why, in at least 10 characters'),
    requestedBy: person,
    approvedBy: person,
    from: moment,
    expires: moment.meta({ description: 'At most 8 hours after from.' }),
    streams: z.array(streamPattern).min(1),
    fields: z.array(z.string().min(1)).min(1),
    treatment,
  })
  .refine((rule) => rule.approvedBy !== rule.requestedBy, {
    message: 'must be somebody else than who asked',
    path: ['approvedBy'],
  })
  .refine((rule) => rule.expires > rule.from, { message: 'must be after from', path: ['expires'] })
  .refine((rule) => Date.parse(rule.expires) - Date.parse(rule.from) <= MAX_BREAK_GLASS_MS, {
    message: 'must be at most 8 hours after from',
    path: ['expires'],
  });
export type BreakGlassRule = z.infer<typeof breakGlassRule>;

/**
 * Who says to have made the last edit. Anybody can write this: it is told as claimed, beside who applied the file and who
 * signed it, and never put into items.
 */
const changeClaim = z
  .strictObject({
    by: person.meta({ description: 'A handle or a team, not an address.' }),
    reason: z.string().min(10, 'must say why, in at least 10 characters').max(500),
    ticket: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._#/-]{0,60}$/, 'must be the name of a ticket, such as GOV-12')
      .optional(),
  })
  .meta({ description: 'Who made the last edit, and why; say it anew with each. Kept in the audit trail.' });
export type ChangeClaim = z.infer<typeof changeClaim>;

export const policyFile = z
  .strictObject({
    apiVersion: z.literal('exhibit/v1'),
    kind: z.literal('Policy'),
    metadata: z.strictObject({
      name: identifier,
      version: z.string().regex(/^\d+(\.\d+){0,2}$/, 'must be a number such as "7" or "7.1", in quotes'),
      description: z.string().min(1),
      change: changeClaim.optional(),
    }),
    connections: z
      .array(identifier)
      .min(1)
      .optional()
      .meta({ description: 'The connections this file is about; absent: all.' }),
    rules: z.array(policyRule).default([]),
    scope: z
      .partialRecord(z.enum(['namespace', 'database', 'repository']), scopeRule)
      .default({})
      .meta({ description: 'Which may be looked at; "*" at the end matches any rest. Deny wins.' }),
    budgets: z
      .array(budgetRule)
      .default([])
      .meta({ description: 'Ceilings; the smaller of these and the manifest holds.' }),
    detectors: z
      .array(detectorRule)
      .default([])
      .meta({ description: 'What is done with what detectors find; mask where nothing is said.' }),
    patterns: z
      .array(patternSpec)
      .default([])
      .meta({ description: 'Detectors of your own, without regular expressions.' }),
    views: z.array(viewRule).default([]).meta({ description: 'Views of a database that may be read.' }),
    privileges: z
      .strictObject({
        refuse: z.array(z.string().min(1)).default([]).meta({
          description: 'Rights with which a connection is not used at all; "*" at the end matches any rest.',
        }),
      })
      .prefault({}),
    capabilities: z
      .array(capabilityFlag)
      .default([])
      .meta({ description: 'What is off unless somebody answers for it until a date.' }),
    retention: z.array(retentionRule).default([]),
    breakGlass: z
      .array(breakGlassRule)
      .default([])
      .meta({ description: 'Fields opened for one emergency: who, why, and until when.' }),
  })
  .superRefine((policy, context) => {
    for (const list of ['rules', 'patterns', 'breakGlass'] as const) {
      for (const index of repeated(policy[list].map(({ id }) => id))) {
        context.addIssue({ code: 'custom', path: [list, index, 'id'], message: 'another one has this id' });
      }
    }
  });
export type PolicyFile = z.infer<typeof policyFile>;

/** Places of the ids that were there before. */
function repeated(ids: readonly string[]): readonly number[] {
  return ids.flatMap((id, index) => (ids.indexOf(id) === index ? [] : [index]));
}

export function matchesStream(pattern: string, connector: string, stream: string): boolean {
  return pattern === '*' || pattern === `${connector}/*` || pattern === `${connector}/${stream}`;
}

export function matchesAny(patterns: readonly string[], connector: string, stream: string): boolean {
  return patterns.some((pattern) => matchesStream(pattern, connector, stream));
}
