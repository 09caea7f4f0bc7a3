import { describe, expect, it } from 'vitest';
import { observe } from '../connectors/sdk/index.ts';
import { admitted, sampleField, sampleManifest, sampleRead } from '../connectors/sdk/testing/index.ts';
import { admit, GOOD_STANDING } from './admit.ts';
import { isWithheld, makeGate } from './clear.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { parsePolicy } from './load.ts';
import { DEMO_MANIFEST, layer, METADATA } from './testing/layers.ts';
import { formatProblems } from './yaml.ts';

const NOW = '2026-11-21T12:00:00.000Z';

function compiled(...layers: Parameters<typeof compilePolicy>[1]): CompiledPolicy {
  const { policy, problems } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
  expect(formatProblems(problems)).toBe('');
  return policy;
}

function treatmentOf(policy: CompiledPolicy, connection: string, field: string): string | undefined {
  const fields = policy.of(connection).streams.get('demo/locks')?.fields ?? [];
  return fields.find(({ path }) => path === `body.${field}`)?.treatment;
}

function clear(policy: CompiledPolicy, body: Record<string, unknown>, connection = 'orders') {
  const gate = makeGate({
    policy,
    keyed: makeKeyed(epochOf(Buffer.alloc(32, 5), NOW), 'acme', (value) => JSON.stringify(value)),
  });
  const entity = 'demo://orders/table';
  const record = observe({ stream: 'locks', class: 'symptom', entity, key: 'pid/7', occurredAt: NOW, body });
  return gate.clear(
    record,
    admitted({ connection, connector: 'demo', read: 'locks', streams: ['locks'] }),
    NOW,
  );
}

describe('layers about connections', () => {
  const orders = layer(
    'orders',
    `connections: [orders]
rules: [{ id: note, description: x, streams: [demo/locks], fields: [note], treatment: scan }]
scope: { namespace: { deny: [kube-system] } }
budgets: [{ reads: [demo/locks], rows: 7 }]`,
  );
  const policy = compiled(METADATA, orders);

  it('hold for these, and for no other', () => {
    expect([treatmentOf(policy, 'orders', 'note'), treatmentOf(policy, 'billing', 'note')]).toEqual([
      'scan',
      'drop',
    ]);
    expect(policy.of('orders').scope.includes('namespace', 'kube-system')).toBe(false);
    expect(policy.of('billing').scope.includes('namespace', 'kube-system')).toBe(true);
    expect(policy.of('orders').reads.get('demo/locks')?.budget.rows).toBe(7);
    expect(policy.of('billing').reads.get('demo/locks')?.budget.rows).toBe(100);
  });

  it('give a read another plan digest only where something changes', () => {
    const before = compiled(METADATA);
    const plan = (of: CompiledPolicy, connection: string) =>
      of.of(connection).reads.get('demo/locks')?.digest;
    expect(plan(policy, 'billing')).toBe(plan(before, 'billing'));
    expect(plan(policy, 'orders')).not.toBe(plan(before, 'orders'));
  });

  it('must be about connections that there are', () => {
    const { problems } = compilePolicy([DEMO_MANIFEST], [METADATA, orders], {
      now: NOW,
      connections: ['order'],
    });
    expect(formatProblems(problems)).toBe(
      'orders.yaml:4:15 connections[0]: is not a connection of this agent (did you mean "order"?)',
    );
  });
});

describe('what is done with findings', () => {
  const open =
    'rules: [{ id: note, description: x, streams: [demo/locks], fields: [note], treatment: scan }]';
  const withAction = (action: string) =>
    compiled(METADATA, layer('acme', `${open}\ndetectors: [{ detector: phone, action: ${action} }]`));
  const text = 'call +49 30 901820 failed';

  it.each([
    ['mask', { note: 'call [REDACTED:phone] failed', pid: 7 }],
    ['drop', { pid: 7 }],
    ['ignore', { note: text, pid: 7 }],
  ])('%s', (action, body) => {
    const result = clear(withAction(action), { pid: 7, note: text });
    expect(isWithheld(result) ? result : result.body).toEqual(body);
  });

  it('withhold leaves out the item', () => {
    const policy = withAction('withhold');
    expect(clear(policy, { pid: 7, note: text })).toEqual({ withheld: 'detector', stream: 'locks' });
    expect(clear(policy, { pid: 7, note: 'all quiet' })).toMatchObject({
      body: { note: 'all quiet', pid: 7 },
    });
  });

  it('counts what it dropped, by detector', () => {
    const result = clear(withAction('drop'), { pid: 7, note: text });
    expect(result).toMatchObject({
      redactions: [{ action: 'drop', count: 1, path: 'body.note', rule: 'phone' }],
      dropped: { count: 1, names: ['note'] },
    });
  });

  it.each([
    ['withhold', { withheld: 'detector', stream: 'locks' }],
    [
      'drop',
      { body: { pid: 7 }, redactions: [{ action: 'drop', count: 1, path: 'body.note', rule: 'email' }] },
    ],
  ])('%s is done also for a finding that lies within a longer one', (action, expected) => {
    const policy = compiled(
      METADATA,
      layer('acme', `${open}\ndetectors: [{ detector: email, action: ${action} }]`),
    );
    const within = `select 1 from orders where owner = 'x' -- by ana@acme.example`;
    expect(clear(policy, { pid: 7, note: within })).toMatchObject(expected);
    const encoded = Buffer.from('the password is hunter2-q7x, mail ana@acme.example').toString('base64');
    expect(clear(policy, { pid: 7, note: `payload ${encoded}` })).toMatchObject(expected);
  });

  it('never lets credentials through', () => {
    const { problems } = compilePolicy(
      [DEMO_MANIFEST],
      [
        METADATA,
        layer(
          'acme',
          'detectors:\n  - { detector: aws-key, action: ignore }\n  - { detector: emial, action: drop }',
        ),
      ],
      { now: NOW },
    );
    expect(formatProblems(problems).split('\n')).toEqual([
      'acme.yaml:5:26 detectors[0].action: this detector guards every value that leaves: it can not be ignored (use mask, drop or withhold)',
      'acme.yaml:6:7 detectors[1].detector: is not a detector (did you mean "email"?)',
    ]);
  });
});

