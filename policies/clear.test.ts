import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Observation, observe } from '../connectors/sdk/index.ts';
import {
  admitted,
  onlyScope,
  sampleField,
  sampleManifest,
  sampleRead,
} from '../connectors/sdk/testing/index.ts';
import { isCleared, isWithheld, makeGate } from './clear.ts';
import type { Cleared, ClearedRecord } from './cleared.ts';
import { compilePolicy } from './compile.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { type LoadedPolicy, parsePolicy } from './load.ts';

const MANIFEST = sampleManifest({
  reads: [sampleRead('locks')],
  streams: [
    {
      id: 'locks',
      kind: 'demo.locks/v1',
      description: 'Locks',
      classes: ['symptom'],
      primaryKey: ['pid'],
      cursor: null,
      fields: {
        mode: sampleField('token', 'enumeration', 'keep'),
        wait_ms: sampleField('integer', 'measurement', 'keep'),
        relation: sampleField('name', 'identifier', 'keep'),
        role: sampleField('text', 'person', 'pseudonymize'),
        note: sampleField('text', 'text', 'drop'),
        'holders[].pid': sampleField('integer', 'measurement', 'keep'),
        'holders[].role': sampleField('text', 'person', 'pseudonymize'),
        'tags[]': sampleField('token', 'enumeration', 'keep'),
      },
    },
  ],
});

function policy(yaml: string): LoadedPolicy {
  const parsed = parsePolicy(yaml, 'policy.yaml');
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
}

const STANDARD = policy(`
apiVersion: exhibit/v1
kind: Policy
metadata: { name: base, version: "3", description: for tests }
rules:
  - { id: metadata, description: names and numbers, streams: ["*"], classes: [identifier, measurement, enumeration] }
  - { id: people, description: pseudonyms, streams: ["*"], classes: [person], treatment: pseudonymize }
`);

const LAYER = (rules: string) =>
  policy(`
apiVersion: exhibit/v1
kind: Policy
metadata: { name: acme, version: "1", description: for tests }
rules: [${rules}]
`);

