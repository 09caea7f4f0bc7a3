import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.ts';
import { unwrap } from './unwrap.ts';

describe('normalise', () => {
  it.each([
    ['fullwidth', 'ｐａｓｓ＝ｘ', 'pass=x'],
    ['zero width', 'se\u200bcr\u2060et', 'secret'],
    ['terminal colours', 'se\u001b[31;1mcr\u001b[0met', 'secret'],
    ['terminal title', '\u001b]0;title\u0007secret', 'secret'],
    ['zero bytes', 's\u0000e\u0000c', 'sec'],
    ['percent', '%73e%63ret%3D%C3%A9', 'secret=é'],
    ['JSON escapes', String.raw`\u0073ecret\"\/`, 'secret"/'],
    ['hexadecimal escapes', String.raw`\x73ecret\u{3d}`, 'secret='],
    ['character references', '&#115;ecret&#x3d;&quot;', 'secret="'],
  ])('reads through %s', (_, hidden, plain) => {
    expect(normalise(hidden)?.text).toBe(plain);
  });

  it('says nothing about texts that hide nothing', () => {
    for (const text of ['pod checkout', '100 % of C:\\dir', 'naïve café, 東京', 'a&b', 'línea\tuno\n']) {
      expect(normalise(text)).toBeUndefined();
    }
  });

  it('leads back to whole encoded characters', () => {
    const text = 'x%C3%A9y\\u0041z';
    const reading = normalise(text);
    expect(reading?.text).toBe('xéyAz');
    expect(reading?.origin({ start: 1, end: 2 })).toEqual({ start: 1, end: 7 });
    expect(reading?.origin({ start: 3, end: 5 })).toEqual({ start: 8, end: 15 });
  });

  it('leads back into any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('%41', '\\u0042', '\u200b', '\u001b[1m', '&lt;', 'ﷺ'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const reading = normalise(text);
        if (reading === undefined) return;
        for (let start = 0; start < reading.text.length; start++) {
          const span = reading.origin({ start, end: start + 1 });
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});

describe('unwrap', () => {
  it('joins lines where a token may go on', () => {
    const reading = unwrap('abc1\n  dEf2. \ngH1');
    expect(reading?.text).toBe('abc1dEf2. \ngH1');
    expect(reading?.origin({ start: 2, end: 6 })).toEqual({ start: 2, end: 9 });
    expect(unwrap('a1\r\nB2c')?.text).toBe('a1B2c');
    expect(unwrap('4111 1111\n1111 1111')?.text).toBe('4111 11111111 1111');
  });

  it('leaves prose and logs as they are', () => {
    const texts = [
      'one.\n\n two',
      'the pod\nwas killed',
      'see\nHTTP',
      'end\n2026-11-20T10:15:30Z start',
      'x\n\tat com.acme.shop',
    ];
    for (const text of texts) expect([text, unwrap(text)]).toEqual([text, undefined]);
  });
});
