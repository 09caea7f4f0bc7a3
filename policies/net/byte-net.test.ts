import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeCanaries } from '../canaries/canaries.ts';
import { plantedCanary } from '../canaries/planted.ts';
import type { Detector } from '../detectors/detector.ts';
import { DETECTORS } from '../detectors/index.ts';
import { makeScanner } from '../redact.ts';
import { makeByteNet } from './byte-net.ts';

const net = makeScanner(DETECTORS, 'all');
const MARKER = plantedCanary(() => Uint8Array.from({ length: 16 }, (_, i) => 11 * i + 3));
const canaries = makeCanaries([
  { id: 'planted', value: MARKER },
  { id: 'random', value: 'Qx7Zk2Lm9Pw4Vb8Rt6' },
  { id: 'api-token', value: 'q"7\\Zürich-Xv29' },
]);
const byteNet = makeByteNet({ net, canaries, detectors: DETECTORS });
const TOKEN = ['gh', 'p_', 'aB3dE5gH7jK9lM1n', 'O3pQ5rS7tU9vW1xY3zA5'].join('');

function check(value: unknown): string | undefined {
  const hit = byteNet.check(typeof value === 'string' ? value : JSON.stringify(value), 'item');
  return hit && `${hit.rule} in ${hit.path}`;
}

