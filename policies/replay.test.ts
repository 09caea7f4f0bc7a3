import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observe, type Treatment } from '../connectors/sdk/index.ts';
import { admitted } from '../connectors/sdk/testing/index.ts';
import { isWithheld, makeGate } from './clear.ts';
import type { ClearedRecord } from './cleared.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { diffPolicies } from './diff.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import type { LoadedPolicy } from './load.ts';
import { type ReplayReport, replay } from './replay.ts';
import { type Scanners, scannersWith } from './scanners.ts';
import { DEMO_MANIFEST, layer, METADATA } from './testing/layers.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const KEYED = makeKeyed(epochOf(Buffer.alloc(32, 7), '2026-11-01T00:00:00.000Z'), 'acme', (value) =>
  JSON.stringify(value),
);
const SCANNERS: Scanners = scannersWith([]);
const READ = admitted({ connection: 'db', connector: 'demo', read: 'locks', streams: ['locks', 'people'] });

function compiled(...layers: LoadedPolicy[]): CompiledPolicy {
  const { policy, problems } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  return policy;
}

type Body = Readonly<Record<string, unknown>>;

/** What the gate lets out of a record; null when it withholds the record. */
function cleared(policy: CompiledPolicy, body: Body): ClearedRecord | null {
  const gate = makeGate({ policy, keyed: KEYED, scanners: SCANNERS });
  const record = observe({
    class: 'symptom',
    stream: 'locks',
    entity: 'demo://db/locks/1',
    key: '1',
    occurredAt: NOW,
    scope: {},
    body: body as never,
  });
  const result = gate.clear(record, READ, NOW);
  return isWithheld(result) ? null : result;
}

function stored(policy: Pick<CompiledPolicy, 'digest'>, record: ClearedRecord, id: string): string {
  const { kind, stream, body, fields, redactions, dropped } = record;
  const provenance = {
    connector: 'demo@1.2.3',
    policy: { digest: policy.digest },
    fields,
    redactions,
    dropped,
  };
  return JSON.stringify({ id, kind, connection: 'db', stream, body, provenance });
}

async function* asItems(texts: readonly string[]) {
  for (const canonical of texts) yield { canonical };
}

/** Stores a record that was cleared under `before`, and replays it. */
async function replayed(before: CompiledPolicy, after: CompiledPolicy, body: Body): Promise<ReplayReport> {
  const record = cleared(before, body);
  if (record === null) throw new Error('the record does not pass');
  return replay(asItems([stored(before, record, 'item-1')]), before, after);
}

const RECORD = {
  pid: 41,
  relation: 'orders',
  value: 'on',
  note: 'mail ann@example.com',
  holders: [{ role: 'ann' }],
};
const rule = (id: string, field: string, treatment: string) =>
  layer(
    id,
    `rules: [{ id: r, description: x, streams: [demo/locks], fields: ["${field}"], treatment: ${treatment} }]`,
  );

