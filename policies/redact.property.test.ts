import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detector } from './detectors/detector.ts';
import { DETECTORS } from './detectors/index.ts';
import { marker } from './detectors/markers.ts';
import { makeScanner } from './redact.ts';

const scanner = makeScanner(DETECTORS, 'text');
const names = makeScanner(DETECTORS, 'all');

const characters = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
const DIGITS = '0123456789';
const ALNUM = `${DIGITS}abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** Secrets that must be found wherever they stand, also in the middle of a word. */
const secret = fc.oneof(
  characters(ALNUM, 36).map((body) => `gho_${body}`),
  characters('ABCDEFGHJKLMNPQRSTUVWXYZ234567', 16).map((body) => `AKIA${body}`),
  characters(ALNUM, 24).map((body) => `glpat-${body}`),
  characters(ALNUM, 30).map((body) => `eyJhbGciOiJub25lIn0.${body}.${body}`),
  characters(ALNUM, 40).map(
    (body) => `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`,
  ),
  characters(ALNUM, 12).map((body) => `https://deploy:${body}@example.com`),
);
const surroundings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        'pod ',
        'token ',
        '"',
        "'",
        '\n',
        '{',
        ': ',
        '=',
        '%',
        '\\',
        '@',
        'SELECT ',
        '4111 ',
        '-----',
      ),
      {
        maxLength: 12,
      },
    )
    .map((words) => words.join('')),
);
/** Pieces that detectors look for, whole and in part. */
const tricky = fc.oneof(
  surroundings,
  secret,
  fc.constantFrom(
    'password=',
    'jane@example.com',
    '4111111111111111',
    'Key (a)=(',
    'VALUES (',
    "$1 = '",
    'Bearer ',
    '%41',
    '\\u0041',
    '\u200b',
    'postgres://u:p@h/d',
    '[REDACTED:email]',
    'Signed-off-by: ',
    '/home/',
    '1.2.3.4',
    '+1 202 555 0143',
    '-----BEGIN PRIVATE KEY-----',
  ),
);

/** Rounds, levels of encoding and joined lines together: a bound on how often a character is handed to one detector. */
const WORK_PER_CHARACTER = 16 * 9;

/** How many characters are handed to a detector that is woken by nearly everything and redacts digits. */
function charactersRead(text: string): number {
  let read = 0;
  const counter: Detector = {
    id: 'counter',
    title: 'counter',
    docs: 'test',
    net: 'all',
    wraps: true,
    patterns: [],
    keywords: ['a', '#', '-'],
    shapes: ['long-word', 'quote'],
    find(part) {
      read += part.length;
      return [...part.matchAll(/7{1,8}/g)].map(({ index }) => ({ start: index, end: index + 1 }));
    },
  };
  makeScanner([counter], 'all', { maxLength: 100_000 }).scan(text);
  return read;
}

describe('the scanner', () => {
  it('lets no planted secret through', () => {
    fc.assert(
      fc.property(surroundings, secret, surroundings, (before, planted, after) => {
        const core = planted.split('\n').at(planted.includes('\n') ? 1 : 0) ?? planted;
        const hidden = planted.startsWith('https://') ? planted.slice(15, 27) : core;
        const text = `${before}${planted}${after}`;
        expect(scanner.scan(text).text).not.toContain(hidden);
        expect(names.scan(text).text).not.toContain(hidden);
      }),
      { numRuns: 300 },
    );
  });

  it('gives findings from which its text can be rebuilt', () => {
    fc.assert(
      fc.property(fc.array(tricky, { maxLength: 8 }), (pieces) => {
        const original = pieces.join('');
        const { text, findings } = scanner.scan(original);
        let rebuilt = '';
        let at = 0;
        for (const { detector, start, end } of findings) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(original.length);
          rebuilt += original.slice(at, start) + marker(detector);
          at = end;
        }
        expect(rebuilt + original.slice(at)).toBe(text);
        expect(scanner.hasFinding(original)).toBe(findings.length > 0);
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing new in what it has redacted', () => {
    fc.assert(
      fc.property(fc.array(tricky, { maxLength: 8 }), (pieces) => {
        const once = scanner.scan(pieces.join('')).text;
        expect(scanner.scan(once)).toEqual({ text: once, findings: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('reads each character a bounded number of times, whatever the text and its length', () => {
    const hostile = fc.array(
      fc.oneof(
        tricky,
        fc.constantFrom('eyJ', 'ghp_', '\n', '\\u0067', '%67', 'Z2hw', '://a:', "'", '7', 'a'),
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(hostile, fc.integer({ min: 20, max: 200 }), (pieces, times) => {
        const text = pieces.join('').repeat(times).slice(0, 8_000);
        for (const part of [text, text + text, text + text + text + text]) {
          expect(charactersRead(part)).toBeLessThanOrEqual(WORK_PER_CHARACTER * part.length + 2_000);
        }
      }),
      { numRuns: 150 },
    );
  });
});
