import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUNDLE_FORMS } from './documents.ts';
import { openBundle } from './open.ts';
import { readAll } from './testing/random-bundle.ts';
import { expectRefused, packed, refusal, SAMPLE_FORMS, unpacked } from './testing/sample-forms.ts';

const archive = unpacked(SAMPLE_FORMS.tar);
const good = await readAll(await openBundle(SAMPLE_FORMS.json));

describe.each(BUNDLE_FORMS)('every change of one byte of the form %s', (form) => {
  const bytes = SAMPLE_FORMS[form];
  const tries = bytes.length > 60_000 ? 300 : 600;

  it('is refused, or shows in what is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        if ((await refusal(changed)) !== null) return;
        // Compression has more than one spelling for the same archive.
        if (form === 'tar') expect(unpacked(changed).equals(archive)).toBe(true);
        else expect(await readAll(await openBundle(changed))).not.toEqual(good);
      }),
      { numRuns: tries },
    );
  });

  it('is refused when it is cut off anywhere, or is too few items', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        const cut = bytes.subarray(0, length);
        if ((await refusal(cut)) !== null) return;
        expect(form).toBe('ndjson');
        expect((await readAll(await openBundle(cut))).items.length).toBeLessThan(3);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a byte', Buffer.from('\0')],
    ['a newline', Buffer.from('\n')],
    ['a space', Buffer.from(' ')],
    ['itself', bytes],
  ])('is refused with %s behind it', async (_, more) => {
    expect(await refusal(Buffer.concat([bytes, more]))).not.toBeNull();
  });

  it.each([
    ['a byte order mark', Buffer.of(0xef, 0xbb, 0xbf)],
    ['white space', Buffer.from('\n')],
  ])('is refused with %s before it', async (_, before) => {
    await expectRefused(Buffer.concat([before, bytes]), 'SHAPE', /^file$/);
  });
});

describe('every change of one byte of the unpacked archive', () => {
  it('is refused, or shows in what is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(archive);
        changed[at] = (changed[at] ?? 0) ^ change;
        const bytes = await packed(changed);
        if ((await refusal(bytes)) === null) expect(await readAll(await openBundle(bytes))).not.toEqual(good);
      }),
      { numRuns: 600 },
    );
  });
});
