import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCanaries } from '../canaries/canaries.ts';
import { DETECTORS } from '../detectors/index.ts';
import { makeScanner } from '../redact.ts';
import { makeByteNet } from './byte-net.ts';
import { stretchesOf } from './long-text.ts';
import { plantedTexts } from './testing/planted.ts';

const net = makeScanner(DETECTORS, 'all');
const canaries = makeCanaries([{ id: 'c', value: 'exhibit-canary-0q7x' }]);
const fast = makeByteNet({ net, canaries, detectors: DETECTORS });
/** Asks the scanner of every value. */
const thorough = makeByteNet({ net, canaries });
const planted = plantedTexts();

const word = fc.constantFrom(
  'orders',
  'kube-system',
  'a/b',
  'ünï',
  '',
  'Pod',
  '2026-01-02T03:04:05.678Z',
  'x y',
);
const { value: tree } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('body', 'name', 'state', 'items', 'a.b', 'key'), tie('value'), {
      maxKeys: 4,
    }),
  ),
}));

type Step = string | number;

/** The document with the text in it, and the path to it. */
function plant(
  document: unknown,
  text: string,
  turns: readonly number[],
): { document: unknown; path: Step[] } {
  const [turn = 0, ...rest] = turns;
  if (Array.isArray(document) && document.length > 0 && rest.length > 0) {
    const index = turn % document.length;
    const inner = plant(document[index], text, rest);
    return { document: document.with(index, inner.document), path: [index, ...inner.path] };
  }
  if (typeof document === 'object' && document !== null && !Array.isArray(document) && rest.length > 0) {
    const names = Object.keys(document);
    const name = names[turn % names.length] ?? 'new';
    const inner = plant((document as Readonly<Record<string, unknown>>)[name], text, rest);
    return { document: { ...document, [name]: inner.document }, path: [name, ...inner.path] };
  }
  return { document: text, path: [] };
}

function written(path: readonly Step[]): string {
  return path
    .map((step, depth) => {
      if (typeof step === 'number') return `[${step}]`;
      if (step.includes('.')) return `["${step}"]`;
      return depth === 0 ? step : `.${step}`;
    })
    .join('');
}

const turns = fc.array(fc.nat(7), { minLength: 1, maxLength: 6 });

describe('a byte net', () => {
  it('has texts to look for', () => {
    expect(planted.length).toBeGreaterThan(30);
  });

  it.each(planted)('finds $name in whatever value of an item it stands, under its path', ({ text }) => {
    fc.assert(
      fc.property(tree, turns, (document, way) => {
        const { document: whole, path } = plant(document, text, way);
        expect(fast.check(JSON.stringify(whole), 'item')?.path).toBe(written(path));
      }),
      { numRuns: 20 },
    );
  });

  it.each(planted)('finds $name in a line of a log, in metrics and in an error', ({ text }) => {
    const lines = [{ level: 30, msg: 'started' }, { level: 40, err: { message: text } }, { level: 30 }];
    const log = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
    expect(fast.check(log, 'log')?.path).toBe('line 2: err.message');
    const metrics = `# TYPE exhibit_x counter\nexhibit_x{connection="orders",path=${JSON.stringify(text)}} 3\n`;
    expect(fast.check(metrics, 'metrics')?.path).toMatch(/^line [12]$/);
    expect(fast.check(`Error: it failed\n    at x (y.ts:1:2)\n${text}\n`, 'error')?.rule).toBeDefined();
  });

  it.each(planted)('finds $name in encodings in which the scanner does', ({ text }) => {
    const base64 = Buffer.from(text).toString('base64');
    for (const form of [base64, Buffer.from(text).toString('hex'), encodeURIComponent(text)]) {
      if (net.hasFinding(form))
        expect(fast.check(JSON.stringify({ a: [form] }), 'item')?.path).toMatch(/^a\[0\]/);
    }
  });

  it('finds what a net finds that asks the scanner of every value', () => {
    const part = fc.constantFrom(
      ...planted.map(({ text }) => text),
      'exhibit-canary-0q7x',
      'password',
      'token',
    );
    const mixed = fc.array(
      fc.oneof(
        word,
        part,
        fc.tuple(part, fc.nat(60)).map(([text, cut]) => text.slice(0, cut)),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.array(mixed), tree, (lists, document) => {
        const text = JSON.stringify([lists.map((list) => list.join(' ')), document, ...lists]);
        expect(fast.check(text, 'item')).toEqual(thorough.check(text, 'item'));
      }),
      { numRuns: 500 },
    );
  });

  it('takes no time for the second half of a secret, whoever wakes it', () => {
    const time = '2026-01-02T03:04:05.678Z';
    for (const list of [
      ['USER svc\r\n331 Password r', time],
      [time, 'x password=', time, 'y'],
    ]) {
      const text = JSON.stringify({ list, name: list[0], at: time });
      expect([text, fast.check(text, 'item')]).toEqual([text, thorough.check(text, 'item')]);
      expect([text, fast.check(text, 'item')]).toEqual([text, undefined]);
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.uint8Array()), (some) => {
        fast.check(some, 'response');
      }),
    );
  });
});

describe('at the seams of a long text', () => {
  const secret = ['gh', 'p_', 'aB3dE5gH7jK9lM1n', 'O3pQ5rS7tU9vW1xY3zA5'].join('');
  const encoded = Buffer.from(`we saw ${secret}, keep it`).toString('base64');
  const size = 140_000;
  const fillers: readonly (readonly [string, string])[] = [
    ['words', 'so much depends '],
    ['one word', 'é'],
    ['lines', 'one line of a log, like the next one\n'],
  ];
  const seams = [60_000 - 8_192, 60_000, 2 * (60_000 - 8_192), 120_000 - 8_192];

  it.each(fillers)('nothing is missed between %s', (_, unit) => {
    const filler = unit.repeat(size / unit.length);
    for (const seam of seams) {
      for (let at = seam - 45; at <= seam + 5; at++) {
        const text = `${filler.slice(0, at)} ${secret} ${filler.slice(at)}`;
        expect(fast.check(text, 'error')?.rule).toBe('github-token');
        if (at % 9 === 0) expect(fast.check(JSON.stringify({ a: text }), 'item')?.path).toBe('a');
      }
    }
  });

  it('nothing is missed that is in base64', () => {
    const filler = 'lorem ipsum '.repeat(12_000);
    for (const seam of seams) {
      for (let at = seam - encoded.length - 3; at <= seam + 3; at += 1) {
        const text = `${filler.slice(0, at)} ${encoded} ${filler.slice(at)}`;
        expect(fast.check(text, 'error')?.rule).toBe('github-token');
      }
    }
  });

  it('whole groups of base64 digits stay together', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 200, max: 900 }), (before, length) => {
        const text = `${'.'.repeat(before)}${'A'.repeat(length)}`;
        const stretches = [...stretchesOf(text, 100, 40)];
        for (const [from] of stretches.slice(1)) expect((from - before) % 4).toBe(0);
        for (const [index, [from]] of stretches.entries()) {
          expect(from).toBeLessThanOrEqual((stretches[index - 1]?.[1] ?? 40) - 40);
        }
        expect(stretches.at(-1)?.[1]).toBe(text.length);
      }),
    );
  });
});
