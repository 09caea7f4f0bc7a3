import { describe, expect, it } from 'vitest';
import type { Detector, Shape } from './detectors/detector.ts';
import { makeGate } from './redact-gate.ts';
import { ENCODED, HIDING, WRAPPED } from './redact-gate-bits.ts';

function fake(
  id: string,
  keywords: readonly string[],
  shapes: readonly Shape[] = [],
  wraps = false,
): Detector {
  return { id, title: id, docs: 'test', net: 'all', keywords, shapes, wraps, patterns: [], find: () => [] };
}

describe('makeGate', () => {
  it('says which detectors must look, and where their keywords start', () => {
    const gate = makeGate([
      fake('keys', ['key', '_key']),
      fake('tokens', ['token']),
      fake('numbers', ['##-#']),
    ]);
    expect(gate('nothing here')).toBeUndefined();
    expect(gate('A KEY, api_key and 12-3')).toMatchObject({
      flags: 0,
      detectors: [0, 2],
      starts: [[2, 11, 10], [19]],
    });
  });

  it('asks a detector whether it accepts the place of a keyword', () => {
    const accepts = (text: string, start: number, end: number) =>
      text.charAt(start) === 'K' && text.charAt(end) === '=';
    const gate = makeGate([{ ...fake('keys', ['key', 'token']), accepts }, fake('all', ['key'])]);
    expect(gate('a token')).toBeUndefined();
    expect(gate('key=1 Key 2')?.detectors).toEqual([1]);
    expect(gate('key=1 Key=2')).toMatchObject({ flags: 0, detectors: [1, 0], starts: [[0, 6], [6]] });
  });

  it('holds any number of detectors', () => {
    const gate = makeGate(Array.from({ length: 700 }, (_, index) => fake(`d${index}`, [`word${index}x`])));
    expect(gate('word0x word699X word77')?.detectors).toEqual([0, 699]);
    expect(gate('word31x')?.detectors).toEqual([31]);
  });

  it('has no memory of the text before', () => {
    const gate = makeGate([fake('keys', ['key'])]);
    const first = gate('key key');
    expect(gate('ke')).toBeUndefined();
    expect(gate('y')).toBeUndefined();
    expect(first?.starts).toEqual([[0, 4]]);
  });

  const shapes: [Shape, string[], string[]][] = [
    ['at-then-dot', ['a@b.c'], ['a.b@c']],
    ['user-in-url', ['http://a@b'], ['a@b//']],
    ['quote', ["= 'x'", "E'x'"], ["isn't", "don't"]],
    ['colons', ['a1:b2:c3:d4:e5:f6:a7', '::', '2a02:8071:'], ['10:15:30:1', 'a: b, long: c']],
    ['foreign', ['na\u00efve', 'a\u200bb'], ['naive']],
    [
      'phone-digits',
      ['+1 202 555 0143', '(020) 12-345', '1234567', 'nif/8228219', '/orders/82282190', 'call 258.4341 msgs'],
      [
        '12:34:56:78',
        '1a2b3c4d5e6f7',
        '2026-11-20T10:15:30Z',
        'at 10:15:30.123456Z',
        'da67f601234287a1c67e8f7d21fd39e4',
        '7b7e5b06-7575-0037-b1ac-0123456789ab',
        'ms=2586.4341',
        'after 2586.434 ms',
        'GET /api/orders/8228219',
      ],
    ],
    [
      'cut-number',
      ['at 203.0.11', '203.0.', '1.2.3…', 'x 123-45-', '123-45-678...'],
      ['203.0', '203.0.1134', '1.2.3 x', '12-45-6', '2026-11-2'],
    ],
    ['any-digits', ['+1 202 555 0143', '2026-11-20T10:15:30Z', 'a=2586.4341'], ['12:34:56:78']],
    ['any-long-word', ['A'.repeat(20), 'IllegalStateException'], ['a1'.repeat(20), 'k'.repeat(19)]],
    [
      'hex-groups',
      ['aa:bb:cc:dd:ee:ff', 'aabb.ccdd.eeff'],
      ['10:15:30', 'aa:bb:cc:dd:ee', '1.2.3.4', 'v1.10.1234'],
    ],
    ['card-digits', ['4111 1111 1111', '411111111111'], ['4111  1111  1111', '12345678901']],
    [
      'long-word',
      ['A'.repeat(20), `x ${'k1'.repeat(11)}`],
      ['a1'.repeat(20), 'k'.repeat(19), 'IllegalStateException'],
    ],
  ];

  it.each(shapes)('sees %s', (shape, seen, unseen) => {
    const gate = makeGate([fake('x', [], [shape])]);
    for (const text of seen) expect([text, gate(text)?.detectors]).toEqual([text, [0]]);
    for (const text of unseen) expect([text, gate(text)?.detectors ?? []]).toEqual([text, []]);
  });

  it('sees what may hide something', () => {
    const gate = makeGate([fake('x', ['x'])]);
    for (const text of [
      '%41',
      '\\u0041',
      '&#65;',
      'a\u200bb',
      '\uff21',
      '\u0410b',
      '\u001b[0m',
      'a\u0000',
      '=41=42',
      '\ud835\udc00',
    ]) {
      expect([text, gate(text)?.flags]).toEqual([text, HIDING]);
    }
    for (const text of [
      '100 % of',
      'C:\\Work',
      'a & b',
      'na\u00efve',
      '\u0440\u0430\u0431\u043e\u0442\u0430',
      'done \u2705 \u26a0\ufe0f',
      '\ud83d\ude80',
      'a=10',
      '\ud800',
    ]) {
      expect([text, gate(text)]).toEqual([text, undefined]);
    }
  });

  it('sees words that may be encoded', () => {
    const gate = makeGate([fake('x', ['x'])]);
    expect(gate(Buffer.from('a secret text').toString('hex'))?.flags).toBe(ENCODED);
    expect(gate('QUJDREVGR0hJSktMTU5PUFFS')?.flags).toBe(ENCODED);
    expect(gate('ec26c3e57ca3a959ca5aad62de7213c562f8c821')).toBeUndefined();
  });

  it('wakes for what a long word begins with, or stands behind', () => {
    const gate = makeGate([
      { ...fake('tokens', []), longWords: ['Zk', 'v1-'] },
      fake('words', [], ['long-word']),
      { ...fake('others', []), longWords: ['Zk9'] },
    ]);
    const word = 'k1'.repeat(11);
    expect(gate(`a Zk9${word}`)?.detectors).toEqual([0, 1, 2]);
    expect(gate(`a v1-${word}`)?.detectors).toEqual([0, 1]);
    expect(gate(`Zk9 v1- ${word}`)?.detectors).toEqual([1]);
    expect(gate('a Zk9k1k1k1')).toBeUndefined();
  });

  it('sees a keyword wherever a line break is put into it', () => {
    const keywords = ['tok_live_', 'pw', '#x-', 'key'];
    const gate = makeGate([fake('token', keywords, [], true)]);
    for (const keyword of keywords) {
      const written = keyword.replace('#', '7');
      for (let at = 1; at < written.length; at++) {
        const wrapped = `a: ${written.slice(0, at)}\n${written.slice(at)} b`;
        expect([wrapped, (gate(wrapped)?.flags ?? 0) & WRAPPED]).toEqual([wrapped, WRAPPED]);
      }
    }
  });

  it('sees keywords over a line break, for detectors that ask for it', () => {
    const gate = makeGate([fake('token', ['tok_live_'], [], true), fake('plain', ['word_one'])]);
    for (const text of ['a tok_\nlive_1', 'tok_li\r\n  ve_', 't\\\nok_live_', 'tok_live_\nx']) {
      expect([text, (gate(text)?.flags ?? 0) & WRAPPED]).toEqual([text, WRAPPED]);
    }
    for (const text of ['tok\n\nlive_', 'word_\none', 'several\nlines\nof words']) {
      expect([text, (gate(text)?.flags ?? 0) & WRAPPED]).toEqual([text, 0]);
    }
  });
});