describe('replay', () => {
  it('says which fields stored items would lose, gain, and show in another way', async () => {
    const after = compiled(
      METADATA,
      rule('a', 'pid', 'drop'),
      rule('b', 'note', 'scan'),
      rule('c', 'holders[].role', 'digest'),
    );
    const report = await replayed(compiled(METADATA), after, RECORD);
    expect(report).toMatchObject({ items: 1, affected: 1, unknown: [], notes: [] });
    const about = { stream: 'demo/locks', items: 1, examples: ['item-1'] };
    expect(report.effects).toEqual([
      { ...about, field: 'body.holders[].role', effect: 'changes', from: 'pseudonymize', to: 'digest' },
      { ...about, field: 'body.note', effect: 'gains', from: 'drop', to: 'scan' },
      { ...about, field: 'body.pid', effect: 'loses', from: 'keep', to: 'drop' },
    ]);
  });

  it('counts items, and gives a few as examples', async () => {
    const before = compiled(METADATA);
    const record = cleared(before, RECORD);
    const texts = Array.from({ length: 7 }, (_, index) =>
      stored(before, record as ClearedRecord, `i${index}`),
    );
    const report = await replay(asItems(texts), before, compiled(METADATA, rule('a', 'pid', 'drop')));
    expect(report).toMatchObject({
      items: 7,
      affected: 7,
      effects: [{ items: 7, examples: ['i0', 'i1', 'i2'] }],
    });
  });

  it('leaves alone what the record did not hold', async () => {
    const report = await replayed(compiled(METADATA), compiled(METADATA, rule('a', 'pid', 'drop')), {
      relation: 'x',
    });
    expect(report).toMatchObject({ affected: 0, effects: [], unknown: [] });
  });

  it('says that items would not have been collected at all', async () => {
    const people = layer(
      'p',
      'rules: [{ id: p, description: x, streams: [demo/people], classes: [person] }]',
    );
    const report = await replayed(compiled(METADATA), compiled(people), RECORD);
    expect(report.effects).toMatchObject([
      { field: null, effect: 'loses', from: 'stored', to: 'not collected' },
    ]);
    const back = await replay(
      asItems([stored({ digest: 'older' }, cleared(compiled(METADATA), RECORD) as ClearedRecord, 'i')]),
      compiled(people),
      compiled(METADATA),
    );
    expect(back.effects[0]).toMatchObject({ field: null, effect: 'gains' });
  });

  it('says what it can not know', async () => {
    const policy = compiled(METADATA);
    const record = cleared(policy, RECORD) as ClearedRecord;
    const gone = stored(policy, { ...record, stream: 'gone' }, 'a');
    const nameless = stored(policy, { ...record, dropped: { count: 2, names: [] } }, 'b');
    const old = stored(policy, { ...record, fields: { ...record.fields, 'body.old': 'base#metadata' } }, 'c');
    const report = await replay(asItems([gone, nameless, old]), policy, policy);
    expect(report).toMatchObject({ items: 3, affected: 0, effects: [] });
    expect(report.unknown.map(({ stream, field, why }) => [stream, field, why])).toEqual([
      ['demo/gone', null, 'neither policy lets this stream out, or no connector declares it any more'],
      ['demo/locks', null, 'something without a name was left out'],
      ['demo/locks', 'body.old', 'no connector declares this field any more'],
    ]);
  });

  it('does not guess about a field that was left out for what it held', async () => {
    const report = await replayed(compiled(METADATA), compiled(METADATA, rule('a', 'pid', 'count')), {
      pid: 'many',
    });
    expect(report).toMatchObject({ affected: 0, effects: [], unknown: [{ field: 'body.pid', items: 1 }] });
  });

  it('says what becomes of findings where a detector is treated differently', async () => {
    const open = [METADATA, rule('b', 'note', 'scan')];
    const withhold = layer('w', 'detectors: [{ detector: email, action: withhold }]');
    const report = await replayed(compiled(...open), compiled(...open, withhold), RECORD);
    expect(report.effects).toMatchObject([
      { field: null, effect: 'loses', from: 'email: mask', to: 'email: withhold' },
    ]);
  });

  it('says that scope and new patterns are not replayed, and nothing about our own records', async () => {
    const scoped = layer('s', 'scope: { namespace: { deny: [x] } }');
    const { notes } = await replayed(compiled(METADATA), compiled(METADATA, scoped), RECORD);
    expect(notes).toEqual([expect.stringContaining('scope is not replayed')]);
    const own = JSON.stringify({
      id: 'g',
      kind: 'exhibit.gap/v1',
      connection: 'db',
      stream: 'gaps',
      provenance: {},
    });
    const policy = compiled(METADATA);
    expect(await replay(asItems([own]), policy, policy)).toMatchObject({
      items: 1,
      affected: 0,
      unknown: [],
    });
  });
});

const FIELDS = ['pid', 'relation', 'value', 'note', 'holders[].role'] as const;
const TREATMENTS: readonly Treatment[] = [
  'keep',
  'pseudonymize',
  'digest',
  'scan',
  'count',
  'drop',
  'generalize',
];
/** Free text can not be kept. */
const ofText = TREATMENTS.filter((one) => !['keep', 'pseudonymize', 'generalize'].includes(one));

const somePolicy = fc
  .record({
    base: fc.boolean(),
    rules: fc.array(
      fc
        .constantFrom(...FIELDS)
        .chain((field) =>
          fc
            .constantFrom(...(field === 'note' ? ofText : TREATMENTS))
            .map((treatment) => ({ field, treatment })),
        ),
      { maxLength: 6 },
    ),
  })
  .map(({ base, rules }) =>
    compiled(
      base ? METADATA : layer('none', 'scope: { database: { deny: [x] } }'),
      ...rules.map(({ field, treatment }, index) => rule(`layer-${index}`, field, treatment)),
    ),
  );

