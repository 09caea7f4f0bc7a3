import { describe, expect, it } from 'vitest';
import { makeCanaries } from './canaries.ts';
import { secretCanaries } from './secret-canaries.ts';

const LINES = Array.from({ length: 9 }, (_, n) => `${n}Qx7`.repeat(16));
const PEM = ['-----BEGIN PRIVATE', ' KEY-----\n', LINES.join('\n'), '\n-----END PRIVATE', ' KEY-----\n'].join(
  '',
);

describe('secretCanaries', () => {
  it('takes a token as it is', () => {
    expect(secretCanaries([{ id: 'api', value: ' k9Vv-w2Lm-77pQ\n' }])).toEqual({
      markers: [{ id: 'api', value: 'k9Vv-w2Lm-77pQ' }],
      leftOut: [],
    });
  });

  it('takes the password of a connection string, not its host', () => {
    const [, user, rest] = ['', 'postgresql://exhibit:', '@orders-db:5432/orders?sslmode=require'];
    const { markers } = secretCanaries([
      { id: 'url', value: `${user}Ab%2Fcd-1234${rest}` },
      { id: 'libpq', value: ['host=orders-db pass', "word='two words 9' dbname=orders"].join('') },
    ]);
    expect(markers).toEqual([
      { id: 'url', value: 'Ab%2Fcd-1234' },
      { id: 'url', value: 'Ab/cd-1234' },
      { id: 'libpq', value: 'two words 9' },
    ]);
    const set = makeCanaries(markers);
    expect(set.find('postgresql://orders-db:5432/orders?sslmode=require')).toBeUndefined();
    expect(set.find('failed for Ab/cd-1234')).toEqual({ id: 'url' });
  });

  it('takes lines from the middle of a key', () => {
    const { markers } = secretCanaries([{ id: 'key', value: PEM }]);
    expect(markers.map(({ value }) => value)).toEqual(LINES.slice(2, 6));
    expect(makeCanaries(markers).find(JSON.stringify(PEM))).toEqual({ id: 'key' });
  });

  it.each([
    ['short', 'a7-_b2!'],
    ['short', '{"a":1}'],
    ['ordinary', 'postgres'],
    ['ordinary', 'Changeme'],
    ['ordinary', '20260101'],
    ['ordinary', '********'],
  ] as const)('leaves out what is %s', (reason, value) => {
    expect(secretCanaries([{ id: 'weak', value }])).toEqual({
      markers: [],
      leftOut: [{ id: 'weak', reason }],
    });
  });

  it.each(['correcthorsebatterystaple', 'password1', '202601011234'])('takes %s', (value) => {
    expect(secretCanaries([{ id: 'fair', value }]).markers).toEqual([{ id: 'fair', value }]);
  });
});