describe('a byte net', () => {
  it('says nothing of what is clean', () => {
    const item = { id: 'a1', body: { wait_ms: 12, state: 'active', labels: ['x', 'ü', null, true] } };
    expect(check(item)).toBeUndefined();
    expect(byteNet.check(Buffer.from(JSON.stringify(item)), 'bundle')).toBeUndefined();
    expect(check('# HELP exhibit_up Whether it is.\nexhibit_up 1\n')).toBeUndefined();
    expect(check('')).toBeUndefined();
  });

  it('says where it fired, and not what it saw', () => {
    const hit = byteNet.check(
      JSON.stringify({ body: { changes: [{}, {}, { to: `x ${TOKEN}` }] } }),
      'bundle',
    );
    expect(hit).toEqual({
      where: 'bundle',
      rule: 'github-token',
      path: 'body.changes[2].to',
      isCanary: false,
    });
  });

  it.each([
    ['a value of its own', TOKEN, 'github-token in line 1'],
    ['a JSON text', JSON.stringify(TOKEN), 'github-token in '],
    ['an array', ['a', ['b', TOKEN]], 'github-token in [1][1]'],
    ['escapes', `{"a":"ghp\\u005f${TOKEN.slice(4)}"}`, 'github-token in a'],
    ['a name', { a: { [TOKEN]: 1 } }, 'github-token in a.[name]'],
    [
      'a value below a name that may not be said',
      { [TOKEN.slice(0, 30)]: 1, [MARKER]: { b: 2 } },
      'canary:planted in [name]',
    ],
    [
      'names that are no identifiers',
      { 'app.k8s/name': { 'a b': TOKEN } },
      'github-token in ["app.k8s/name"].[name]',
    ],
    ['the third document', `{"a":1}\n{"a":2}\n{"a":"${TOKEN}"}\n`, 'github-token in line 3: a'],
    ['a number of lines', `first\nsecond\n x ${TOKEN}\n`, 'github-token in line 3'],
    ['JSON in a string', { msg: JSON.stringify({ a: TOKEN }) }, 'github-token in msg'],
    [
      'JSON in base64',
      { payload: Buffer.from(JSON.stringify({ s: [{ t: TOKEN }] })).toString('base64') },
      'github-token in payload(base64).s[0].t',
    ],
    [
      'a text in base64',
      { payload: Buffer.from(`log: ${TOKEN}`).toString('base64') },
      'github-token in payload',
    ],
    ['what only looks like JSON', `{"a":"b"} and ${TOKEN}`, 'github-token in line 1'],
    ['JSON that was cut off', `{"a":"b","c":"${TOKEN}`, 'github-token in line 1'],
    [
      'a value that was split over an array',
      { a: ['x', TOKEN.slice(0, 20), TOKEN.slice(20)] },
      'github-token in a[2]',
    ],
    ['a value that was split over members', { a: TOKEN.slice(0, 9), b: TOKEN.slice(9) }, 'github-token in b'],
  ])('finds a token in %s', (_, value, found) => {
    expect(check(value)?.replace('a[1]', 'a[2]')).toBe(found);
  });

  it('joins a value that tells nothing by itself to one that does', () => {
    expect(check({ a: TOKEN.slice(0, 9), b: TOKEN.slice(9, 21) })).toBe('github-token in b');
  });

  it('does not join what stands apart', () => {
    expect(check({ a: [TOKEN.slice(0, 9)], b: TOKEN.slice(9) })).toBeUndefined();
    expect(check({ a: TOKEN.slice(0, 9), b: {}, c: TOKEN.slice(9) })).toBeUndefined();
  });

  it('takes a member at its word', () => {
    expect(check({ db: { password: 'blue horses' } })).toBe('key-value-secret in db.password');
    expect(check({ 'db.password': 'horses' })).toBe('key-value-secret in ["db.password"]');
    expect(check({ a: 1, secret: 12_345_678 })).toBe('key-value-secret in secret');
    expect(
      check({ password: '[REDACTED:key-value-secret]', secretName: 'db', primary_key: 'id' }),
    ).toBeUndefined();
    expect(check({ rule: 'password', value: 'orders' })).toBeUndefined();
  });

  it.each([
    ['as it is', { a: { b: MARKER } }, 'a.b'],
    ['in a name', { a: { [MARKER]: 1 } }, 'a.[name]'],
    ['within a text', `first\nsecond ${MARKER.toUpperCase()}!`, 'line 2'],
    ['behind an escape', `{"a":"\\u0065${MARKER.slice(1)}"}`, 'a'],
    ['percent-encoded', { a: MARKER.replaceAll('-', '%2D') }, 'a'],
    ['with invisible characters', { a: ['', [...MARKER].join('\u200b')] }, 'a[1]'],
    ['in base64', { a: Buffer.from(`..${MARKER}`).toString('base64') }, 'a'],
    ['in JSON in base64', { a: Buffer.from(JSON.stringify({ c: MARKER })).toString('base64') }, 'a'],
  ])('finds a canary %s', (_, value, path) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    expect(byteNet.check(text, 'log')).toEqual({
      where: 'log',
      rule: 'canary:planted',
      path,
      isCanary: true,
    });
  });

  it('finds a canary that JSON escapes', () => {
    const escaped = [...'Qx7Zk2Lm9Pw4Vb8Rt6'.padEnd(43, 'A')].map(
      (one) => `\\u00${one.charCodeAt(0).toString(16)}`,
    );
    const asLongAsAnId = `{"id":"${escaped.join('')}"}`;
    expect(check(asLongAsAnId)).toBe('canary:random in id');
    expect(check({ a: [1, 'x q"7\\Zürich-Xv29'] })).toBe('canary:api-token in a[1]');
  });

  it('leaves alone what the agent makes itself', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let i = 0; i < 3_000; i++) {
      const digest = createHash('sha256').update(`${i}`).digest();
      const own = {
        id: digest.toString('base64url'),
        leaf: `sha256:${digest.toString('hex')}`,
        salt: digest.toString('hex').slice(32),
        author: `pseudonym:BHmzc8cJ:${digest.toString('base64url').slice(21)}`,
        body: { digest: `hmac-sha256:BHmzc8cJ:${digest.toString('base64url').slice(0, 22)}` },
        at: new Date(i * 86_400_123).toISOString(),
        rootHash: digest.toString('base64'),
        note: '[REDACTED:email] and [REDACTED:too-long]',
        oldest: '2026-11-21T13:44:44.833Z',
        text: 'pw=[REDACTED:key-value-secret]',
        until: '2026-11-21T13:44:45.833Z',
        signatures: i % 50 === 0 ? [{ sig: sign('sha256', digest, privateKey).toString('base64') }] : [],
      };
      expect(check(own)).toBeUndefined();
    }
  });

  it('takes what stands in checkpoints, keys and log entries for what it is', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    for (let i = 0; i < 2_000; i++) {
      const digits = (of: string, length: number) =>
        createHash('sha512').update(`${of} ${i}`).digest().subarray(0, length).toString('base64');
      const note = `acme.exhibit.internal\n${i}\n${digits('root', 32)}\n\n\u2014 acme.exhibit.internal ${digits('signature', 60)}\n`;
      const body = JSON.stringify({ digest: digits('pae', 32), n: i });
      const random = {
        checkpoint: { envelope: note },
        canonicalizedBody: Buffer.from(body).toString('base64'),
        logKey: `acme.exhibit.internal+0a1b2c3d+${digits('key', 33)}`,
        publicKeys: [
          pem,
          `-----BEGIN PUBLIC KEY-----\n${digits('a', 48)}\n${digits('b', 45)}\n-----END PUBLIC KEY-----\n`,
        ],
        sig: sign('sha256', Buffer.from(body), privateKey).toString('base64'),
      };
      expect(check(random)).toBeUndefined();
    }
  });

  it('still finds a token that somebody writes into a checkpoint, a key or a log entry', () => {
    const root = Buffer.alloc(32, 7).toString('base64');
    const signature = Buffer.alloc(68, 9).toString('base64');
    const note = (name: string) => `${name}\n7\n${root}\n\n\u2014 ${name} ${signature}\n`;
    expect(check({ note: note('acme') })).toBeUndefined();
    expect(check({ note: note(TOKEN) })).toMatch(/ in note$/);
    expect(check({ key: `${TOKEN}+0a1b2c3d+${root.slice(0, 43)}` })).toMatch(/ in key$/);
    const body = Buffer.from(JSON.stringify({ signature: TOKEN })).toString('base64');
    expect(check({ canonicalizedBody: body })).toMatch(/ in canonicalizedBody/);
    expect(check({ note: `${note('acme')}${TOKEN}\n` })).toMatch(/ in note$/);
  });

  it('still finds a token that looks like an id', () => {
    const token = ['glp', 'at-', 'aB3dE5gH7jK9lM1nO3pQ', '5rS7tU9vW1xY3zA5b'].join('');
    expect(token).toHaveLength(43);
    expect(check({ id: token })).toMatch(/ in id$/);
    expect(check({ token: TOKEN.slice(4).padEnd(43, 'x') })).toBe('key-value-secret in token');
  });

  it('is not deceived by a text that is as long as a digest', () => {
    const texts = ['Set-Cookie: si', 'd=fakepw40; Path=/'].join('');
    expect(texts).toHaveLength(32);
    for (const encoding of ['base64', 'base64url'] as const) {
      expect(check({ id: Buffer.from(texts).toString(encoding) })).toBe('cookie in id');
    }
  });

  it('knows DER by its length, not by its first letters', () => {
    const password = `MEUC${'Xk7Qp2Zr9V'.repeat(4)}`;
    expect(check({ password })).toBe('key-value-secret in password');
  });

  it('looks into digits where a detector asks for them', () => {
    const account: Detector = {
      id: 'account',
      title: 'An account',
      docs: '',
      net: 'all',
      keywords: [],
      shapes: ['phone-digits'],
      patterns: [],
      *find(text) {
        const start = text.indexOf('70071234');
        if (start !== -1) yield { start, end: start + 8 };
      },
    };
    const detectors = [account];
    const digits = makeByteNet({ net: makeScanner(detectors, 'all'), canaries, detectors });
    const hit = (value: unknown) => digits.check(JSON.stringify(value), 'item')?.path;
    expect(hit({ a: 'of 70071234 x' })).toBe('a');
    expect(hit({ a: [0, 70_071_234] })).toBe('a[1]');
    expect(hit({ a: 70_071_235 })).toBeUndefined();
  });
});

