import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CatalogChange,
  type CatalogObject,
  diffCatalogs,
  foldParts,
  idOf,
  subjectOf,
} from './schema-diff.ts';
import { tell } from './schema-words.ts';

const KINDS = ['table', 'view', 'function', 'enum', 'column', 'index', 'constraint', 'trigger', 'policy'];
const WHOLES = new Set(KINDS.slice(0, 4));
const word = fc.constantFrom('a', 'b', 'c.d', '"', ',');

const object: fc.Arbitrary<CatalogObject> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    id: fc.constantFrom('1', '2', '3', '4'),
    of: fc.constantFrom('1', '2'),
    schema: word,
    object: word,
    part: word,
    facts: fc.dictionary(
      fc.constantFrom('type', 'nullable', 'definition', 'valid', 'filenode', 'owner'),
      fc.oneof(word, fc.boolean(), fc.constant(null)),
    ),
  })
  .map(({ of, ...rest }) => ({
    ...rest,
    whole: WHOLES.has(rest.kind) ? null : of,
    part: WHOLES.has(rest.kind) ? null : rest.part,
    committed: null,
  }));
/** As a database has them: ids and names are unique. */
const catalog = fc
  .uniqueArray(object, { maxLength: 12, selector: idOf })
  .map((objects) => [
    ...new Map(
      objects.map((one) => [JSON.stringify([one.kind, one.schema, one.object, one.part]), one]),
    ).values(),
  ]);
const identity = fc.constantFrom('id', 'name') as fc.Arbitrary<'id' | 'name'>;

const OPPOSITE = { added: 'removed', removed: 'added' } as const;

function mirrored(change: CatalogChange): CatalogChange {
  if (change.op === 'added') return { op: OPPOSITE.added, before: change.after };
  if (change.op === 'removed') return { op: OPPOSITE.removed, after: change.before };
  return { ...change, before: change.after, after: change.before };
}

const asSet = (changes: readonly CatalogChange[]): readonly string[] =>
  changes.map((change) => JSON.stringify(change, Object.keys(change).sort().concat(FIELDS))).sort();
const FIELDS = 'kind id whole schema object part facts type nullable definition valid filenode owner'.split(
  ' ',
);

