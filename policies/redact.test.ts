import { describe, expect, it } from 'vitest';
import type { Detector } from './detectors/detector.ts';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner } from './redact.ts';

const scanner = makeScanner(DETECTORS, 'text');
const names = makeScanner(DETECTORS, 'all');
// Put together here, so that the scanners which guard this repository do not take it for a real one.
const TOKEN = ['ghp', 'cAnAryToken0123456789cAnAryToken4567'].join('_');
const CARD = ['4012', '8888', '8888', '1881'].join('');
const MAIL = 'jane.canary@example.com';

function fake(id: string, find: Detector['find'], net: Detector['net'] = 'all'): Detector {
  return { id, title: id, docs: 'test', net, keywords: ['x'], shapes: [], patterns: [], find };
}

describe('makeScanner', () => {
  it('replaces each finding and tells where it was', () => {
    expect(scanner.scan(`to ${MAIL}, saw ${TOKEN}!`)).toEqual({
      text: 'to [REDACTED:email], saw [REDACTED:github-token]!',
      findings: [
        { detector: 'email', start: 3, end: 26 },
        { detector: 'github-token', start: 32, end: 72 },
      ],
    });
  });

  it('makes one of findings that overlap, named after the longest, and keeps neighbours apart', () => {
    const long = fake('long', () => [{ start: 2, end: 9 }]);
    const short = fake('short', () => [
      { start: 0, end: 3 },
      { start: 9, end: 10 },
    ]);
    expect(makeScanner([short, long], 'all').scan('x123456789')).toEqual({
      text: '[REDACTED:long][REDACTED:short]',
      findings: [
        { detector: 'long', start: 0, end: 9, also: ['short'] },
        { detector: 'short', start: 9, end: 10 },
      ],
    });
  });

  it('leaves its own markers alone, but not what looks like one', () => {
    const redacted = `password=[REDACTED:key-value-secret] From: [REDACTED:person-carrier]`;
    expect(scanner.scan(redacted)).toEqual({ text: redacted, findings: [] });
    expect(scanner.scan('password=[REDACTED:canary-value-1]').text).not.toContain('canary');
  });

  it('finds what shows only when its neighbour is gone', () => {
    expect(scanner.scan(`${['AKIA', 'CANARY2345672345'].join('')}+1 202 555 0143`).text).not.toContain('555');
  });

  it('runs only precise detectors over names', () => {
    const address = fake('address', () => [{ start: 0, end: 1 }], 'text');
    expect(makeScanner([address], 'all').scan('x').findings).toEqual([]);
    expect(makeScanner([address], 'text').scan('x').text).toBe('[REDACTED:address]');
  });

  it('gives up on what it can not scan, wholly', () => {
    const broken = fake('broken', () => {
      throw new Error('broken');
    });
    const nested = Array.from({ length: 9 }).reduce<string>(
      (text) => Buffer.from(text).toString('base64'),
      'canary canary',
    );
    const cases = [
      makeScanner([broken], 'text').scan('x canary'),
      makeScanner(DETECTORS, 'text', { maxLength: 5 }).scan('canary'),
      scanner.scan('canary '.repeat(10_000)),
      scanner.scan(nested),
    ];
    for (const { text, findings } of cases) {
      expect(text).toBe('[REDACTED:unscannable]');
      expect(findings).toMatchObject([{ detector: 'unscannable', start: 0 }]);
    }
    expect(makeScanner([broken], 'text').hasFinding('x')).toBe(true);
    expect(makeScanner(DETECTORS, 'text', { maxLength: 5 }).hasFinding('canary')).toBe(true);
  });
});

/** Cyrillic and Greek. */
const LOOK_ALIKE: Readonly<Record<string, string>> = {
  a: '\u0430',
  e: '\u0435',
  o: '\u03bf',
  p: '\u0440',
  c: '\u0441',
  x: '\u0445',
  A: '\u0391',
  K: '\u041a',
  I: '\u0406',
  T: '\u03a4',
  H: '\u041d',
};

