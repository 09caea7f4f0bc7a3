import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGap, type JsonValue, type StatePatch } from '../../sdk/index.ts';
import type { Asked, ReadContext } from './reader.ts';
import { readSchema } from './schema.ts';

const column = (type: string, byDefault: string): string =>
  JSON.stringify([1, 'total', null, type, false, byDefault, '', 'c', 's']);

interface Source {
  readonly key: string;
  readonly columns: readonly string[];
  readonly version?: number;
  readonly oid?: string;
}

const rowsOf = ({ columns, oid = '16384' }: Source) => [
  row('database', oid, 'pg_catalog', 'shop', '[null,"10",1795000000.5]'),
  row('role', '10', 'pg_catalog', 'postgres', '[null]'),
  {
    ...row('table', `9${oid}`, 'shop', 'orders', '[null,"10","p","d",false,false]'),
    columns: columns.join(','),
    indexes: '["31","orders_pkey",null,true,"17",true,true]',
  },
];

function row(kind: string, id: string, schema: string, object: string, facts: string) {
  const none = {
    columns: null,
    indexes: null,
    constraints: null,
    triggers: null,
    policies: null,
    rules: null,
  };
  return { kind, id, schema, object, part: null, facts, ...none };
}

/** Reads one source after the other; state goes from one to the next. Returns what the last one told. */
async function told(...sources: readonly Source[]) {
  let state = new Map<string, JsonValue>();
  let records: Awaited<ReturnType<typeof readSchema>>['records'] = [];
  for (const source of sources) {
    const found = await readSchema(contextOf(source, state));
    state = patched(state, found.state);
    records = found.records;
  }
  return records.flatMap((record) =>
    isGap(record) || record.stream !== 'schema_changes' ? [] : [record.body],
  );
}

let asked = 0;

function contextOf(source: Source, state: ReadonlyMap<string, JsonValue>): ReadContext {
  const facts = {
    now: '2026-11-21T00:00:00.000Z',
    role: 'r',
    database: 'shop',
    version: source.version ?? 180_004,
    readsStats: true,
  };
  const answers: Readonly<Record<string, readonly unknown[]>> = {
    // Another each time, as if something else had changed.
    schema_versions: [{ versions: String((asked += 1)) }],
    schema: rowsOf(source),
  };
  return {
    connection: 'orders-db',
    digest: (value: JsonValue) =>
      createHmac('sha256', source.key).update(JSON.stringify(value)).digest('base64url'),
    state,
    scope: { includes: () => true },
    ask: async <R>({ id }: { id: string }) =>
      ({ rows: answers[id], facts, truncated: false }) as unknown as Asked<R>,
  } as unknown as ReadContext;
}

function patched(state: ReadonlyMap<string, JsonValue>, patch: StatePatch | undefined) {
  const next = new Map(state);
  for (const key of patch?.delete ?? []) next.delete(key);
  for (const [key, value] of Object.entries(patch?.set ?? {})) next.set(key, value);
  return next;
}

describe('the schema read', () => {
  const first = { key: 'one', columns: [column('numeric', '11')] };
  const changed = { key: 'one', columns: [column('text', '12')] };
  const TYPE = { change: 'type_changed', part: 'total', from: 'numeric', to: 'text' };

  it('tells nothing on its first read, and every difference on the next', async () => {
    expect(await told(changed)).toEqual([]);
    expect(await told(first, changed)).toMatchObject([TYPE, { change: 'default_changed', part: 'total' }]);
  });

  it('tells no change that is only one of the key, or of the way a new version writes definitions', async () => {
    expect(await told(first, { ...first, key: 'two' })).toEqual([]);
    expect(await told(first, { ...first, version: 190_000 })).toEqual([]);
  });

  it('still tells what does not depend on the key', async () => {
    expect(await told(first, { ...changed, key: 'two' })).toMatchObject([TYPE]);
    expect(await told(first, { ...first, columns: [], key: 'two' })).toMatchObject([
      { change: 'column_removed' },
    ]);
  });

  it('compares everything again from the next read on', async () => {
    expect(await told(first, { ...first, key: 'two' }, { ...changed, key: 'two' })).toHaveLength(2);
  });

  it('goes by names where a restore has given new ids to all', async () => {
    expect(await told(first, { ...first, oid: '20001' })).toMatchObject([]);
    expect(await told(first, { ...changed, oid: '20001' })).toHaveLength(2);
  });

  it('finds what is not a list in a row, and believes nothing', async () => {
    await expect(told(first, { ...first, columns: ['{'] })).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });
});