const name = fc.stringMatching(/^[a-z]{3,8}$/);
const someRecord = fc.record(
  {
    pid: fc.integer({ min: 1, max: 99 }),
    relation: name,
    value: fc.oneof(name, fc.integer({ min: 1, max: 9 }), fc.boolean()),
    note: name,
    holders: fc.array(fc.record({ role: name }), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);

describe('what replay and diff say holds for any policies and records', () => {
  it('replays what the gate would have done with the record itself', async () => {
    await fc.assert(
      fc.asyncProperty(somePolicy, somePolicy, someRecord, async (before, after, body) => {
        const [was, is] = [cleared(before, body), cleared(after, body)];
        fc.pre(was !== null);
        const report = await replay(asItems([stored(before, was, 'i')]), before, after);
        if (is === null) {
          expect(report.effects).toMatchObject([{ field: null, effect: 'loses' }]);
          return;
        }
        const unknown = new Set(report.unknown.map(({ field }) => field));
        const said = report.effects.map(({ field, effect }) => `${field} ${effect}`);
        expect(said.sort()).toEqual(
          expected(before, was, after, is).filter((one) => !unknown.has(one.split(' ')[0] ?? '')),
        );
        // Nothing is left open but what depends on values: to make them coarser, and mixed values that are scanned.
        for (const { field, why } of report.unknown)
          expect([field, why]).toEqual([field, expect.stringContaining('depends')]);
      }),
      { numRuns: 300 },
    );
  });

  it('compares exactly the treatments that differ', () => {
    fc.assert(
      fc.property(somePolicy, somePolicy, (before, after) => {
        const { changes } = diffPolicies(before, after, [DEMO_MANIFEST], [{ id: 'db', connector: 'demo' }]);
        const said = changes.flatMap(({ kind, where, from, to }) =>
          kind === 'field' ? [`${where}: ${from} ${to}`] : [],
        );
        expect(said.sort()).toEqual(differing(before, after));
      }),
      { numRuns: 200 },
    );
  });
});

/** What became of each field, from two records that the gate let out. */
function expected(
  before: CompiledPolicy,
  was: ClearedRecord,
  after: CompiledPolicy,
  is: ClearedRecord,
): string[] {
  const paths = new Set([...Object.keys(was.fields), ...Object.keys(is.fields)]);
  return [...paths]
    .flatMap((path) => {
      const [had, has] = [path in was.fields, path in is.fields];
      if (had && has)
        return treatmentOf(before, path) === treatmentOf(after, path) ? [] : [`${path} changes`];
      return [`${path} ${has ? 'gains' : 'loses'}`];
    })
    .sort();
}

function treatmentOf(policy: CompiledPolicy, path: string): Treatment {
  const plan = policy.of('db').streams.get('demo/locks');
  return plan?.fields.find((field) => field.path === path)?.treatment ?? 'drop';
}

function differing(before: CompiledPolicy, after: CompiledPolicy): string[] {
  return DEMO_MANIFEST.streams
    .flatMap(({ id, fields }) =>
      Object.keys(fields).flatMap((field) => {
        const [from, to] = [before, after].map(
          (policy) =>
            policy
              .of('db')
              .streams.get(`demo/${id}`)
              ?.fields.find(({ path }) => path === `body.${field}`)?.treatment ?? 'drop',
        );
        return from === to ? [] : [`demo/${id} ${field}: ${from} ${to}`];
      }),
    )
    .sort();
}

describe('records of views', () => {
  const manifest = {
    ...DEMO_MANIFEST,
    streams: DEMO_MANIFEST.streams.map((stream) =>
      stream.id === 'locks'
        ? {
            ...stream,
            columns: 'views' as const,
            fields: { ...stream.fields, view: stream.fields['relation'] },
          }
        : stream,
    ),
  } as typeof DEMO_MANIFEST;
  const withViews = (...views: readonly string[]) => {
    const own = `views:\n${views.map((view) => `  - ${view}\n`).join('')}`;
    const layers = views.length === 0 ? [METADATA] : [METADATA, layer('views', own)];
    const { policy, problems } = compilePolicy([manifest], layers, { now: NOW });
    expect(problems).toEqual([]);
    return policy;
  };
  const jobs = (columns: string) => `{ view: rca.jobs, description: x, columns: ${columns} }`;
  const other = '{ view: rca.other, description: x, columns: { depth: keep } }';
  const before = withViews(jobs('{ depth: keep, note: scan }'), other);
  const item = (view: string) =>
    JSON.stringify({
      id: view,
      kind: 'demo.locks/v1',
      connection: 'db',
      stream: 'locks',
      body: { view, rows: [{ depth: 1 }] },
      provenance: {
        connector: 'demo@1.2.3',
        policy: { digest: before.digest },
        fields: {
          'body.view': 'metadata',
          'body.rows[].depth': 'views#view/x',
          'body.rows[].note': 'views#view/x',
        },
        redactions: [],
        dropped: { count: 0, names: [] },
      },
    });
  const replayed = async (after: CompiledPolicy) => {
    const { affected, effects, unknown } = await replay(asItems([item('rca.jobs')]), before, after);
    return [
      affected,
      effects.map(({ field, effect }) => `${effect} ${field}`),
      unknown.map(({ field }) => field),
    ];
  };

  it('lose the columns that are closed, and are not collected where nothing names their view', async () => {
    expect(await replayed(before)).toEqual([0, [], []]);
    expect(await replayed(withViews(jobs('{ depth: keep }'), other))).toEqual([
      1,
      ['loses body.rows[].note'],
      [],
    ]);
    expect(await replayed(withViews(jobs('{ depth: digest, note: scan }')))).toEqual([
      0,
      [],
      ['body.rows[].depth'],
    ]);
    expect(await replayed(withViews(jobs('{ depth: keep, note: count }')))).toEqual([
      1,
      ['changes body.rows[].note'],
      [],
    ]);
    expect(await replayed(withViews(other))).toEqual([1, ['loses null'], []]);
    expect(await replayed(withViews())).toEqual([1, ['loses null'], []]);
  });
});
