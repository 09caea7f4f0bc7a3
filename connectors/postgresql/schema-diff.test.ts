import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  diffSchemas,
  foldParts,
  keyOf,
  nameOf,
  type Schema,
  type SchemaChange,
  type SchemaKind,
  type SchemaObject,
  schemaOf,
  subjectOf,
  typeWord,
} from './schema-diff.ts';

const KINDS: readonly SchemaKind[] = [
  'table',
  'view',
  'column',
  'index',
  'constraint',
  'trigger',
  'function',
  'enum',
];
const word = fc.constantFrom('a', 'b', 'c.d', '"', ',');

const object: fc.Arbitrary<SchemaObject> = fc.record({
  kind: fc.constantFrom(...KINDS),
  schema: word,
  object: word,
  part: fc.option(word),
  type: fc.option(fc.constantFrom('int4', 'text')),
  nullable: fc.option(fc.boolean()),
  valid: fc.option(fc.boolean()),
  definition: fc.option(word),
  default: fc.option(word),
  privileges: fc.option(word),
});
const schema = fc.array(object, { maxLength: 30 }).map(schemaOf);

function apply(before: Schema, changes: readonly SchemaChange[]): Schema {
  const after = new Map(before);
  for (const change of changes) {
    if (change.kind === 'added') after.set(keyOf(change.after), change.after);
    else if (change.kind === 'removed') after.delete(keyOf(change.before));
    else {
      const key = keyOf(change.before);
      const current = after.get(key) ?? change.before;
      after.set(key, { ...current, [change.facet]: change.after[change.facet] });
    }
  }
  return after;
}

function mirrored(change: SchemaChange): SchemaChange {
  if (change.kind === 'added') return { kind: 'removed', before: change.after };
  if (change.kind === 'removed') return { kind: 'added', after: change.before };
  return { ...change, before: change.after, after: change.before };
}

const sortedEntries = (one: Schema): readonly unknown[] => [...one].sort(([a], [b]) => (a < b ? -1 : 1));

describe('diffSchemas', () => {
  it('finds nothing between a schema and itself', () => {
    fc.assert(
      fc.property(schema, (a) => {
        expect(diffSchemas(a, schemaOf(a.values()))).toEqual([]);
      }),
    );
  });

  it('tells all that leads from one schema to the other', () => {
    fc.assert(
      fc.property(schema, schema, (a, b) => {
        expect(sortedEntries(apply(a, diffSchemas(a, b)))).toEqual(sortedEntries(b));
      }),
    );
  });

  it('is the same story backwards', () => {
    fc.assert(
      fc.property(schema, schema, (a, b) => {
        expect(diffSchemas(b, a)).toEqual(diffSchemas(a, b).map(mirrored));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(schema, schema, (a, b) => {
        const shuffled = schemaOf([...b.values()].reverse());
        expect(diffSchemas(a, shuffled)).toEqual(diffSchemas(a, b));
      }),
    );
  });

  it('has a word for every change', () => {
    fc.assert(
      fc.property(schema, schema, (a, b) => {
        for (const change of diffSchemas(a, b)) expect(nameOf(change)).toMatch(/^[a-z_]{1,40}$/);
      }),
    );
  });
});

const table = (name: string): SchemaObject => part('table', name, null);
function part(
  kind: SchemaKind,
  owner: string,
  name: string | null,
  facets: Partial<SchemaObject> = {},
): SchemaObject {
  return {
    kind,
    schema: 'public',
    object: owner,
    part: name,
    type: null,
    nullable: null,
    valid: null,
    definition: null,
    default: null,
    privileges: null,
    ...facets,
  };
}

describe('foldParts', () => {
  it('counts the parts of a new table instead of telling each', () => {
    const after = schemaOf([
      table('t'),
      part('column', 't', 'a'),
      part('index', 't', 'i'),
      part('function', 't', 'int4'),
    ]);
    expect(
      foldParts(diffSchemas(new Map(), after)).map(({ change, parts }) => [nameOf(change), parts]),
    ).toEqual([
      ['object_added', 0],
      ['object_added', 2],
    ]);
  });

  it('tells the parts of a table that stays', () => {
    const before = schemaOf([table('t'), part('index', 't', 'i')]);
    const after = schemaOf([table('t'), part('column', 't', 'a')]);
    expect(foldParts(diffSchemas(before, after)).map(({ change }) => nameOf(change))).toEqual([
      'column_added',
      'index_removed',
    ]);
  });

  it('loses no change: what is not told is a part of what is', () => {
    fc.assert(
      fc.property(schema, schema, (a, b) => {
        const changes = diffSchemas(a, b);
        const told = new Set(foldParts(changes).map(({ change }) => change));
        const whole = new Set([...told].map((change) => ownerOf(change)));
        for (const change of changes) expect(told.has(change) || whole.has(ownerOf(change))).toBe(true);
      }),
    );
  });
});

function ownerOf(change: SchemaChange): string {
  const { schema: name, object: owner } = subjectOf(change);
  return JSON.stringify([change.kind, name, owner]);
}

describe('nameOf', () => {
  it.each([
    ['index', { valid: true }, { valid: false }, 'index_invalid'],
    ['index', { valid: false }, { valid: true }, 'index_valid'],
    ['index', { definition: 'x' }, { definition: 'y' }, 'index_changed'],
    ['constraint', { valid: false }, { valid: true }, 'constraint_validated'],
    ['constraint', { type: 'c' }, { type: 'u' }, 'constraint_changed'],
    ['trigger', { valid: true }, { valid: false }, 'trigger_disabled'],
    ['column', { default: 'x' }, { default: null }, 'default_changed'],
    ['column', { nullable: true }, { nullable: false }, 'nullability_changed'],
    ['column', { type: 'int4' }, { type: 'int8' }, 'type_changed'],
    ['column', { privileges: 'x' }, { privileges: 'y' }, 'privileges_changed'],
    ['view', { definition: 'x' }, { definition: 'y' }, 'definition_changed'],
    ['function', { definition: 'x' }, { definition: 'y' }, 'definition_changed'],
  ] as const)('of %s %o → %o is %s', (kind, from, to, name) => {
    const changes = diffSchemas(schemaOf([part(kind, 't', 'p', from)]), schemaOf([part(kind, 't', 'p', to)]));
    expect(changes.map(nameOf)).toEqual([name]);
  });
});

describe('typeWord', () => {
  it.each([
    ['numeric(10,2)', 'numeric:10:2'],
    ['character varying(20)', 'varchar:20'],
    ['timestamp(3) with time zone', 'timestamptz:3'],
    ['time without time zone[]', 'time[]'],
    ['double precision', 'float8'],
    ['interval day to second', 'interval_day_to_second'],
    ['integer, character varying', 'integer:varchar'],
    ['"odd type"', '"odd_type"'],
    ['', ''],
  ])('makes %s into %s', (type, expected) => {
    expect(typeWord(type)).toBe(expected);
  });
});
