import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGap, type JsonValue, type StatePatch } from '../../sdk/index.ts';
import type { RowOf } from '../columns.ts';
import type { Asked, ReadContext } from './reader.ts';
import { readSchema, type schemaQuery } from './schema.ts';

type Row = RowOf<typeof schemaQuery>;

const row = (kind: Row['kind'], part: string | null, fields: Partial<Row> = {}): Row => ({
  kind,
  schema: 'shop',
  object: 'orders',
  part,
  type: null,
  nullable: null,
  valid: null,
  definition: null,
  default_value: null,
  privileges: null,
  ...fields,
});
const ROWS = [
  row('table', null, { privileges: 'acl' }),
  row('column', 'total', { type: 'numeric', nullable: false, default_value: '0' }),
  row('index', 'orders_pkey', { valid: true, definition: 'create index a' }),
];
const PLACE = {
  now: '2026-11-21T00:00:00.000Z',
  role: 'r',
  database: 'shop',
  version: 180_004,
  readsStats: true,
};

/** Reads with one key after the other; state goes from one to the next. Returns the changes that the last one told. */
async function changesOver(...reads: readonly (readonly [key: string, rows: readonly Row[]])[]) {
  let state = new Map<string, JsonValue>();
  let told: readonly unknown[] = [];
  for (const [key, rows] of reads) {
    const context = contextOf(key, rows, state);
    const { records, state: patch } = await readSchema(context);
    state = patched(state, patch);
    told = records.flatMap((record) =>
      isGap(record) || record.stream !== 'schema_changes' ? [] : [record.body],
    );
  }
  return told;
}

function contextOf(key: string, rows: readonly Row[], state: ReadonlyMap<string, JsonValue>): ReadContext {
  return {
    connection: 'orders-db',
    thresholds: { idleInTransactionSymptom: 1, longTransactionSymptom: 1 },
    digest: (value) => createHmac('sha256', key).update(JSON.stringify(value)).digest('base64url'),
    state,
    scope: { includes: () => true } as unknown as ReadContext['scope'],
    ask: async <R>() => ({ rows, facts: PLACE, truncated: false }) as unknown as Asked<R>,
  };
}

function patched(state: ReadonlyMap<string, JsonValue>, patch: StatePatch | undefined) {
  const next = new Map(state);
  for (const key of patch?.delete ?? []) next.delete(key);
  for (const [key, value] of Object.entries(patch?.set ?? {})) next.set(key, value);
  return next;
}

describe('the schema read, when the key of digests changes', () => {
  const [table, , index] = ROWS as [Row, Row, Row];
  const changed = [
    table,
    row('column', 'total', { type: 'text', nullable: false, default_value: '1' }),
    index,
  ];

  it('tells a changed default as long as the key is the same', async () => {
    const told = await changesOver(['one', ROWS], ['one', changed]);
    expect(told).toMatchObject([{ part: 'total' }, { part: 'total' }]);
  });

  it('tells no change that is only one of the key', async () => {
    expect(await changesOver(['one', ROWS], ['two', ROWS])).toEqual([]);
  });

  it('still tells what does not depend on the key', async () => {
    const told = await changesOver(['one', ROWS], ['two', changed]);
    expect(told).toMatchObject([{ part: 'total', from: 'numeric', to: 'text' }]);
    expect(await changesOver(['one', ROWS], ['two', [table]])).toHaveLength(2);
  });

  it('compares everything again from the next read on', async () => {
    const told = await changesOver(['one', ROWS], ['two', ROWS], ['two', changed]);
    expect(told).toHaveLength(2);
  });
});
