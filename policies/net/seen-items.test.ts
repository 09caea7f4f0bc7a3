import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCanaries } from '../canaries/canaries.ts';
import { DETECTORS } from '../detectors/index.ts';
import { makeScanner, type Scanner } from '../redact.ts';
import { type ByteNet, makeByteNet } from './byte-net.ts';
import { plantedTexts } from './testing/planted.ts';

const net = makeScanner(DETECTORS, 'all');
const MARKER = 'planted-north-4471-row';
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9lM1n', 'O3pQ5rS7tU9vW1xY3zA5'].join('');

/** A net, and what its scanner was asked for. */
function listening(...markers: readonly string[]): { asked: string[]; byteNet: ByteNet } {
  const asked: string[] = [];
  const heard: Scanner = {
    ...net,
    hasFinding(text) {
      asked.push(text);
      return net.hasFinding(text);
    },
  };
  const canaries = makeCanaries(markers.map((value, at) => ({ id: `c${at}`, value })));
  return { asked, byteNet: makeByteNet({ net: heard, canaries }) };
}

function page(items: readonly string[], next = 'null'): string {
  return `{"items":[${items.join(',')}],"next":${next}}`;
}

const item = (name: string) =>
  JSON.stringify({ body: { name, note: `seen at ${name}` }, id: `id of ${name}` });
const ITEMS = [item('orders'), item('billing'), item('search')];

describe('items that a net has found clean', () => {
  it('are not read again by it, what stands around them is', () => {
    const { asked, byteNet } = listening();
    expect(byteNet.check(page(ITEMS), 'response', ITEMS)).toBeUndefined();
    expect(asked).toContain('seen at billing');
    // So many others that what is remembered of single values is forgotten.
    for (let i = 0; i < 41_000; i += 500) {
      const others = Array.from({ length: 500 }, (_, at) => `other ${i + at}`);
      byteNet.check(JSON.stringify(others), 'response');
    }
    asked.length = 0;
    expect(byteNet.check(page(ITEMS, '"cursor"'), 'response', ITEMS)).toBeUndefined();
    expect(asked).toContain('cursor');
    expect(asked).not.toContain('seen at billing');
    expect(byteNet.check(page(ITEMS), 'response')).toBeUndefined();
    expect(asked).toContain('seen at billing');
  });

  it('do not hide what stands beside them', () => {
    const { byteNet } = listening(MARKER);
    expect(byteNet.check(page(ITEMS), 'response', ITEMS)).toBeUndefined();
    const hit = { where: 'response', rule: 'github-token', path: 'next', isCanary: false };
    expect(byteNet.check(page(ITEMS, `"${TOKEN}"`), 'response', ITEMS)).toEqual(hit);
    const marked = byteNet.check(page(ITEMS, `"${MARKER}"`), 'response', ITEMS);
    expect(marked).toMatchObject({ rule: 'canary:c0', path: 'next' });
  });

  it('are no word for others: only the bytes that are named are passed over, where they stand', () => {
    const { byteNet } = listening();
    byteNet.check(page(ITEMS), 'response', ITEMS);
    const leaking = JSON.stringify({ body: { name: TOKEN } });
    for (const named of [ITEMS, [...ITEMS].reverse(), [leaking], [...ITEMS, leaking], ['{}'], ['']]) {
      const hit = byteNet.check(page([...ITEMS, leaking]), 'response', named);
      expect(hit).toMatchObject({ rule: 'github-token', path: 'items[3].body.name' });
    }
    // A piece of a document that is no object of its own.
    const split = `["${TOKEN.slice(0, 9)}",{"a":1},"x"]`;
    expect(byteNet.check(split, 'response', ['{"a":1}'])).toBeUndefined();
    expect(byteNet.check(`{"a":"x{"a":1}${TOKEN}"}`, 'response', ['{"a":1}'])?.rule).toBe('github-token');
  });

  it('are read anew for a canary that was not known when they were read', () => {
    const hidden = [MARKER, Buffer.from(`so ${MARKER}`).toString('base64'), [...MARKER].join('\u200b')];
    for (const value of hidden) {
      const items = [...ITEMS, JSON.stringify({ body: { value } })];
      const before = listening('something-else-5512').byteNet;
      expect(before.check(page(items), 'response', items)).toBeUndefined();
      expect(before.check(page(items), 'response', items)).toBeUndefined();
      const after = listening('something-else-5512', MARKER).byteNet;
      for (let time = 0; time < 2; time++) {
        const hit = after.check(page(items), 'response', items);
        expect(hit).toEqual({
          where: 'response',
          rule: 'canary:c1',
          path: 'items[3].body.value',
          isCanary: true,
        });
      }
    }
  });

  it('give the same answer as reading all of it, however often they are asked for', () => {
    const canaries = makeCanaries([{ id: 'c', value: MARKER }]);
    const remembering = makeByteNet({ net, canaries, detectors: DETECTORS });
    const reading = makeByteNet({ net, canaries, detectors: DETECTORS });
    const texts = [...plantedTexts().map(({ text }) => text), MARKER, 'orders', 'a', ''];
    const body = fc.dictionary(fc.constantFrom('name', 'password', 'a.b'), fc.constantFrom(...texts), {
      maxKeys: 2,
    });
    const stored = fc.array(
      body.map((fields) => JSON.stringify({ body: fields })),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(stored, fc.constantFrom(...texts), fc.nat(3), (items, next, named) => {
        const response = page(items, JSON.stringify(next));
        const known = items.slice(0, named);
        for (let time = 0; time < 2; time++)
          expect(remembering.check(response, 'response', known)).toEqual(reading.check(response, 'response'));
      }),
      { numRuns: 300 },
    );
  });
});
