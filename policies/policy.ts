import { z } from 'zod';
import { dataClass, duration, size, treatment } from '../connectors/sdk/manifest.ts';

/**
 * A policy as an operator writes it. Default deny: what no rule names does not leave. Rules are read in order, over
 * all files in the order they are layered; the last one that matches a field decides.
 */

const identifier = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower case: letters, digits and -');

/** `postgresql/blocking_tree`, `postgresql/*` or `*`. */
const streamPattern = z
  .string()
  .regex(
    /^(\*|[a-z][a-z0-9_-]*\/(\*|[a-z][a-z0-9_-]*))$/,
    'must be "*", "<connector>/*" or "<connector>/<stream>"',
  );

export const policyRule = z
  .strictObject({
    id: identifier.meta({ description: 'Named in every item that this rule let out.' }),
    description: z.string().min(1),
    streams: z.array(streamPattern).min(1),
    classes: z.array(dataClass).min(1).optional(),
    fields: z.array(z.string().min(1)).min(1).optional(),
    /** Absent: as the manifest declares. More open than the manifest only by naming stream and field. */
    treatment: treatment.optional(),
  })
  .refine((rule) => (rule.classes === undefined) !== (rule.fields === undefined), {
    message: 'must have either classes or fields',
  });
export type PolicyRule = z.infer<typeof policyRule>;

/** Which values of a dimension may be looked at; `*` at the end matches any rest. Deny wins. */
const scopeRule = z.strictObject({
  allow: z.array(z.string().min(1)).default(['*']),
  deny: z.array(z.string().min(1)).default([]),
});
export type ScopeRule = z.infer<typeof scopeRule>;

const budgetRule = z.strictObject({
  /** `postgresql/blocking_tree`: connector and read. */
  reads: z.array(streamPattern).min(1),
  duration: duration.optional(),
  rows: z.int().positive().optional(),
  bytes: size.optional(),
  calls: z.int().positive().optional(),
});

export const policyFile = z
  .strictObject({
    apiVersion: z.literal('exhibit/v1'),
    kind: z.literal('Policy'),
    metadata: z.strictObject({
      name: identifier,
      version: z.string().min(1),
      description: z.string().min(1),
    }),
    rules: z.array(policyRule),
    scope: z
      .partialRecord(z.enum(['namespace', 'database', 'repository']), scopeRule)
      .default({})
      .meta({ description: 'Namespaces, databases and repositories that may be looked at.' }),
    /** Ceilings; the smaller of these and the manifest holds. */
    budgets: z.array(budgetRule).default([]),
  })
  .superRefine((policy, context) => {
    const seen = new Set<string>();
    for (const [index, rule] of policy.rules.entries()) {
      if (seen.has(rule.id)) {
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'id'],
          message: 'another rule has this id',
        });
      }
      seen.add(rule.id);
    }
  });
export type PolicyFile = z.infer<typeof policyFile>;

export function matchesStream(pattern: string, connector: string, stream: string): boolean {
  return pattern === '*' || pattern === `${connector}/*` || pattern === `${connector}/${stream}`;
}
