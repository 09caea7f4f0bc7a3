import { describe, expect, it } from 'vitest';
import { openBundle } from './open.ts';
import { readAll } from './testing/random-bundle.ts';
import { expectRefused, replaced, SAMPLE_FORMS } from './testing/sample-forms.ts';

describe('the JSON form', () => {
  const { json } = SAMPLE_FORMS;

  it.each([
    ['white space', '{"attestation":', '{"attestation": ', 'SHAPE', /^attestation$/],
    ['an unknown member', ',"incident":', ',"hidden":{},"incident":', 'SHAPE', /^incident, byte \d+$/],
    ['another schema', '"exhibit.bundle/v1"', '"exhibit.bundle/v2"', 'SHAPE', /^schema, byte \d+$/],
    ['a doubled key', '"timeline":[{', '"timeline":[{"at":1,', 'NOT_CANONICAL', /^timeline$/],
    ['a number too large', '"changes":1', '"changes":1e999', 'NOT_CANONICAL', /^summary$/],
    ['a second spelling', '"changes":1', '"changes":1.0', 'NOT_CANONICAL', /^summary$/],
    ['half a surrogate pair', 'Checkout slow', '\\ud83d', 'NOT_CANONICAL', /^incident$/],
    ['an escape too many', 'Checkout slow', 'Checkout \\u0073low', 'NOT_CANONICAL', /^incident$/],
    ['__proto__', '"title":', '"__proto__":1,"title":', 'NOT_CANONICAL', /^incident$/],
    ['a member that is text', '"candidates":[]', '"candidates":"x"', 'SHAPE', /^candidates$/],
    ['an item that is none', '{"item":{', '{"itam":{', 'SHAPE', /^items\[0\]$/],
    ['a salt of another length', '","salt":"', '","salt":"0', 'SHAPE', /^(items\[0\]|.*)$/],
    ['an entry in upper case', '"leaf":"sha256:', '"leaf":"SHA256:', 'SHAPE', /^contents\[0\]$/],
    ['bytes that are no text', 'Checkout', 'Check\xff\xfe', 'NOT_UTF8', /^file$/],
  ])('refuses %s', async (_, from, to, reason, where) => {
    const bytes =
      from === '","salt":"' ? replaced(json, '},"salt":"', '},"salt":"0') : replaced(json, from, to);
    await expectRefused(bytes, reason, where);
  });

  it('refuses members in another order', async () => {
    const text = json.toString().replace(/("candidates":\[\]),("contents":\[.*?\])/, '$2,$1');
    await expectRefused(Buffer.from(text), 'SHAPE', /^candidates, byte \d+$/);
  });

  it('refuses nesting and brackets without end', async () => {
    const deep = replaced(json, '"candidates":[]', `"candidates":${'['.repeat(200)}${']'.repeat(200)}`);
    await expectRefused(deep, 'TOO_DEEP', /^candidates$/);
    const open = replaced(json, '"candidates":[]', `"candidates":${'['.repeat(100_000)}`);
    await expectRefused(open, 'TOO_DEEP', /^candidates$/);
  });

  it('gives out an item of any content without reading it', async () => {
    const odd = '{"item":{"a":"],\\"salt\\":\\\\","b":[{},[1e999]],"c":"\\"}]","d":"\\\\\\"{",';
    const text = json.toString().replace('{"item":{', () => odd);
    const read = await readAll(await openBundle(Buffer.from(text)));
    expect(read.items[0]).toContain('"b":[{},[1e999]]');
    expect(read.items.length).toBe(3);
  });
});
