import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, placeOfSyntaxError } from './place.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('placeOfSyntaxError', () => {
  it.each([
    ['', 0, ''],
    ['{"a":1', 6, 'a'],
    ['{"a":1}x', 7, ''],
    ['{"a":[1,2,x]}', 10, 'a[2]'],
    ['{"a":[1,]}', 8, 'a[1]'],
    ['{"a":{"b":tru}}', 10, 'a.b'],
    ['{"a":{"b":"\u0001"}}', 11, 'a.b'],
    ['{"a":{"b":"\\x"}}', 11, 'a.b'],
    ['{"a":1,}', 7, 'a'],
    ['{"ü":"€","b":01}', 17, 'b'],
    ['{"secret words":{"b":x}}', 21, '[…].b'],
    ['[[[', 3, '[0][0][0]'],
  ])('finds where %j breaks', (text, byte, path) => {
    expect(placeOfSyntaxError(text)).toEqual({ byte, path });
  });

  it('says that there is none exactly when JSON.parse accepts', () => {
    const almost = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', ':', '\\', '1', 'e', '-', 'x', ' '))
      .map(
        ([text, at, change]) =>
          text.slice(0, at % (text.length + 1)) + change + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), almost, fc.string()), (text) => {
        expect({ text, found: placeOfSyntaxError(text) === null }).toEqual({ text, found: isJson(text) });
      }),
      { numRuns: 5_000 },
    );
  });

  it('survives any nesting', () => {
    const place = placeOfSyntaxError('['.repeat(1_000_000));
    expect(place?.byte).toBe(1_000_000);
    expect(place?.path.length).toBeLessThan(100);
  });
});

describe('placeOf', () => {
  const text = '{"items":[{"id":"a","n":[1,22]},{"id":"b"}],"z":null}';

  it.each([
    ['"a"', 'items[0].id'],
    ['22', 'items[0].n[1]'],
    ['"b"', 'items[1].id'],
    ['null', 'z'],
  ])('knows what %s belongs to', (part, path) => {
    expect(placeOf(text, text.indexOf(part))).toEqual({ byte: text.indexOf(part), path });
  });
});
