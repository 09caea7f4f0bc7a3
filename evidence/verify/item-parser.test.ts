import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../canonical-json.ts';
import { itemSchema } from '../item-schema.ts';
import { edited } from '../testing/forge.ts';
import { sampleEnvelopes } from '../testing/samples.ts';
import { ItemParser } from './item-parser.ts';
import { isProblems } from './item-shape.ts';

const items = sampleEnvelopes(12).map(({ canonical }) => JSON.parse(canonical) as JsonObject);

/** What the parser makes of a text, and what the schema says of the same when it is parsed whole. */
function both(text: string, parser = new ItemParser()) {
  const bytes = Buffer.from(`{"item":${text},"salt":"x"}`);
  const read = parser.parse(bytes, 8, bytes.length - 12, 'items[0].item');
  const whole = itemSchema.safeParse(parsed(text));
  return {
    quick: isProblems(read) ? null : read,
    slow: whole.success ? whole.data : null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PATHS = [
  'id',
  'kind',
  'class',
  'connection',
  'stream',
  'entity',
  'related',
  'related.0',
  'occurredAt',
  'observedAt',
  'window',
  'body',
  'body.provenance',
  'more',
  'provenance',
  'provenance.connector',
  'provenance.read',
  'provenance.readDigest',
  'provenance.run',
  'provenance.policy',
  'provenance.policy.digest',
  'provenance.fields',
  'provenance.fields.more',
  'provenance.redactions',
  'provenance.redactions.0.action',
  'provenance.redactions.0.count',
  'provenance.dropped.count',
  'provenance.dropped.names',
  'provenance.completeness.state',
  'provenance.completeness.expected',
  'provenance.completeness.reason',
  'provenance.cost',
  'provenance.cost.rows',
  'provenance.cost.sourceMs',
  'provenance.cost.more',
  'provenance.more',
];
const odd = fc.constantFrom<JsonValue | undefined>(
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  '',
  'text',
  'x'.repeat(4097),
  'unproven',
  '2026-02-30T00:00:00.000Z',
  '2026-11-30T00:00:00.000Z',
  '2026-11-21T24:00:00.000Z',
  [],
  ['a'],
  [''],
  {},
  { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:00:01.000Z' },
  { provenance: {}, related: [] },
);

describe('items', () => {
  it('are read as the schema reads them, all with one parser', () => {
    const parser = new ItemParser();
    for (const item of [...items, ...items]) {
      const { quick, slow } = both(canonicalize(item), parser);
      expect(quick).toEqual(slow);
      expect(canonicalize(quick)).toBe(canonicalize(item));
    }
  });

  it('are accepted and refused as the schema does, whatever is put where', () => {
    const parser = new ItemParser();
    fc.assert(
      fc.property(fc.constantFrom(...items), fc.constantFrom(...PATHS), odd, (item, path, value) => {
        const { quick, slow } = both(canonicalize(changed(item, path, value)), parser);
        expect(quick).toEqual(slow);
      }),
      { numRuns: 3_000 },
    );
  });

  it('are not put together from pieces that are no item together', () => {
    const text = canonicalize(items[0]);
    const provenance = canonicalize(items[0]?.['provenance']);
    for (const broken of [
      text.replace(`,"provenance":${provenance}`, ''),
      text.replace('"body":{', `"body":{"a":1,"provenance":${provenance},"related":[],`),
      text.replace('"related":[', '"related":[],"related":['),
      text.replace(',"provenance":', '},"provenance":'),
      text.replace(',"provenance":', ',"more":{"a":1,"provenance":'),
      text.replace(',"provenance":', ',,"provenance":'),
      text.replace('"related":[', ',"related":['),
      text.replace(/}$/, '}}'),
      text.replace(/}$/, ''),
      `${text.slice(0, -1)},"more":1}`,
      `{"provenance":{},${text.slice(1)}`,
    ]) {
      expect(broken).not.toBe(text);
      const { quick, slow } = both(broken);
      expect(quick).toEqual(slow);
    }
  });
});

function changed(item: JsonObject, path: string, value: JsonValue | undefined): JsonValue {
  try {
    return edited(item, path, () => value);
  } catch {
    // There is nothing of that name in an item like this.
    return item;
  }
}
