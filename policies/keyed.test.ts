import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkedNames, makeKeyed, switchableKeyed } from './keyed.ts';
import {
  dueForRotation,
  epochOf,
  erased,
  formatKeyring,
  type Keyring,
  keyringOfOneKey,
  liveEpoch,
  newKeyring,
  parseKeyring,
  rotated,
} from './keyring.ts';

const T1 = '2026-01-01T00:00:00.000Z';
const T2 = '2026-04-01T00:00:00.000Z';
const T3 = '2026-07-01T00:00:00.000Z';
const json = (value: unknown) => JSON.stringify(value);
const keyed = (keyring: Keyring, tenant = 'acme') => makeKeyed(liveEpoch(keyring), tenant, json);

describe('keyed names', () => {
  // Expected values were computed with Python's hmac and RFC 5869 written out, so that a change is noticed.
  const epoch = epochOf(Buffer.alloc(32, 7), T1);

  it('are what HKDF and HMAC say they are', () => {
    const one = makeKeyed(epoch, 'acme', json);
    expect(one.keyId).toBe('IHODnc30');
    expect(one.pseudonym('ada')).toBe('pseudonym:IHODnc30:ia5-ZkE4KhvVLKJudfDcsw');
    expect(one.digest({ a: 1 })).toBe('hmac-sha256:IHODnc30:k-rKo8TAfz6R8YyZfdorIw');
  });

  it('are the same for the same value, and differ by value, purpose, tenant and epoch', () => {
    const acme = makeKeyed(epoch, 'acme', json);
    const other = makeKeyed(epoch, 'acme-eu', json);
    const later = makeKeyed(epochOf(Buffer.alloc(32, 8), T1), 'acme', json);
    const macs = [
      acme.pseudonym('ada'),
      acme.pseudonym('"ada"'),
      acme.pseudonym('bob'),
      acme.digest('ada'),
      other.pseudonym('ada'),
      other.digest('ada'),
      later.pseudonym('ada'),
      later.digest('ada'),
    ].map((name) => name.split(':')[2]);
    expect(new Set(macs).size).toBe(macs.length);
    expect(makeKeyed(epoch, 'acme', json).pseudonym('ada')).toBe(acme.pseudonym('ada'));
    expect(later.keyId).not.toBe(acme.keyId);
  });

  it('remember pseudonyms without mixing them up', () => {
    const names = keyed(newKeyring(T1));
    const first = Array.from({ length: 10_050 }, (_, index) => names.pseudonym(`user-${index}`));
    expect(new Set(first).size).toBe(first.length);
    expect(names.pseudonym('user-3')).toBe(first[3]);
    expect(names.pseudonym('user-10040')).toBe(first[10_040]);
  });

  it('go on with the new epoch once a rotated keyring is handed in', () => {
    const before = newKeyring(T1);
    const after = rotated(before, T2);
    const names = switchableKeyed(before, 'acme', json);
    const { pseudonym, digest } = names;
    expect(pseudonym('ada')).toBe(keyed(before).pseudonym('ada'));
    names.use(after);
    expect([names.keyId, pseudonym('ada'), digest('ada')]).toEqual([
      liveEpoch(after).id,
      keyed(after).pseudonym('ada'),
      keyed(after).digest('ada'),
    ]);
  });
});

describe('linkedNames', () => {
  it('names a value under every epoch that still has its key, newest first', () => {
    const first = newKeyring(T1);
    const second = rotated(first, T2);
    const third = rotated(second, T3);
    const found = linkedNames(third, 'acme', 'ada', json);
    expect(found.map(({ epoch, createdAt, retiredAt }) => [epoch, createdAt, retiredAt])).toEqual([
      [liveEpoch(third).id, T3, null],
      [liveEpoch(second).id, T2, T3],
      [liveEpoch(first).id, T1, T2],
    ]);
    expect(found.map(({ pseudonym }) => pseudonym)).toEqual(
      [third, second, first].map((keyring) => keyed(keyring).pseudonym('ada')),
    );
    expect(found.map(({ digest }) => digest)).toEqual(
      [third, second, first].map((keyring) => keyed(keyring).digest('ada')),
    );
    const without = erased(third, liveEpoch(second).id, T3);
    expect(linkedNames(without, 'acme', 'ada', json)).toEqual([found[0], found[2]]);
  });
});

