import { describe, expect, it } from 'vitest';
import { type Observation, observe, type Timestamp } from '../../connectors/sdk/index.ts';
import { admitted, sampleField, sampleManifest, sampleRead } from '../../connectors/sdk/testing/index.ts';
import { isWithheld, makeGate } from '../../policies/clear.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { parsePolicy } from '../../policies/load.ts';

/** Records as a source would send them that wants the gate to let out more than the policy, or to fall over. */

const MARK = 'zq7xmark';
const NOW = '2026-11-21T00:00:05.000Z';
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
        relation: sampleField('name', 'identifier', 'keep'),
        wait_ms: sampleField('integer', 'measurement', 'keep'),
        role: sampleField('text', 'person', 'pseudonymize'),
        'holders[].pid': sampleField('integer', 'measurement', 'keep'),
        'tags[]': sampleField('token', 'enumeration', 'keep'),
      },
    },
  ],
});
const POLICY = `
apiVersion: exhibit/v1
kind: Policy
metadata: { name: base, version: "3", description: for tests }
rules:
  - { id: metadata, description: names and numbers, streams: ["*"], classes: [identifier, measurement, enumeration] }
  - { id: people, description: pseudonyms, streams: ["*"], classes: [person], treatment: pseudonymize }
`;
const READ = admitted({ connection: 'orders', connector: 'demo', read: 'locks', streams: ['locks'] });

function clear(
  body: unknown,
  more: Partial<Observation> = {},
): ReturnType<ReturnType<typeof makeGate>['clear']> {
  const layer = parsePolicy(POLICY, 'policy.yaml');
  if ('problems' in layer) throw new Error(JSON.stringify(layer.problems));
  const { policy } = compilePolicy([MANIFEST], [layer], { now: NOW });
  const keyed = makeKeyed(epochOf(Buffer.alloc(32, 7), '2026-11-01T00:00:00.000Z'), 'acme', (value) =>
    JSON.stringify(value),
  );
  const record = observe({
    stream: 'locks',
    class: 'symptom',
    entity: 'demo://orders/table',
    key: 'pid/7',
    occurredAt: '2026-11-21T00:00:00.000Z' as Timestamp,
    body: body as Observation['body'],
    ...more,
  });
  return makeGate({ policy, keyed }).clear(record, READ, NOW as Timestamp);
}

function bodyOf(body: unknown): unknown {
  const result = clear(body);
  return isWithheld(result) ? result : result.body;
}

function cyclic(): Record<string, unknown> {
  const body: Record<string, unknown> = { mode: 'X', extra: MARK };
  body['self'] = body;
  body['holders'] = [body, [body]];
  body['tags'] = body;
  return body;
}

describe('a hostile record', () => {
  it.each<readonly [string, unknown, unknown]>([
    ['an own prototype', JSON.parse(`{"mode":"X","__proto__":{"relation":"${MARK}"}}`), { mode: 'X' }],
    [
      'names of a prototype',
      JSON.parse(`{"constructor":{"prototype":{"${MARK}":1}},"toString":"${MARK}"}`),
      {},
    ],
    [
      'prototypes in a list',
      { holders: [JSON.parse(`{"__proto__":{"pid":7},"pid":8}`)] },
      { holders: [{ pid: 8 }] },
    ],
    ['another way to be JSON', { mode: { toJSON: () => MARK }, toJSON: () => ({ mode: MARK }) }, {}],
    ['another way to be a text', { mode: { toString: () => MARK }, role: { toString: () => MARK } }, {}],
    ['boxed texts', { mode: Object(MARK), wait_ms: Object(5) }, {}],
    ['functions and symbols', { mode: () => MARK, relation: Symbol(MARK), [Symbol(MARK)]: 1 }, {}],
    [
      'numbers that are none',
      { wait_ms: Number.NaN, holders: [{ pid: Number.POSITIVE_INFINITY }] },
      { holders: [{}] },
    ],
    ['numbers beyond all', { wait_ms: 5n, holders: [{ pid: 2 ** 53 }] }, { holders: [{}] }],
    ['circles', cyclic(), { mode: 'X', holders: [{}] }],
    ['lists with holes', { tags: Object.assign([], { 2: 'b' }) }, { tags: ['b'] }],
    ['lists that are none', { tags: { length: 1, 0: MARK }, holders: MARK }, {}],
  ])('of %s gives only what is declared', (_case, body, expected) => {
    expect(bodyOf(body)).toEqual(expected);
    expect(Object.getPrototypeOf(bodyOf(body))).toBe(Object.prototype);
  });

  it('is read once: what is checked is what is kept', () => {
    let reads = 0;
    const body = {
      get mode() {
        reads += 1;
        return reads === 1 ? 'X' : `${MARK} ${MARK}`;
      },
    };
    expect([bodyOf(body), reads]).toEqual([{ mode: 'X' }, 1]);
  });

  it('of very many fields and elements is cut and counted', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200_000 }, (_, index) => [`${MARK}${index}`, index]),
    );
    const tags = Array.from({ length: 100_000 }, () => 'a');
    const result = clear({ ...many, tags });
    if (isWithheld(result)) throw new Error(result.withheld);
    expect(result.body).toEqual({ tags: tags.slice(0, 1_000) });
    expect(result.dropped.count).toBe(299_000);
  });

  it.each([
    ['a text in place of its start', { from: 'password=zq7xmark-zq7xmZ', to: NOW }],
    ['a text in place of its end', { from: NOW, to: 'password=zq7xmark-zq7xmZ' }],
    ['no time', { from: MARK, to: NOW }],
    ['a day that there is not', { from: '2026-11-33T00:00:00+01:00', to: NOW }],
    ['nothing', {}],
  ])('with a window of %s is withheld', (_case, window) => {
    expect(clear({ mode: 'X' }, { window: window as unknown as NonNullable<Observation['window']> })).toEqual(
      {
        withheld: 'shape',
        stream: 'locks',
      },
    );
  });

  it('of a day that there is not is withheld', () => {
    const occurredAt = '2026-11-33T00:00:00+01:00' as Timestamp;
    expect(clear({ mode: 'X' }, { occurredAt })).toEqual({ withheld: 'shape', stream: 'locks' });
  });
});
