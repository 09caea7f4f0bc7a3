import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observe } from '../connectors/sdk/index.ts';
import { admitted } from '../connectors/sdk/testing/index.ts';
import { isWithheld, makeGate } from '../policies/clear.ts';
import type { Cleared } from '../policies/cleared.ts';
import { compilePolicy } from '../policies/compile.ts';
import { makeKeyed } from '../policies/keyed.ts';
import { epochOf } from '../policies/keyring.ts';
import { loadPolicies } from '../policies/load.ts';
import { canonicalize } from './canonical-json.ts';
import { envelopes, isEnvelope } from './envelope.ts';
import { SAMPLE_MANIFEST } from './testing/samples.ts';

const RUN = {
  tenant: 'acme',
  connection: 'prod "quoted" ü',
  connector: 'demo@1.2.3',
  read: 'locks',
  readDigest: `sha256:${'1'.repeat(64)}`,
  run: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff',
  policy: { digest: `sha256:${'2'.repeat(64)}`, version: 'standard@1' },
};
const BATCH = {
  observedAt: '2026-11-21T00:00:09.000Z',
  completeness: { state: 'partial', read: 3, expected: null, reason: 'cut "short"' },
  cost: { durationMs: 8, rows: 3, bytes: 411, calls: 1 },
} as const;

const { policy } = compilePolicy([SAMPLE_MANIFEST], await loadPolicies(['standard']), {
  now: BATCH.observedAt,
});
const gate = makeGate({
  policy,
  keyed: makeKeyed(epochOf(Buffer.alloc(32, 9), '2026-11-01T00:00:00.000Z'), 'acme', canonicalize),
});
const [stream] = SAMPLE_MANIFEST.streams;
if (stream === undefined) throw new Error('the sample manifest has a stream');
const read = admitted({
  connection: 'prod',
  connector: SAMPLE_MANIFEST.id,
  read: 'any',
  streams: [stream.id],
});

function clear(key: string, body: Record<string, unknown>, occurredAt = '2026-11-21T00:00:00.000Z'): Cleared {
  const [observedClass] = stream?.classes ?? [];
  const record = gate.clear(
    observe({
      stream: stream?.id ?? '',
      class: observedClass ?? 'state',
      entity: 'demo://prod/a%20b',
      related: ['demo://prod/c'],
      key,
      occurredAt,
      window: { from: '2026-11-20T23:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
      body,
    }),
    read,
    BATCH.observedAt,
  );
  if (isWithheld(record)) throw new Error(record.withheld);
  return record;
}

describe('envelopes', () => {
  it('writes the RFC 8785 bytes of the item, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(stream.fields)), fc.jsonValue()),
        fc.string(),
        (body, key) => {
          for (const { item, canonical } of envelopes([clear(key, body)], RUN, BATCH)) {
            expect(canonical).toBe(canonicalize(item));
            expect(JSON.parse(canonical)).toEqual(item);
          }
        },
      ),
    );
  });

  it('writes gaps and refusals in the same form', () => {
    const gap = gate.clear(
      { gap: 'PRIVILEGE', missing: 'locks', reason: 'not "granted"', hint: 'grant it' },
      read,
      BATCH.observedAt,
    );
    const refusal = gate.refuse(
      { code: 'STREAM_DENIED', reason: 'no rule', count: 2 },
      read,
      BATCH.observedAt,
    );
    if (isWithheld(gap)) throw new Error('withheld');
    for (const { item, canonical } of envelopes([gap, refusal], RUN, BATCH))
      expect(canonical).toBe(canonicalize(item));
  });

  it('gives the same fact the same id, and different facts different ones', () => {
    const id = (record: Cleared, run = RUN) => envelopes([record], run, BATCH)[0]?.item.id;
    const at = '2026-11-21T00:00:00.000Z';
    const same = id(clear('a', {}, at));
    expect(id(clear('a', {}, at))).toBe(same);
    expect(
      envelopes([clear('a', {}, at)], RUN, { ...BATCH, observedAt: '2026-11-21T05:00:00.000Z' })[0]?.item.id,
    ).toBe(same);
    const others = [
      id(clear('b', {}, at)),
      id(clear('a', {}, '2026-11-21T00:00:00.001Z')),
      id(clear('a', {}, at), { ...RUN, tenant: 'other' }),
      id(clear('a', {}, at), { ...RUN, connection: 'other' }),
    ];
    expect(new Set([same, ...others]).size).toBe(5);
  });

  it('can not be made to confuse two facts by what stands in a key', () => {
    const ids = ['a\nb', 'a b', 'a,1:b'].map((key) => envelopes([clear(key, {})], RUN, BATCH)[0]?.item.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('refuses what did not come through the gate, whatever its type says', () => {
    const forged = { ...clear('a', {}) } as Cleared;
    expect(() => envelopes([forged], RUN, BATCH)).toThrow(expect.objectContaining({ code: 'NOT_CLEARED' }));
    expect(isEnvelope({ item: {}, canonical: '{}' })).toBe(false);
  });
});