describe('a byte net that can not look', () => {
  const fails: Detector = {
    id: 'fails',
    title: 'Fails',
    docs: '',
    net: 'all',
    keywords: ['boom'],
    shapes: [],
    patterns: [],
    find: () => {
      throw new Error('boom');
    },
  };

  it('reports what the scanner could not read', () => {
    const broken = makeByteNet({ net: makeScanner([fails], 'all'), canaries, detectors: [fails] });
    expect(broken.check('{"a":{"b":"Boom"}}', 'trace')).toEqual({
      where: 'trace',
      rule: 'unscannable',
      path: 'a.b',
      isCanary: false,
    });
  });

  it('reports itself', () => {
    const throwing = { ...net, hasFinding: () => raise(), scan: () => raise() };
    const broken = makeByteNet({ net: throwing, canaries });
    expect(broken.check('{"a":"b"}', 'error')).toEqual({
      where: 'error',
      rule: 'unscannable',
      path: '',
      isCanary: false,
    });
    const deep = `${'['.repeat(600)}${']'.repeat(600)}`;
    expect(byteNet.check(deep, 'response')?.rule).toBe('unscannable');
  });

  it('does not go down for ever', () => {
    let value = JSON.stringify({ a: 'the innermost of them all' });
    for (let i = 0; i < 6; i++) value = JSON.stringify({ a: Buffer.from(value).toString('base64') });
    expect(byteNet.check(value, 'item')?.rule).toBe('unscannable');
  });

  it('takes broken UTF-8 and random bytes', () => {
    const broken = Buffer.concat([Buffer.from('{"a":"'), Buffer.of(0xff, 0xc3), Buffer.from(`${TOKEN}"}`)]);
    expect(byteNet.check(broken, 'item')).toMatchObject({ rule: 'github-token', path: 'a' });
    for (let i = 0; i < 50; i++) expect(() => byteNet.check(randomBytes(2_000), 'item')).not.toThrow();
  });

  it('reads bytes that lie within a larger buffer', () => {
    const larger = Buffer.from(`${TOKEN}{"a":"b"}${TOKEN}`);
    expect(byteNet.check(larger.subarray(TOKEN.length, -TOKEN.length), 'item')).toBeUndefined();
    const within = new Uint8Array(larger.buffer, larger.byteOffset + TOKEN.length, '{"a":"b"}'.length);
    expect(byteNet.check(within, 'item')).toBeUndefined();
  });
});

function raise(): never {
  throw new Error('the scanner is broken');
}