describe('diffCatalogs', () => {
  it('finds nothing between a catalog and itself', () => {
    fc.assert(
      fc.property(catalog, identity, (a, by) => {
        expect(diffCatalogs(a, a.toReversed(), by)).toEqual([]);
      }),
    );
  });

  it('is the same story backwards', () => {
    fc.assert(
      fc.property(catalog, catalog, identity, (a, b, by) => {
        expect(asSet(diffCatalogs(b, a, by))).toEqual(asSet(diffCatalogs(a, b, by).map(mirrored)));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(catalog, catalog, identity, (a, b, by) => {
        expect(asSet(diffCatalogs(a.toReversed(), b.toReversed(), by))).toEqual(
          asSet(diffCatalogs(a, b, by)),
        );
      }),
    );
  });

  it('accounts for every object: what is not told of is there unchanged', () => {
    fc.assert(
      fc.property(catalog, catalog, identity, (a, b, by) => {
        const changes = diffCatalogs(a, b, by);
        const gone = changes.filter(({ op }) => op === 'removed').length;
        const come = changes.filter(({ op }) => op === 'added').length;
        expect(a.length - gone).toBe(b.length - come);
        expect(
          changes
            .filter(({ op }) => op === 'added')
            .map(subjectOf)
            .every((one) => b.includes(one)),
        ).toBe(true);
      }),
    );
  });

  it('takes objects of the same name and other ids for replaced, or for the same where ids were given anew', () => {
    const [was, is] = [thing('table', '1', 't'), thing('table', '2', 't')];
    expect(diffCatalogs([was], [is]).map(({ op }) => op)).toEqual(['replaced']);
    expect(diffCatalogs([was], [is], 'name')).toEqual([]);
  });

  it('knows two that changed names with each other', () => {
    const before = [thing('table', '1', 'a'), thing('table', '2', 'b')];
    const after = [thing('table', '1', 'b'), thing('table', '2', 'a')];
    expect(diffCatalogs(before, after).map(({ op }) => op)).toEqual(['renamed', 'renamed']);
  });
});

function thing(kind: string, id: string, name: string, facts: CatalogObject['facts'] = {}): CatalogObject {
  return { kind, id, whole: null, schema: 'public', object: name, part: null, facts, committed: null };
}

function part(
  kind: string,
  id: string,
  whole: string,
  name: string,
  facts: CatalogObject['facts'] = {},
): CatalogObject {
  return { kind, id, whole, schema: 'public', object: 't', part: name, facts, committed: null };
}

const opsOf = (before: readonly CatalogObject[], after: readonly CatalogObject[]) =>
  foldParts(diffCatalogs(before, after)).map(({ change, parts }) => [
    `${subjectOf(change).kind} ${change.op}`,
    parts,
  ]);

describe('foldParts', () => {
  const [table, column, index] = [
    thing('table', '1', 't'),
    part('column', '1', '1', 'a'),
    part('index', '7', '1', 'i'),
  ];

  it('counts the parts of a new table instead of telling each', () => {
    expect(opsOf([], [table, column, index, thing('function', '9', 't')])).toEqual([
      ['function added', 0],
      ['table added', 2],
    ]);
  });

  it('tells the parts of a table that stays', () => {
    expect(opsOf([table, index], [table, column])).toEqual([
      ['column added', 0],
      ['index removed', 0],
    ]);
  });

  it('tells what differs in the parts of a table that was replaced', () => {
    const before = [table, part('column', '1', '1', 'a', { type: 'int4' })];
    const after = [thing('table', '2', 't'), part('column', '1', '2', 'a', { type: 'text' })];
    expect(opsOf(before, after)).toEqual([
      ['table replaced', 1],
      ['column changed', 0],
    ]);
  });

  it('tells a table that was written anew, and not that its indexes were too', () => {
    const at = (filenode: string) => [
      thing('table', '1', 't', { filenode }),
      part('index', '7', '1', 'i', { filenode }),
    ];
    expect(opsOf(at('100'), at('200'))).toEqual([['table changed', 1]]);
  });

  it('loses no change: what is not told is a part of what is', () => {
    fc.assert(
      fc.property(catalog, catalog, (a, b) => {
        const changes = diffCatalogs(a, b);
        const folded = foldParts(changes);
        const counted = folded.reduce((sum, { parts }) => sum + parts, 0);
        const hidden = changes.filter((change) => !folded.some((told) => told.change === change));
        // A part counts once for each whole of that id: a table and a function may share one here.
        expect(counted).toBeGreaterThanOrEqual(hidden.length);
        for (const change of hidden) expect(subjectOf(change).whole).not.toBeNull();
      }),
    );
  });
});

describe('tell', () => {
  const words = (kind: string, before: CatalogObject['facts'], after: CatalogObject['facts']) =>
    diffCatalogs([thing(kind, '1', 'x', before)], [thing(kind, '1', 'x', after)])
      .flatMap(tell)
      .map(({ change }) => change);

  it.each([
    ['index', { valid: true }, { valid: false }, ['index_invalid']],
    ['index', { valid: false }, { valid: true }, ['index_valid']],
    ['index', { definition: 'x' }, { definition: 'y' }, ['index_changed']],
    ['index', { filenode: '1' }, { filenode: '2' }, ['index_rebuilt']],
    ['constraint', { valid: false }, { valid: true }, ['constraint_validated']],
    ['constraint', { type: 'c' }, { type: 'u' }, ['constraint_changed']],
    ['trigger', { enabled: 'O' }, { enabled: 'D' }, ['trigger_disabled']],
    ['trigger', { enabled: 'D' }, { enabled: 'R' }, ['trigger_enabled']],
    ['trigger', { enabled: 'O' }, { enabled: 'A' }, ['trigger_mode_changed']],
    ['column', { default: 'x' }, { default: null }, ['default_changed']],
    ['column', { nullable: true }, { nullable: false }, ['nullability_changed']],
    ['column', { type: 'int4' }, { type: 'int8' }, ['type_changed']],
    ['column', { type: 'int4', definition: 'x' }, { type: 'text', definition: 'y' }, ['type_changed']],
    ['column', { type: 'text', definition: 'x' }, { type: 'text', definition: 'y' }, ['column_changed']],
    ['view', { definition: 'x' }, { definition: 'y' }, ['definition_changed']],
    ['function', { definition: 'x' }, { definition: 'y' }, ['function_replaced']],
    ['enum', { labels: 2, definition: 'x' }, { labels: 3, definition: 'y' }, ['enum_label_added']],
    ['enum', { labels: 2, definition: 'x' }, { labels: 2, definition: 'y' }, ['enum_changed']],
    ['table', { parent: null, bound: null }, { parent: '5', bound: 'x' }, ['partition_attached']],
    ['table', { parent: '5', bound: 'x' }, { parent: null, bound: null }, ['partition_detached']],
    ['table', { parent: null, bound: null }, { parent: '5', bound: null }, ['inheritance_changed']],
    ['table', { parent: '5', bound: 'x' }, { parent: '5', bound: 'y' }, ['partition_bound_changed']],
    ['table', { options: null }, { options: 'a=1\nb=#xyz' }, ['option_changed', 'option_changed']],
    ['table', { filenode: '1', unanalyzed: true }, { filenode: '2', unanalyzed: false }, ['table_rewritten']],
    ['materialized_view', { filenode: null }, { filenode: null }, []],
  ] as const)('of %s %o → %o is %j', (kind, from, to, expected) => {
    expect(words(kind, from, to)).toEqual(expected);
  });

  it('tells no value of an option that is none of PostgreSQL', () => {
    const changes = diffCatalogs(
      [thing('table', '1', 'x', { options: 'label=#abc' })],
      [thing('table', '1', 'x', { options: 'fillfactor=70\nlabel=#def' })],
    ).flatMap(tell);
    expect(changes).toEqual([
      { change: 'option_changed', option: 'fillfactor', from: null, to: '70' },
      { change: 'option_changed', option: 'label', from: null, to: null },
    ]);
  });

  it('has a word for every change', () => {
    fc.assert(
      fc.property(catalog, catalog, (a, b) => {
        for (const { change } of diffCatalogs(a, b).flatMap(tell)) expect(change).toMatch(/^[a-z_]{1,40}$/);
      }),
    );
  });
});