describe('a keyring', () => {
  it('rotates: one live epoch, the others retired when the next was made, salt key and keys kept', () => {
    const first = newKeyring(T1);
    const third = rotated(rotated(first, T2), T3);
    expect(third.epochs.map(({ createdAt, retiredAt }) => [createdAt, retiredAt])).toEqual([
      [T1, T2],
      [T2, T3],
      [T3, undefined],
    ]);
    expect(third.saltKey).toEqual(first.saltKey);
    expect(third.epochs[0]?.key).toEqual(first.epochs[0]?.key);
    expect(new Set(third.epochs.map(({ id }) => id)).size).toBe(3);
  });

  it('has ids that no command takes for an option', () => {
    const ids = Array.from({ length: 500 }, () => liveEpoch(newKeyring(T1)).id);
    expect(ids.filter((id) => !/^[\w][\w-]{7}$/.test(id))).toEqual([]);
  });

  it('is due for rotation from the day its live epoch is old enough', () => {
    const keyring = rotated(newKeyring(T1), T2);
    const day = 86_400_000;
    expect(dueForRotation(keyring, '2026-06-29T23:59:59.999Z', 90 * day)).toBe(false);
    expect(dueForRotation(keyring, '2026-06-30T00:00:00.000Z', 90 * day)).toBe(true);
  });

  it('forgets the key of an erased epoch and keeps when it was', () => {
    const first = newKeyring(T1);
    const gone = erased(rotated(first, T2), liveEpoch(first).id, T3);
    expect(gone.epochs[0]).toEqual({
      id: liveEpoch(first).id,
      createdAt: T1,
      retiredAt: T2,
      erasedAt: T3,
      key: null,
    });
    expect(gone.epochs[1]?.key).toHaveLength(32);
    expect(formatKeyring(gone)).not.toContain(Buffer.from(liveEpoch(first).key).toString('base64url'));
  });

  it('does not lose its live epoch, unless another takes over in the same step', () => {
    const keyring = newKeyring(T1);
    const { id } = liveEpoch(keyring);
    expect(() => erased(keyring, id, T2)).toThrow(expect.objectContaining({ code: 'EPOCH_LIVE' }));
    const gone = erased(keyring, id, T2, { rotate: true });
    expect(gone.epochs.map(({ key }) => key === null)).toEqual([true, false]);
    expect(gone.epochs[0]).toMatchObject({ retiredAt: T2, erasedAt: T2 });
    expect(liveEpoch(gone).id).not.toBe(id);
  });

  it('says which change makes no sense', () => {
    const keyring = rotated(newKeyring(T1), T2);
    const id = keyring.epochs[0]?.id ?? '';
    expect(() => erased(keyring, 'nobody__', T3)).toThrow(expect.objectContaining({ code: 'EPOCH_UNKNOWN' }));
    expect(() => erased(erased(keyring, id, T3), id, T3)).toThrow(
      expect.objectContaining({ code: 'EPOCH_ERASED' }),
    );
  });
});

describe('a keyring as text', () => {
  it('comes back as it was, whatever was rotated and erased', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('rotate', 'erase'), { maxLength: 8 }), (steps) => {
        let keyring = newKeyring(T1);
        for (const step of steps) {
          const victim = keyring.epochs.find(({ key }) => key !== null)?.id ?? '';
          keyring = step === 'rotate' ? rotated(keyring, T2) : erased(keyring, victim, T3, { rotate: true });
        }
        expect(parseKeyring(formatKeyring(keyring), T3)).toEqual(keyring);
      }),
    );
  });

  it('reads a file with one bare key as one live epoch whose names are what they were', () => {
    const key = Buffer.alloc(32, 7);
    const keyring = parseKeyring(`${key.toString('base64url')}\n`, T2);
    expect(keyring).toEqual(keyringOfOneKey(key, T2));
    if (keyring === null) throw new Error('unreachable');
    // What the version before epochs wrote for this key.
    expect(keyed(keyring).pseudonym('ada')).toBe('pseudonym:IHODnc30:SFcaUwDxshRxBx0rlAKxAw');
    expect(keyed(keyring).digest('ada')).toBe('hmac-sha256:IHODnc30:Ja2cLgESIu0G1z4qHw9M4g');
    expect(Buffer.from(keyring.saltKey).toString('hex')).toBe(
      '890fd67b7f0e1188e5d895b59d4427168065b7b3cadbc2ec85cfedfb712456fe',
    );
    expect(parseKeyring(formatKeyring(keyring), T3)).toEqual(keyring);
  });

  it('keeps the names and salts of a bare key after it was rotated away', () => {
    const one = keyringOfOneKey(Buffer.alloc(32, 7), T1);
    const two = rotated(one, T2);
    expect(two.saltKey).toEqual(one.saltKey);
    expect(linkedNames(two, 'acme', 'ada', json)[1]?.pseudonym).toBe(keyed(one).pseudonym('ada'));
    expect(two.epochs[1]).not.toHaveProperty('shared');
  });

  const good = formatKeyring(rotated(newKeyring(T1), T2));
  const edited = (change: (value: { epochs: Record<string, unknown>[]; saltKey: unknown }) => void) => {
    const value = JSON.parse(good) as { epochs: Record<string, unknown>[]; saltKey: unknown };
    change(value);
    return JSON.stringify(value);
  };
  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '{'],
    ['a short key', Buffer.alloc(31, 7).toString('base64url')],
    ['a key in another spelling', `${Buffer.alloc(32, 0xff).toString('base64url').slice(0, -1)}9`],
    ['another schema', good.replace('keyring/v1', 'keyring/v2')],
    ['an unknown property', edited((value) => Object.assign(value, { note: 'x' }))],
    ['no epochs', edited((value) => value.epochs.splice(0))],
    ['two live epochs', edited(({ epochs }) => delete epochs[0]?.['retiredAt'])],
    ['no live epoch', edited(({ epochs }) => Object.assign(epochs[1] ?? {}, { retiredAt: T3 }))],
    [
      'an erased epoch with its key',
      edited(({ epochs }) => Object.assign(epochs[0] ?? {}, { erasedAt: T3 })),
    ],
    ['a missing key without erasure', edited(({ epochs }) => Object.assign(epochs[0] ?? {}, { key: null }))],
    [
      'an id that is not that of its key',
      edited(({ epochs }) => Object.assign(epochs[0] ?? {}, { id: 'AAAAAAAA' })),
    ],
    ['the same epoch twice', edited(({ epochs }) => epochs.unshift({ ...epochs[0] }))],
    ['a short salt key', edited((value) => Object.assign(value, { saltKey: 'AAAA' }))],
    ['a time that is none', edited(({ epochs }) => Object.assign(epochs[1] ?? {}, { createdAt: 'today' }))],
  ])('is refused: %s', (_what, text) => {
    expect(parseKeyring(good, T3)).not.toBeNull();
    expect(parseKeyring(text, T3)).toBeNull();
  });
});
