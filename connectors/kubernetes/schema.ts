import { parse } from 'yaml';
import { z } from 'zod';
import { ConnectorError } from '../sdk/index.ts';

/**
 * A read of one resource kind, as written in `queries/<kind>.yaml`. It says what is asked of the API server, which
 * fields of the answer may be looked at for changes, and which states of an object are symptoms. Adding a kind is
 * adding such a file and its row in manifest.yaml.
 */

/** `spec.containers[name].image`, `spec.hard.*`, `spec.rules[*].host`, `metadata.annotations["example.com/x"]`. */
const fieldPath = z
  .string()
  .regex(/^[A-Za-z*]([A-Za-z0-9.*]|\[(\*|[A-Za-z,]+|"[^"]+")\])*$/, 'must be a field path');

const changeRule = z.strictObject({
  path: fieldPath,
  /**
   * `value`: shown as it is (a scalar that is no free text; anything else is digested). `digest`: a keyed digest, so
   * that a change is seen and the value is not. `label`: a value for well-known label keys, else a digest.
   */
  show: z.enum(['value', 'digest', 'label']),
});
export type ChangeRule = z.infer<typeof changeRule>;

/** A condition that hurts. `reason` is used when the condition carries none of its own or `rename` is set. */
const conditionRule = z.strictObject({
  type: z.string(),
  when: z.array(z.enum(['True', 'False', 'Unknown'])).min(1),
  reason: z.string().optional(),
  /** Puts `reason` first and the condition's own reason into `detail`. */
  rename: z.boolean().default(false),
  except: z.array(z.string()).default([]),
});
export type ConditionRule = z.infer<typeof conditionRule>;

const flagRule = z.strictObject({
  path: fieldPath,
  equals: z.union([z.boolean(), z.number(), z.string()]).optional(),
  above: z.number().optional(),
  reason: z.string(),
  /** Only where the field was written within the look-back: a long-standing state is no news. */
  recent: z.boolean().default(false),
  /** Not while this condition is True. */
  unless: z.string().optional(),
});
export type FlagRule = z.infer<typeof flagRule>;

const shortfallRule = z.strictObject({
  desired: fieldPath,
  actual: fieldPath,
  /** What `desired` is when absent; the API omits defaults and zeros. */
  otherwise: z.number().default(0),
  reason: z.string(),
  /** Only when listed: while watching, a condition of the object tells it better. */
  whenListed: z.boolean().default(false),
});
export type ShortfallRule = z.infer<typeof shortfallRule>;

const referenceRule = z.strictObject({
  path: fieldPath,
  /** The kind named, or where the object itself says it: `{ path: spec.scaleTargetRef.kind }`. */
  kind: z.union([z.string(), z.strictObject({ path: fieldPath })]),
  cluster: z.boolean().default(false),
});
export type ReferenceRule = z.infer<typeof referenceRule>;

const historyRule = z.strictObject({
  /** List of the objects that keep earlier templates. */
  list: z.string().regex(/^\/apis\/apps\/v1\/[a-z]+$/),
  template: fieldPath,
  revision: fieldPath,
});
export type HistoryRule = z.infer<typeof historyRule>;

const detailRule = z.strictObject({ contains: z.string().min(3), detail: z.string() });

/** The one word that a message is turned into, by a substring; the message itself never leaves. */
export type DetailRule = z.infer<typeof detailRule>;

export const INVENTORY_FIELDS = [
  'desired',
  'ready',
  'updated',
  'available',
  'unavailable',
  'current',
  'minimum',
  'maximum',
  'observedGeneration',
  'revision',
  'phase',
  'suspended',
  'paused',
] as const;
export type InventoryField = (typeof INVENTORY_FIELDS)[number];

export const resourceQuery = z
  .strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    resource: z.string().regex(/^[a-z]+$/),
    /** What is sent: GET on this path, with `limit`, `continue`, `watch`, `resourceVersion` as the protocol says. */
    list: z.string().regex(/^\/(api|apis\/[a-z0-9.-]+)\/v[a-z0-9]+\/[a-z]+$/),
    namespaced: z.boolean(),
    verbs: z.tuple([z.literal('list'), z.literal('watch')]),
    /** `metadata` asks for PartialObjectMetadata and refuses any answer that holds more. */
    accept: z.enum(['full', 'metadata']),
    /** False for objects that are only looked at once (events): nothing is kept about them. */
    remembered: z.boolean().default(true),
    /** False where objects are only looked at for symptoms: their changes are consequences. */
    changed: z.boolean().default(true),
    /** Changes that a controller makes to an object it owns are consequences, not causes: leave them out. */
    quietWhenOwned: z.boolean().default(false),
    /** Managers that make objects of this kind as a matter of course (`kube-apiserver` always counts as one). */
    madeByDefault: z.array(z.string()).default([]),
    /** Where the pod template is; its fields are listed in pod-template.ts. An empty string: the object is a pod. */
    podTemplate: z.string().optional(),
    changes: z.array(changeRule).default([]),
    /** Changes that this manager makes through this subresource are churn. */
    noise: z
      .array(z.strictObject({ path: fieldPath, manager: z.string(), subresource: z.string().optional() }))
      .default([]),
    history: historyRule.optional(),
    /** Condition types whose every change of status is a change of this object; `phase` stands for status.phase. */
    transitions: z.array(z.string()).default([]),
    conditions: z.array(conditionRule).default([]),
    phases: z.array(z.strictObject({ phase: z.string(), reason: z.string() })).default([]),
    flags: z.array(flagRule).default([]),
    shortfalls: z.array(shortfallRule).default([]),
    /** A number whose decrease is a symptom, unless it is noise. */
    decreases: z.array(z.strictObject({ path: fieldPath, reason: z.string() })).default([]),
    /** Symptoms that need more than a rule: see symptoms/. */
    special: z.enum(['containers', 'events', 'quota', 'endpoints']).optional(),
    /** For events: Normal events that are let in, by reason; Warnings always are. */
    normalReasons: z.array(z.string()).default([]),
    details: z.array(detailRule).default([]),
    references: z.array(referenceRule).default([]),
    inventory: z.partialRecord(z.enum(INVENTORY_FIELDS), fieldPath).optional(),
  })
  .superRefine((query, context) => {
    if (query.resource === 'secrets' || query.kind === 'Secret') {
      context.addIssue({ code: 'custom', path: ['resource'], message: 'secrets are never read' });
    }
    if (!query.list.endsWith(`/${query.resource}`)) {
      context.addIssue({
        code: 'custom',
        path: ['list'],
        message: `must be the list of "${query.resource}"`,
      });
    }
  });
export type ResourceQuery = z.infer<typeof resourceQuery>;

/** Parses a query file. Throws CONFIG, naming the read and every field that is wrong. */
export function parseQuery(read: string, source: string): ResourceQuery {
  const result = resourceQuery.safeParse(parse(source));
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw new ConnectorError('CONFIG', `the query file of read "${read}" is not valid: ${issues.join('; ')}`, {
    hint: 'Compare it with another file in connectors/kubernetes/queries.',
  });
}

/** The API group of a query: empty for the core group. */
export function apiGroup(query: ResourceQuery): string {
  return query.list.startsWith('/api/') ? '' : (query.list.split('/')[2] ?? '');
}