describe('refused privileges', () => {
  const policy = compiled(
    METADATA,
    layer('acme', 'privileges: { refuse: [SUPERUSER, "write privileges on *"] }'),
  );
  const decide = (...held: string[]) =>
    admit(
      {
        connection: 'orders',
        connector: 'demo',
        read: 'locks',
        mode: 'full',
        window: { from: NOW, to: NOW },
        trigger: 'once',
      },
      {
        policy,
        proven: new Map([['demo/locks', 'sha256:aa']]),
        standing: { ...GOOD_STANDING, excess: (connection) => (connection === 'orders' ? held : []) },
        now: NOW,
      },
    );

  it('keep a connection from being used', () => {
    expect(decide('CREATEDB')).toHaveProperty('budget');
    expect(decide('SUPERUSER')).toMatchObject({
      denied: 'PRIVILEGE_REFUSED',
      reason: 'the account of this connection holds rights that the policy refuses: SUPERUSER',
    });
    expect(decide('CREATEDB', 'write privileges on 4 user tables')).toMatchObject({
      denied: 'PRIVILEGE_REFUSED',
    });
  });
});

describe('stopped streams', () => {
  it('are neither read nor cleared', () => {
    const policy = compiled(METADATA);
    const stopped = (stream: string) => ({
      ...GOOD_STANDING,
      isStopped: (_: string, one: string) => one === stream,
    });
    const request = {
      connection: 'orders',
      connector: 'demo',
      read: 'locks',
      mode: 'full',
      window: { from: NOW, to: NOW },
      trigger: 'once',
    } as const;
    const proven = new Map([
      ['demo/locks', 'sha256:aa'],
      ['demo/people', 'sha256:aa'],
    ]);
    const decide = (read: string, stream: string) =>
      admit({ ...request, read }, { policy, proven, standing: stopped(stream), now: NOW });
    expect(decide('locks', 'locks')).toMatchObject({ streams: ['people'] });
    expect(decide('people', 'people')).toMatchObject({ denied: 'STREAM_STOPPED' });
    const gate = makeGate({
      policy,
      keyed: makeKeyed(epochOf(Buffer.alloc(32, 5), NOW), 'acme', (value) => JSON.stringify(value)),
      standing: stopped('locks'),
    });
    const record = observe({
      stream: 'locks',
      class: 'symptom',
      entity: 'demo://o/t',
      key: 'k',
      occurredAt: NOW,
      body: { pid: 7 },
    });
    const read = admitted({ connection: 'orders', connector: 'demo', read: 'locks', streams: ['locks'] });
    expect(gate.clear(record, read, NOW)).toEqual({ withheld: 'stopped', stream: 'locks' });
  });
});

