import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConsole } from './pgbouncer.ts';

describe('checkConsole', () => {
  it.each(['SHOW POOLS', 'SHOW DATABASES', 'SHOW STATS'])('lets %s through', (statement) => {
    expect(checkConsole(`${statement}\n`)).toEqual([]);
  });

  it.each([
    'SHOW CLIENTS',
    'SHOW CONFIG',
    'SHOW STATS_TOTALS',
    'PAUSE',
    'PAUSE orders',
    'KILL orders',
    'SHUTDOWN',
    'RELOAD',
    'SET auth_type = any',
    'show pools',
    'SHOW  POOLS',
    ' SHOW POOLS',
    'SHOW POOLS;',
    'SHOW POOLS; SHUTDOWN',
    'SHOW POOLS\nSHUTDOWN',
    'SHOW POOLS\n',
    'SHOW POOLS\r',
    'SHOW POOLS\0',
    'SHOW POOLS -- all of them',
    'SELECT 1',
    '',
  ])('refuses %j', (statement) => {
    expect(checkConsole(`${statement}\n`)).toEqual([
      {
        code: 'STATEMENT',
        message: 'is none of SHOW POOLS, SHOW DATABASES, SHOW STATS, written exactly so',
      },
    ]);
  });

  it('refuses a text without its line end', () => {
    expect(checkConsole('SHOW POOLS')).toEqual([{ code: 'SHAPE', message: 'does not end with a line end' }]);
  });

  it('refuses whatever is added anywhere', () => {
    const statement = fc.constantFrom('SHOW POOLS\n', 'SHOW DATABASES\n', 'SHOW STATS\n');
    fc.assert(
      fc.property(statement, fc.string({ minLength: 1, unit: 'binary' }), fc.nat(), (text, added, seed) => {
        const at = seed % (text.length + 1);
        expect(checkConsole(text.slice(0, at) + added + text.slice(at))).toHaveLength(1);
      }),
    );
  });
});
