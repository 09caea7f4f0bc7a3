import { describe, expect, it } from 'vitest';
import { blobsOf } from './redact-blobs.ts';

const SECRET = 'the password is canary-17, keep it';
const wrapped = (text: string, width: number) => text.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');

describe('blobsOf', () => {
  it.each([
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64url', Buffer.from(SECRET).toString('base64url')],
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
    ['UTF-16', Buffer.from(SECRET, 'utf16le').toString('base64')],
  ])('decodes %s', (_, encoded) => {
    for (const text of [encoded, `data:${encoded} end`, `a/b.${encoded}`]) {
      const found = blobsOf(text).filter(({ decoded }) => decoded === SECRET);
      expect(found.length).toBeGreaterThan(0);
      for (const { start, end } of found) expect(text.slice(start, end)).toBe(encoded);
    }
  });

  it('decodes over wrapped lines', () => {
    const text = wrapped(Buffer.from(SECRET.repeat(4)).toString('base64'), 64);
    expect(blobsOf(text).map(({ decoded }) => decoded)).toContain(SECRET.repeat(4));
  });

  it('passes over digests, names and short words', () => {
    const texts = [
      'ec26c3e57ca3a959ca5aad62de7213c562f8c821',
      'sha256:b5e62dd6be4bab839191829af08b76efe2e92aff12f1670cf97ae8e1813acd8b',
      'acae4cff-a1f3-4d63-b75b-e4532a0a0c3f',
      'dev-rhrmo-dev-26-01-2-tk6g8-worker-us-east-2b',
      'Zm9v',
    ];
    for (const text of texts) expect(blobsOf(text)).toEqual([]);
  });
});
