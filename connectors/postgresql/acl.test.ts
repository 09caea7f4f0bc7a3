import { describe, expect, it } from 'vitest';
import { parseAcl, privilegeWords } from './acl.ts';

describe('parseAcl', () => {
  it.each([
    ['{}', []],
    ['{alice=arw/owner}', [{ grantee: 'alice', privileges: 'arw', grantable: '' }]],
    ['{=X/owner}', [{ grantee: null, privileges: 'X', grantable: '' }]],
    [
      '{alice=r*w/owner,bob=U/owner}',
      [
        { grantee: 'alice', privileges: 'rw', grantable: 'r' },
        { grantee: 'bob', privileges: 'U', grantable: '' },
      ],
    ],
    // Of two grantors.
    ['{alice=r/owner,alice=w*/bob}', [{ grantee: 'alice', privileges: 'rw', grantable: 'w' }]],
    // Names that need quotes: once for the item, once more for the array.
    ['{"\\"odd, role\\"=r/owner"}', [{ grantee: 'odd, role', privileges: 'r', grantable: '' }]],
    ['{"\\"a\\"\\"b=c/d\\"=w/owner"}', [{ grantee: 'a"b=c/d', privileges: 'w', grantable: '' }]],
  ])('reads %s', (text, expected) => {
    expect(parseAcl(text)).toEqual(expected);
  });

  it.each(['', 'alice=r/owner', '{alice}', '{"alice=r/owner}', '{alice=r/owner,}x'])('refuses %j', (text) => {
    expect(parseAcl(text)).toBeUndefined();
  });
});

describe('privilegeWords', () => {
  it('names what it knows', () => {
    expect(privilegeWords('Xm?')).toEqual(['EXECUTE', 'MAINTAIN', 'UNKNOWN']);
  });
});
