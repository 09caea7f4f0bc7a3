import { describe, expect, it } from 'vitest';
import { DETECTORS } from './detectors/index.ts';
import { makeScanner } from './redact.ts';

const scanner = makeScanner(DETECTORS, 'all');
// Put together here, so that the scanners which guard this repository do not take it for a real one.
const TOKEN = ['ghp', 'cAnAryToken0123456789cAnAryToken4567'].join('_');

describe('scanFields', () => {
  it('scans each value by itself', () => {
    const { fields, crossing } = scanner.scanFields(['pod', `x ${TOKEN}`, 'node-1']);
    expect(fields).toEqual([scanner.scan('pod'), scanner.scan(`x ${TOKEN}`), scanner.scan('node-1')]);
    expect(crossing).toEqual([]);
  });

  it.each([2, 4, 9, 24, 38])(
    'finds a token that is split after %i characters, and takes both halves',
    (cut) => {
      const values = ['checkout', `see ${TOKEN.slice(0, cut)}`, `${TOKEN.slice(cut)} there`, 'end'];
      const { fields, crossing } = scanner.scanFields(values);
      expect(crossing).toEqual([{ detector: 'github-token', field: 1 }]);
      expect(fields.map(({ text }) => text)).toEqual([
        'checkout',
        'see [REDACTED:github-token]',
        '[REDACTED:github-token] there',
        'end',
      ]);
      expect(fields[2]?.findings).toEqual([{ detector: 'github-token', start: 0, end: 40 - cut }]);
    },
  );

  it.each([
    ['a mailbox', 'told jane.roe1@', 'shop.example.co.uk twice', 'email'],
    ['the groups of a card', 'card 5425 2334', ' 3010 9903 declined', 'payment-card'],
    ['the groups of a card', 'card 5425 2334 ', '3010 9903 declined', 'payment-card'],
    ['the groups of a number', 'called +49 151 ', '4345 2355 twice', 'phone'],
  ])('finds %s that is split', (_, first, second, detector) => {
    const { crossing, fields } = makeScanner(DETECTORS, 'text').scanFields([first, second]);
    expect(crossing).toContainEqual({ detector, field: 0 });
    expect(fields[1]?.text).toMatch(/^\[REDACTED:[a-z-]+\] (?:twice|declined)$/);
  });

  it('does not join what a space or a bracket keeps apart, nor a whole token with a word', () => {
    expect(scanner.scanFields([`see ${TOKEN.slice(0, 9)} `, TOKEN.slice(9)]).crossing).toEqual([]);
    expect(scanner.scanFields([TOKEN, 'ready']).fields[1]?.text).toBe('ready');
    expect(scanner.scanFields([]).fields).toEqual([]);
  });

  it('leaves what it could not scan as it is', () => {
    const { fields } = makeScanner(DETECTORS, 'all', { maxLength: 10 }).scanFields(['a'.repeat(11), 'b']);
    expect(fields.map(({ text }) => text)).toEqual(['[REDACTED:unscannable]', 'b']);
  });
});