describe('patterns', () => {
  const customer = (id: string) =>
    `{ id: ${id}, title: Customer, description: they name people, net: text, shape: [{ text: "CUST-" }, { chars: digit, length: 6 }], examples: { match: ["CUST-123456"], noMatch: ["CUST-12"] } }`;
  const open =
    'rules: [{ id: note, description: x, streams: [demo/locks], fields: [note], treatment: scan }]';

  it('are detectors like any other', () => {
    const policy = compiled(METADATA, layer('acme', `${open}\npatterns: [${customer('customer')}]`));
    const result = clear(policy, { note: 'order of CUST-884213 is stuck' });
    expect(result).toMatchObject({
      body: { note: 'order of [REDACTED:customer] is stuck' },
      redactions: [{ action: 'mask', count: 1, path: 'body.note', rule: 'customer' }],
    });
  });

  it('have names of their own, over all layers', () => {
    const layers = [
      layer('one', `patterns: [${customer('email')}]`),
      layer('two', `patterns: [${customer('customer')}]`),
      layer('three', `patterns: [${customer('customer')}]`),
    ];
    const { problems } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
    expect(problems.map(({ file, path, message }) => `${file} ${path}: ${message}`)).toEqual([
      'one.yaml patterns[0].id: a built-in detector has this id',
      'three.yaml patterns[0].id: a pattern of an earlier layer has this id',
    ]);
  });

  it('are tried on their examples before they are used', () => {
    const wrong = customer('customer').replace('CUST-123456', 'CUST-1234');
    const { problems } = compilePolicy([DEMO_MANIFEST], [layer('acme', `patterns: [${wrong}]`)], {
      now: NOW,
    });
    expect(problems.map(({ path }) => path)).toEqual(['patterns[0].examples.match[0]']);
  });
});

describe('texts that stand beside each other', () => {
  const manifest = sampleManifest({
    reads: [sampleRead('logs')],
    streams: [
      {
        id: 'logs',
        kind: 'demo.logs/v1',
        description: 'Logs',
        classes: ['symptom'],
        primaryKey: ['pid'],
        cursor: null,
        fields: {
          'lines[]': sampleField('text', 'text', 'drop'),
          note: sampleField('text', 'text', 'drop'),
          note_more: sampleField('text', 'text', 'drop'),
          pid: sampleField('integer', 'measurement', 'keep'),
        },
      },
    ],
  });
  const opened = layer(
    'open',
    `rules:
  - { id: all, description: x, streams: ["*"], classes: [measurement] }
  - { id: texts, description: x, streams: [demo/logs], fields: ["lines[]", note, note_more], treatment: scan }
detectors: [{ detector: phone, action: drop }]`,
  );
  const { policy } = compilePolicy([manifest], [opened], { now: NOW });
  const key = ['AKIA', 'QYLPMN5H', 'XVZT3WKD'].join('');

  function body(observed: Record<string, unknown>) {
    const gate = makeGate({
      policy,
      keyed: makeKeyed(epochOf(Buffer.alloc(32, 5), NOW), 'acme', (value) => JSON.stringify(value)),
    });
    const record = observe({
      stream: 'logs',
      class: 'symptom',
      entity: 'demo://o/t',
      key: 'k',
      occurredAt: NOW,
      body: observed,
    });
    const read = admitted({ connection: 'orders', connector: 'demo', read: 'logs', streams: ['logs'] });
    const result = gate.clear(record, read, NOW);
    return isWithheld(result) ? result : result.body;
  }

  it.each([4, 8, 12, 16])('are read together: a key that is cut after %i characters is found', (at) => {
    const [head, tail] = [key.slice(0, at), key.slice(at)];
    const fields = JSON.stringify(
      body({ note: `the key is ${head}`, note_more: `${tail} as of today`, pid: 7 }),
    );
    const lines = JSON.stringify(
      body({ lines: ['started', `the key is ${head}`, `${tail} as of today`], pid: 7 }),
    );
    for (const out of [fields, lines]) {
      expect(out).not.toContain(head);
      expect(out).not.toContain(tail);
      expect(out).toContain('as of today');
    }
  });

  it('keep their places and their order when one is left out', () => {
    expect(
      body({ lines: ['one', 'call +49 30 901820', 'three'], note: 'four', note_more: 5, pid: 7 }),
    ).toEqual({
      lines: ['one', 'three'],
      note: 'four',
      pid: 7,
    });
    expect(Object.keys(body({ note_more: 'b', note: 'call +49 30 901820', pid: 7, lines: [] }))).toEqual([
      'lines',
      'note_more',
      'pid',
    ]);
  });

  it('are cut when they are too long, and do not hide what stands beside them', () => {
    const long = 'x '.repeat(2_100);
    expect(body({ lines: [long, `the key is ${key}`] })).toEqual({
      lines: ['[REDACTED:too-long]', 'the key is [REDACTED:aws-key]'],
    });
  });
});

describe('characters that can not be seen', () => {
  it.each([
    ['NUL', '\u0000', 'U+0000'],
    ['a direction mark', '\u202e', 'U+202E'],
    ['half a character', '\ud800', 'U+D800'],
    ['escape', '\u001b', 'U+001B'],
  ])('%s is refused, with its place', (_, character, name) => {
    const parsed = parsePolicy(`apiVersion: exhibit/v1\nkind: Pol${character}icy\n`, 'p.yaml');
    expect('problems' in parsed && formatProblems(parsed.problems)).toBe(
      `p.yaml:2:10 holds a character that can not be seen (${name}: remove it)`,
    );
  });
});
