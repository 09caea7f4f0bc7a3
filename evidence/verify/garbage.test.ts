import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../connectors/sdk/index.ts';
import { bundleItems, parseBundle } from '../bundle.ts';
import { canonicalize } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { pseudoRandom } from '../testing/forge.ts';
import { problemsOf, sealedSample } from '../testing/sealed-sample.ts';
import { formatReport, verifyBundle, verifyManifest } from '../verify.ts';

const { bundle, document, sealed, trust } = await sealedSample(3);
const text = Buffer.from(bundle).toString();

/** Whatever comes in, there is a report, it is not good, it names something, and every reader says BUNDLE or reads. */
async function expectRefused(bytes: Uint8Array): Promise<void> {
  const report = await verifyBundle(bytes, trust);
  expect(report.good).toBe(false);
  expect(problemsOf(report).length).toBeGreaterThan(0);
  expect(formatReport(report)).toMatch(/^not good: \d+ problems?\n/);
  for (const read of [parseBundle, bundleItems]) {
    try {
      read(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(EvidenceError);
    }
  }
}

describe('garbage', async () => {
  it('of random bytes is refused', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), expectRefused), { numRuns: 500 });
  });

  it('of random JSON is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ stringUnit: 'binary' }), async (json) => {
        await expectRefused(Buffer.from(json));
      }),
      { numRuns: 500 },
    );
  });

  it('in place of any part of a bundle is refused', async () => {
    const names = Object.keys(document);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue(), async (name, value) => {
        const changed: Record<string, unknown> = { ...document, [name]: value };
        fc.pre(canonicalizeOrNull(changed) !== text);
        await expectRefused(Buffer.from(JSON.stringify(changed)));
      }),
      { numRuns: 500 },
    );
  });

  it('in place of any value of a bundle is refused', async () => {
    const random = pseudoRandom(99);
    const odd: readonly JsonValue[] = [
      null,
      true,
      -1,
      1e308,
      '',
      'x'.repeat(100),
      [],
      {},
      [[]],
      { a: null },
      '\u0000',
    ];
    for (let round = 0; round < 1_500; round += 1) {
      const replaced = replaceOne(document, random, odd[random(odd.length)] ?? null);
      const changed = JSON.stringify(replaced);
      if (canonicalizeOrNull(replaced) !== text) await expectRefused(Buffer.from(changed));
    }
  });

  it('that is cut off is refused, wherever', async () => {
    for (let length = 0; length < bundle.length; length += 37)
      await expectRefused(bundle.subarray(0, length));
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'bundle'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number too large', '1e999'],
    ['a million brackets', '['.repeat(1_000_000)],
    ['a million braces', '{"a":'.repeat(1_000_000)],
    ['deep nesting that ends', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['six million empty lists', `[${'[],'.repeat(6_000_000)}[]]`],
    ['brackets in strings alone', JSON.stringify(['[{'.repeat(1_000)])],
    [
      'deep nesting in an item',
      text.replace('"body":{', `"body":{"a":${'['.repeat(500)}${']'.repeat(500)},`),
    ],
    ['a number too large in an item', text.replace(/"pid":\d+/, '"pid":1e999')],
    ['half a surrogate pair in an item', text.replace('"transactionid"', String.raw`"\ud800"`)],
    ['__proto__ in an item', text.replace('"body":{', '"body":{"__proto__":{"good":true},')],
    ['__proto__ in the file', text.replace('{', '{"__proto__":{"good":true},')],
    ['__proto__ in the manifest', text.replace('"manifest":{', '"manifest":{"__proto__":{"good":true},')],
    ['a very long number', text.replace(/"pid":\d+/, `"pid":${'9'.repeat(100_000)}`)],
  ])('is refused: %s', async (_, changed) => {
    expect(changed).not.toBe(text);
    await expectRefused(Buffer.from(changed));
  });

  it('is not repeated in the report', async () => {
    const secret = 'hunter2hunter2';
    for (const changed of [
      text.replace('"body":{', `"body":{"pass ${secret}`),
      text.replace('"body":{', `"body":{"a":"${secret}",`),
      text.replace('{', `{"${secret} x":1,`),
      text.replace('"transactionid"', secret),
      text.replace(/"tenant":"acme"/, `"tenant":["${secret}"]`),
    ]) {
      expect(changed).not.toBe(text);
      const report = await verifyBundle(Buffer.from(changed), trust);
      expect(report.good).toBe(false);
      expect(JSON.stringify(report)).not.toContain(secret);
    }
  });

  it('in place of a manifest or an attestation is refused', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (garbage) => {
        expect(verifyManifest(garbage, sealed.attestation, trust).good).toBe(false);
        expect(verifyManifest(sealed.canonical, garbage, trust).good).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

function canonicalizeOrNull(value: unknown): string | null {
  try {
    return canonicalize(value);
  } catch {
    return null;
  }
}

/** A copy with one value, found by a random walk, replaced. */
function replaceOne(value: JsonValue, random: (below: number) => number, by: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || random(6) === 0) return by;
  const keys = Object.keys(value);
  const key = keys[random(keys.length)];
  if (key === undefined) return by;
  if (isArray(value)) return value.with(Number(key), replaceOne(value[Number(key)] ?? null, random, by));
  return { ...value, [key]: replaceOne(value[key] ?? null, random, by) };
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
