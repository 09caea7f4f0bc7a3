import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCounter, isNamedBySign, nearby } from './id-nearby.ts';

/** What is said of the number 424242. */
function said(text: string): string {
  const start = text.indexOf('424242');
  const { left, right } = nearby(text, start, start + 6, 64, 32);
  return `${left}#${right}`.replaceAll(/\s{1,64}/g, ' ').trim();
}

describe('nearby', () => {
  it('is what stands on the line', () => {
    expect(said('one\ntwo: 424242 three\nfour')).toBe('two: # three');
  });

  it.each([
    'id,wanted,state\n7,424242,x',
    'id;wanted;state\n7;ok;x\n8;424242;x',
    ' id | wanted | state \n----+--------+-------\n  7 | 424242 | x',
    '| id | wanted | state |\n|---|---|---|\n| 7 | 424242 | x |',
    'id\twanted\tstate\n7\t424242\tx',
  ])('holds the name of the column, and of no other: %j', (text) => {
    expect(said(text)).toContain('wanted');
    expect(said(text)).not.toMatch(/state|id/);
  });

  it.each([
    'the wanted:\n424242',
    'the wanted is\n\n424242',
    'wanted:\n  - 424242',
    '"wanted": {\n  "value": "424242"',
  ])('holds the label that ends the line above: %j', (text) => {
    expect(said(text)).toContain('wanted');
  });

  it.each([
    'wanted\nother=424242',
    'wanted\nother thing 424242',
    'wanted and five or more words\n424242',
    'wanted_len=424242',
    'wanted {"createdAt": "424242"}',
    'wanted {"trace_id": "424242"}',
    'wanted: see issue #424242',
    'wanted &#424242',
  ])('holds nothing else: %j', (text) => {
    expect(said(text)).not.toContain('wanted');
  });

  it('is bounded by its reach and what a header and a label may add, whatever stands around', () => {
    const piece = fc.constantFrom('\n', ',', '|', '7', 'word', ' ', ':', '"', '=', '#');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 200 }),
        fc.array(piece, { maxLength: 200 }),
        (before, after) => {
          const head = before.join('');
          const { left, right } = nearby(
            `${head}424242${after.join('')}`,
            head.length,
            head.length + 6,
            64,
            32,
          );
          expect(left.length).toBeLessThanOrEqual(64 + 256);
          expect(right.length).toBeLessThanOrEqual(32);
          expect(right).not.toContain('\n');
        },
      ),
    );
  });
});

describe('signs and keys', () => {
  it('say whether a number is one of somebody', () => {
    expect(isNamedBySign('MyKad #424242', 7)).toBe(true);
    expect(isNamedBySign('order #424242', 7)).toBe(false);
    expect(isNamedBySign('#424242', 1)).toBe(false);
    expect(isCounter('"lastModifiedTime": 424242', 20)).toBe(true);
    expect(isCounter('"national_id": 424242', 15)).toBe(false);
  });
});