function gateFor(...layers: LoadedPolicy[]) {
  const { policy: compiled, problems } = compilePolicy([MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  return makeGate({
    policy: compiled,
    keyed: makeKeyed(epochOf(Buffer.alloc(32, 7), '2026-11-01T00:00:00.000Z'), 'acme', (value) =>
      JSON.stringify(value),
    ),
  });
}

const NOW = '2026-11-21T00:00:05.000Z';
const READ = admitted({ connection: 'orders', connector: 'demo', read: 'locks', streams: ['locks'] });

function observation(body: Record<string, unknown>, more: Partial<Observation> = {}) {
  return observe({
    stream: 'locks',
    class: 'symptom',
    entity: 'demo://orders/table',
    key: 'pid/7',
    occurredAt: '2026-11-21T00:00:00.000Z',
    body,
    ...more,
  });
}

function cleared(result: ReturnType<ReturnType<typeof makeGate>['clear']>): Cleared {
  if (isWithheld(result)) throw new Error(`withheld: ${result.withheld}`);
  return result;
}

describe('clear', () => {
  it('lets out what is declared and allowed, and says by which rule', () => {
    const record = cleared(
      gateFor(STANDARD).clear(
        observation({ wait_ms: 812, mode: 'ShareLock', relation: 'orders' }),
        READ,
        NOW,
      ),
    );
    expect(record.body).toEqual({ mode: 'ShareLock', relation: 'orders', wait_ms: 812 });
    expect(Object.keys(record.body)).toEqual(['mode', 'relation', 'wait_ms']);
    expect(record.fields).toEqual({
      'body.mode': 'base#metadata',
      'body.relation': 'base#metadata',
      'body.wait_ms': 'base#metadata',
    });
    expect(record.dropped).toEqual({ count: 0, names: [] });
  });

  it('leaves out what nobody declared, and counts it without naming it', () => {
    const record = cleared(
      gateFor(STANDARD).clear(observation({ mode: 'X', query: 'select 1', a: { b: 2 } }), READ, NOW),
    );
    expect(record.body).toEqual({ mode: 'X' });
    expect(record.dropped).toEqual({ count: 2, names: [] });
  });

  it('leaves out what the policy does not allow, and names the field', () => {
    const record = cleared(
      gateFor(STANDARD).clear(observation({ mode: 'X', note: 'hello there' }), READ, NOW),
    );
    expect(record.body).toEqual({ mode: 'X' });
    expect(record.dropped).toEqual({ count: 1, names: ['note'] });
  });

  it.each([
    ['prose in a token', { mode: 'drop table orders' }],
    ['a fraction in an integer', { wait_ms: 1.5 }],
    ['a text in an integer', { wait_ms: '812' }],
    ['an object in a name', { relation: { secret: 1 } }],
    ['a line break in a name', { relation: 'a\nb' }],
    ['an object in place of an array', { holders: { pid: 1 } }],
  ])('drops %s', (_what, body) => {
    const record = cleared(gateFor(STANDARD).clear(observation(body), READ, NOW));
    expect(record.body).toEqual({});
    expect(record.dropped.count).toBe(1);
  });

  it('gives the same person the same pseudonym, everywhere in the record and never the name', () => {
    const record = cleared(
      gateFor(STANDARD).clear(
        observation({
          role: 'jane doe',
          holders: [
            { pid: 9, role: 'jane doe' },
            { pid: 11, role: 'joe' },
          ],
        }),
        READ,
        NOW,
      ),
    );
    const [first, second] = record.body['holders'] as { role: string }[];
    expect(first?.role).toBe(record.body['role']);
    expect(second?.role).not.toBe(record.body['role']);
    expect(JSON.stringify(record)).not.toContain('jane');
    expect(record.redactions).toContainEqual({
      path: 'body.holders[].role',
      rule: 'pseudonymize',
      action: 'pseudonymize',
      count: 2,
    });
  });

  it('masks a credential in a kept name, and replaces an entity that holds one', () => {
    const token = ['ghp', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_');
    const record = cleared(
      gateFor(STANDARD).clear(
        observation({ relation: token }, { entity: `demo://orders/${token}` }),
        READ,
        NOW,
      ),
    );
    expect(JSON.stringify(record)).not.toContain(token);
    expect(record.redactions.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['body.relation', 'entity']),
    );
    expect(record.entity).toMatch(/^demo:\/\/orders\/redacted\//);
  });

  it('opens free text only for a rule that names stream and field, and only through the detectors', () => {
    const gate = gateFor(
      STANDARD,
      LAYER('{ id: notes, description: x, streams: [demo/locks], fields: [note], treatment: scan }'),
    );
    const record = cleared(gate.clear(observation({ note: 'mail bob@example.org about it' }), READ, NOW));
    expect(record.body['note']).toMatch(/^mail \[REDACTED:email\] about it$/);
    expect(record.fields['body.note']).toBe('acme#notes');
  });

  it('withholds records of a closed stream, outside the scope, or out of shape', () => {
    const gate = gateFor(STANDARD);
    const closed = { ...READ, streams: [] } as unknown as typeof READ;
    const scoped = { ...READ, scope: onlyScope({ namespace: ['shop'] }) } as unknown as typeof READ;
    expect(gate.clear(observation({}), closed, NOW)).toEqual({ withheld: 'stream', stream: 'locks' });
    expect(gate.clear(observation({}, { scope: { namespace: 'kube-system' } }), scoped, NOW)).toEqual({
      withheld: 'scope',
      stream: 'locks',
    });
    for (const broken of [{ class: 'state' }, { entity: 'no uri' }, { occurredAt: 'yesterday' }] as const) {
      expect(gate.clear(observation({}, broken as Partial<Observation>), READ, NOW)).toMatchObject({
        withheld: 'shape',
      });
    }
  });

  it('lets nothing through that no rule names: with any rule deleted, its fields are gone', () => {
    const empty = LAYER('');
    const { policy: compiled } = compilePolicy([MANIFEST], [empty], { now: NOW });
    expect([...compiled.of('orders').streams.keys()]).toEqual([]);
    expect(compiled.of('orders').reads.get('demo/locks')?.streams).toEqual([]);
  });

  it('passes nothing on that was not declared, whatever is thrown at it', () => {
    const gate = gateFor(STANDARD);
    const allowed = new Set(['mode', 'wait_ms', 'relation', 'role', 'holders', 'tags']);
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom(...allowed, 'note', '__proto__', 'constructor')),
          fc.jsonValue(),
        ),
        (body) => {
          const record = cleared(gate.clear(observation(body), READ, NOW));
          for (const key of Object.keys(record.body)) expect(allowed).toContain(key);
          const text = JSON.stringify(record.body);
          expect(text).not.toContain('note');
          for (const value of strings(record.body)) expect(value).toMatch(/^[A-Za-z0-9_.:/@+=~$#%[\]-]*$/);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('keeps no reference to what it was given', () => {
    const holders = [{ pid: 1 }];
    const record = cleared(gateFor(STANDARD).clear(observation({ holders }), READ, NOW));
    holders[0] = { pid: 666 };
    expect(record.body['holders']).toEqual([{ pid: 1 }]);
  });

  it('knows what it minted', () => {
    const record = cleared(gateFor(STANDARD).clear(observation({ mode: 'X' }), READ, NOW));
    expect(isCleared(record)).toBe(true);
    expect(isCleared({ ...record } as ClearedRecord)).toBe(false);
  });

  it('scrubs a gap, which is our own words, all the same', () => {
    const token = ['ghp', 'Z1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('_');
    const record = cleared(
      gateFor(STANDARD).clear({ gap: 'PRIVILEGE', missing: 'locks', reason: `got ${token}` }, READ, NOW),
    );
    expect(record).toMatchObject({
      class: 'gap',
      kind: 'exhibit.gap/v1',
      body: { code: 'PRIVILEGE', missing: 'locks' },
    });
    expect(JSON.stringify(record)).not.toContain(token);
  });
});

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(strings);
  return [];
}