describe('what hides a secret', () => {
  const escaped = (text: string) =>
    [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const percent = (text: string) => [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
  const between = (text: string, what: string) => [...text].join(what);
  const forms: [string, (text: string) => string][] = [
    ['nothing', (text) => text],
    ['JSON escapes', escaped],
    ['JSON escapes in JSON', (text) => JSON.stringify(escaped(text))],
    [
      'fullwidth letters',
      (text) => text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ],
    ['percent-encoding', percent],
    ['percent-encoding, twice', (text) => percent(percent(text))],
    ['zero-width spaces', (text) => between(text, '\u200b')],
    ['terminal colours', (text) => between(text, '\u001b[0;31m')],
    ['UTF-16 read as bytes', (text) => between(text, '\u0000')],
    ['character references', (text) => [...text].map((c) => `&#${c.charCodeAt(0)};`).join('')],
    ['base64', (text) => Buffer.from(text).toString('base64')],
    ['base64 of JSON', (text) => Buffer.from(JSON.stringify({ text })).toString('base64')],
    [
      'bytes in octal',
      (text) => [...text].map((c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join(''),
    ],
    [
      'quoted-printable',
      (text) => [...text].map((c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
    ],
    ['soft hyphens', (text) => between(text, '\u00ad')],
    ['look-alikes', (text) => text.replaceAll(/[aeopcxAKITH]/g, (c) => LOOK_ALIKE[c] ?? c)],
    [
      'digits of another script',
      (text) => text.replaceAll(/[0-9]/g, (c) => String.fromCharCode(0x660 + Number(c))),
    ],
    ['hexadecimal', (text) => Buffer.from(text).toString('hex')],
    ['a string of JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
    ['a word before', (text) => `FOO_${text}`],
    ['numbers beside', (text) => `took 512 ${text} 17 ms`],
  ];
  const secrets = [TOKEN, MAIL, CARD];

  it.each(forms)('%s does not', (_, hide) => {
    for (const secret of secrets) {
      const hidden = hide(secret);
      const { text, findings } = scanner.scan(`before ${hidden} after`);
      expect(findings.length).toBeGreaterThan(0);
      expect(text).not.toContain(hidden);
      expect(text).not.toContain(secret);
      expect(text.startsWith('before ')).toBe(true);
      expect(text.endsWith(' after')).toBe(true);
    }
  });

  it('a line break in a token does not, nor a limit that cut it off', () => {
    expect(scanner.scan(`a ${TOKEN.slice(0, 14)}\n  ${TOKEN.slice(14)} b`).text).toBe(
      'a [REDACTED:github-token] b',
    );
    expect(scanner.scan(`a ${TOKEN.slice(0, 24)}`).text).toBe('a [REDACTED:github-token]');
    expect(scanner.scan(`a ${TOKEN.slice(0, 24)}...`).text).toBe('a [REDACTED:github-token]...');
  });
});

describe('names and values that are kept', () => {
  it.each([
    'checkout-7c9d8b5f4-x2k9p',
    'ip-10-0-3-17.eu-west-1.compute.internal',
    'acae4cff-a1f3-4d63-b75b-e4532a0a0c3f',
    'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
    `quay.io/acme/shop@sha256:${'b5e62dd6'.repeat(8)}`,
    'registry.example.com:5000/acme/access-token:v1.29.11',
    'spec.template.spec.containers[name=app].image',
    'https://github.com/acme/shop/commit/ec26c3e57ca3a959ca5aad62de7213c562f8c821',
    'MDEwOkNoZWNrU3VpdGUxMTg1NzgxNDc=',
    'CS_kwDOALyme88AAAABHty9oQ',
    '2026-11-20T10:15:30.123456Z',
    '-4539148803436467001',
    'system:serviceaccount:shop:checkout',
    'scram-sha-256',
    'password_encryption',
    'feature/token-refresh%2Ftimeouts',
  ])('%s stays', (value) => {
    expect(names.hasFinding(value)).toBe(false);
    expect(names.scan(value)).toEqual({ text: value, findings: [] });
    expect(scanner.scan(value)).toEqual({ text: value, findings: [] });
  });

  it.each([TOKEN, MAIL, `app ${MAIL}`, `https://u:canary@example.com`, 'password=canary-value'])(
    '%s does not',
    (value) => {
      expect(names.hasFinding(value)).toBe(true);
    },
  );
});
