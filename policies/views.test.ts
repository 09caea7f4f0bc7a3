import { describe, expect, it } from 'vitest';
import { observe } from '../connectors/sdk/index.ts';
import { sampleField, sampleManifest, sampleRead } from '../connectors/sdk/testing/index.ts';
import { admit, GOOD_STANDING, isDenied } from './admit.ts';
import { isWithheld, makeGate } from './clear.ts';
import { compilePolicy } from './compile.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { layer, METADATA } from './testing/layers.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const MANIFEST = sampleManifest({
  reads: [sampleRead('views', { emits: ['view_rows'] }), sampleRead('locks', { emits: ['locks'] })],
  streams: [
    {
      id: 'view_rows',
      kind: 'demo.view_rows/v1',
      description: 'Rows',
      classes: ['state'],
      primaryKey: ['view'],
      cursor: null,
      columns: 'views',
      fields: {
        view: sampleField('name', 'identifier', 'keep'),
        first: sampleField('integer', 'measurement', 'keep'),
      },
    },
    {
      id: 'locks',
      kind: 'demo.locks/v1',
      description: 'Locks',
      classes: ['state'],
      primaryKey: ['pid'],
      cursor: null,
      fields: { pid: sampleField('integer', 'measurement', 'keep') },
    },
  ],
});

const VIEWS = layer(
  'acme',
  `views:
  - { view: ev.queues, description: q, columns: { queue: keep, depth: generalize, note: scan, owner: pseudonymize, mail: digest, size: count, gone: drop }, from: [shop.jobs], maxRows: 5 }
  - { view: ev.people, description: p, columns: { queue: digest } }`,
);

function opened(layers = [METADATA, VIEWS], read = 'views') {
  const { policy, problems } = compilePolicy([MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  const request = { connection: 'db', connector: MANIFEST.id, read, mode: 'full', trigger: 'once' } as const;
  const proven = new Map([
    [`${MANIFEST.id}/views`, 'sha256:1'],
    [`${MANIFEST.id}/locks`, 'sha256:2'],
  ]);
  const admitted = admit(
    { ...request, window: { from: NOW, to: NOW } },
    { policy, proven, standing: GOOD_STANDING, now: NOW },
  );
  if (isDenied(admitted)) throw new Error(admitted.reason);
  const keyed = makeKeyed(epochOf(Buffer.alloc(32, 3), NOW), 'acme', JSON.stringify);
  return { admitted, gate: makeGate({ policy, keyed }) };
}

function clearRows(
  view: unknown,
  rows: readonly Record<string, unknown>[],
  layers?: Parameters<typeof opened>[0],
) {
  const { admitted, gate } = opened(layers);
  const record = observe({
    stream: 'view_rows',
    class: 'state',
    entity: 'demo://db/orders',
    key: 'rows/0',
    occurredAt: NOW,
    body: { view, first: 0, rows },
  });
  return gate.clear(record, admitted, NOW);
}

describe('an admitted read', () => {
  it('carries the views that its policy names, without what is dropped', () => {
    const { views = [] } = opened().admitted;
    expect(views.map(({ view }) => view)).toEqual(['ev.queues', 'ev.people']);
    expect(views[0]).toMatchObject({
      schema: 'ev',
      name: 'queues',
      maxRows: 5,
      from: ['shop.jobs'],
      ignored: ['gone'],
      columns: [
        { name: 'queue', as: 'value', isKept: true },
        { name: 'depth', as: 'value', isKept: false },
        { name: 'note', as: 'text', isKept: false },
        { name: 'owner', as: 'text' },
        { name: 'mail', as: 'text' },
        { name: 'size', as: 'text' },
      ],
    });
  });

  it('has another plan when the policy says something else of a view', () => {
    const other = layer('acme', 'views: [{ view: ev.queues, description: other, columns: { queue: keep } }]');
    expect(opened([METADATA, other]).admitted.plan).not.toBe(opened().admitted.plan);
  });

  it('carries none where the policy names none, or the read is not of views', () => {
    expect(opened([METADATA]).admitted.views).toBeUndefined();
    expect(opened([METADATA, VIEWS], 'locks').admitted.views).toBeUndefined();
  });
});

describe('rows of a view', () => {
  const row = {
    queue: 'mail',
    depth: 73,
    note: 'ask ann@example.org',
    owner: 'ann',
    mail: 'x',
    size: 'four',
    gone: 1,
    more: 2,
  };

  it('leave column by column as the policy says', () => {
    const cleared = clearRows('ev.queues', [row]);
    expect(cleared).toMatchObject({
      body: {
        view: 'ev.queues',
        rows: [
          {
            queue: 'mail',
            depth: 50,
            owner: expect.stringMatching(/^pseudonym:/),
            mail: expect.stringMatching(/^hmac-sha256:/),
            size: 4,
          },
        ],
      },
      fields: { 'body.view': 'base#metadata', 'body.rows[].queue': 'acme#view/ev.queues' },
      dropped: { names: ['rows[].gone'], count: 2 },
    });
    expect(JSON.stringify(cleared)).not.toMatch(/ann@|"more"|"gone":/);
  });

  it('leave as those of the view that they say they are of', () => {
    expect(clearRows('ev.people', [row])).toMatchObject({
      body: { rows: [{ queue: expect.stringMatching(/^hmac-sha256:/) }] },
    });
  });

  it('have no room for prose where they are kept', () => {
    const cleared = clearRows('ev.queues', [{ queue: 'two words' }]);
    expect(cleared).toMatchObject({ body: { rows: [{}] }, dropped: { names: ['rows[].queue'] } });
  });

  it.each(['ev.others', '__proto__', undefined, ['ev.queues'], 7])(
    'of no view of the policy stay: %j',
    (view) => {
      const cleared = clearRows(view, [row]);
      expect(isWithheld(cleared) && cleared.withheld).toBe('stream');
    },
  );

  it('stay where the policy names no view at all', () => {
    expect(isWithheld(clearRows('ev.queues', [row], [METADATA]))).toBe(true);
  });
});

it('what a connector says that it did not read because nobody allowed it is a refusal', () => {
  const { admitted, gate } = opened();
  const gap = { gap: 'UNSUPPORTED', missing: 'ev.secret', reason: 'It is there.', hint: 'Name it.' } as const;
  expect(gate.clear({ ...gap, refused: 'NOT_ALLOWLISTED' }, admitted, NOW)).toMatchObject({
    class: 'refusal',
    kind: 'exhibit.refusal/v1',
    stream: 'refusals',
    body: { code: 'NOT_ALLOWLISTED', missing: 'ev.secret' },
  });
  expect(gate.clear(gap, admitted, NOW)).toMatchObject({ class: 'gap', body: { code: 'UNSUPPORTED' } });
});
