import { z } from 'zod';
import type { JsonObject } from '../connectors/sdk/index.ts';
import { digest, timestamp } from './account/schema.ts';
import type { Item } from './item.ts';
import { evidenceWindow, itemId } from './manifest.ts';

/** The shape of an item, for reading what somebody else holds out as one. Closed: unknown properties are refused. */

const text = z.string().max(4096);
const named = z.string().min(1).max(4096);
const count = z.int().nonnegative();

/** Canonical JSON was checked before, so any object is a JSON object. */
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const redaction = z.strictObject({
  path: named,
  rule: named,
  action: z.enum(['mask', 'drop', 'generalize', 'pseudonymize', 'digest', 'count']),
  count,
});

const provenance = z.strictObject({
  connector: named,
  read: named,
  /** `unproven` on the refusal of a read that no guard has proven. */
  readDigest: z.union([digest, z.literal('unproven')]),
  run: named,
  policy: z.strictObject({ digest, version: named }),
  fields: z.record(z.string(), text),
  redactions: z.array(redaction),
  dropped: z.strictObject({ count, names: z.array(text) }),
  completeness: z.strictObject({
    state: z.enum(['complete', 'partial', 'unknown']),
    read: count,
    expected: count.nullable(),
    reason: text.nullable(),
  }),
  cost: z.strictObject({
    durationMs: count,
    rows: count,
    bytes: count,
    calls: count,
    sourceMs: count.exactOptional(),
  }),
});

export const itemSchema: z.ZodType<Item> = z.strictObject({
  id: itemId,
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\/v\d+$/, 'must look like postgresql.blocking_tree/v1'),
  class: z.enum(['change', 'symptom', 'state', 'gap', 'refusal']),
  connection: named,
  stream: named,
  entity: named,
  related: z.array(named),
  occurredAt: timestamp,
  observedAt: timestamp,
  window: evidenceWindow.exactOptional(),
  body: jsonObject,
  provenance,
});
