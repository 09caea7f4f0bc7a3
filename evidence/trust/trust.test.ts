import { describe, expect, it } from 'vitest';
import { SampleHistory, sampleSigner } from './testing/sample-history.ts';
import { judgeWindow, trustFrom, windowText } from './trust.ts';

const [first, second, thief] = [sampleSigner(), sampleSigner(), sampleSigner()];
const at = (hour: number, ms = 0) => new Date(Date.UTC(2026, 10, 21, hour, 0, 0, ms)).toISOString();
const DAY_MS = 86_400_000;

/** `first` signs from hour 0; at hour 10 `second` takes over; `first` stays good for a day. */
const rotated = async () => (await SampleHistory.begin(first, at(0))).rotate(first, second, at(10), DAY_MS);

describe('the keys that are trusted', () => {
  it.each([
    ['the oldest', first],
    ['the newest', second],
  ])('are all of the history, for who pins %s', async (_which, pin) => {
    const sample = await rotated();
    const trust = trustFrom({ publicKeyPem: [pin.publicKeyPem], keyHistory: sample.text() });
    expect([...trust.evidence.keys()].toSorted()).toEqual([first.keyId, second.keyId].toSorted());
    expect(trust.evidence.get(first.keyId)).toMatchObject({
      validFrom: at(0),
      validUntil: at(34),
      revokedAt: null,
    });
    expect(trust.evidence.get(second.keyId)).toMatchObject({ validFrom: at(10), validUntil: null });
    expect(trust.checkpoints.map(({ vkey }) => vkey)).toEqual([
      expect.stringContaining('acme.exhibit.internal+'),
    ]);
    expect(trust.history).toMatchObject({ sequence: 3, tenant: 'acme' });
  });

  it('are the given ones alone without a history, and nobody knows their windows', () => {
    const trust = trustFrom({ publicKeyPem: [first.publicKeyPem] });
    expect([...trust.evidence.values()]).toMatchObject([{ keyId: first.keyId, validFrom: null }]);
    expect([trust.checkpoints, trust.history]).toEqual([[], null]);
  });

  it('are none of a history that none of them signed', async () => {
    const sample = await rotated();
    expect(() => trustFrom({ publicKeyPem: [thief.publicKeyPem], keyHistory: sample.text() })).toThrow(
      /none of the given keys/,
    );
    const own = await SampleHistory.begin(thief, at(0));
    expect(() => trustFrom({ publicKeyPem: [first.publicKeyPem], keyHistory: own.text() })).toThrow(
      /none of the given keys/,
    );
    expect(() => trustFrom({ publicKeyPem: [], keyHistory: sample.text() })).toThrow(/no public key/);
  });

  it('are not those that a thief of a replaced key adds, for who pins the new one', async () => {
    const fork = await (await SampleHistory.begin(first, at(0))).rotate(first, thief, at(12), DAY_MS);
    expect(() => trustFrom({ publicKeyPem: [second.publicKeyPem], keyHistory: fork.text() })).toThrow(
      /none of the given keys/,
    );
  });
});

/** The drill: evidence before, at and after each boundary, with and without a proved time. */
describe('the window of a key', () => {
  it.each([
    ['first', at(0, -1), 'outside'],
    ['first', at(0), 'good'],
    ['first', at(9), 'good'],
    ['first', at(10), 'good'],
    ['first', at(20), 'good'],
    ['first', at(34), 'good'],
    ['first', at(34, 1), 'outside'],
    ['first', null, 'not provable'],
    ['second', at(10, -1), 'outside'],
    ['second', at(10), 'good'],
    ['second', at(400), 'good'],
    ['second', null, 'not provable'],
  ] as const)('%s key, proved at %s: %s', async (which, provedAt, verdict) => {
    const trust = trustFrom({ publicKeyPem: [first.publicKeyPem], keyHistory: (await rotated()).text() });
    const key = trust.evidence.get((which === 'first' ? first : second).keyId);
    expect(key === undefined ? 'unknown' : judgeWindow(key, provedAt)).toBe(verdict);
  });

  it.each([
    [at(5, -1), 'good'],
    [at(5), 'revoked'],
    [at(9), 'revoked'],
    [at(40), 'revoked'],
    [null, 'revoked'],
    ['nonsense', 'revoked'],
  ] as const)('revoked as of hour 5, proved at %s: %s', async (provedAt, verdict) => {
    const sample = await (await rotated()).revoke(first.keyId, second, at(11), at(5));
    const trust = trustFrom({ publicKeyPem: [first.publicKeyPem], keyHistory: sample.text() });
    const key = trust.evidence.get(first.keyId);
    if (key === undefined) throw new Error('the key is not there');
    expect(judgeWindow(key, provedAt)).toBe(verdict);
    expect(windowText(key, verdict)).toContain(verdict === 'revoked' ? `revoked as of ${at(5)}` : 'was good');
  });

  it('can not be proved, and says why', async () => {
    const alone = trustFrom({ publicKeyPem: [first.publicKeyPem] }).evidence.get(first.keyId);
    const known = trustFrom({
      publicKeyPem: [first.publicKeyPem],
      keyHistory: (await rotated()).text(),
    }).evidence.get(first.keyId);
    if (alone === undefined || known === undefined) throw new Error('the key is not there');
    expect(windowText(alone, judgeWindow(alone, at(3)))).toMatch(/^not provable without the key history/);
    expect(windowText(known, judgeWindow(known, null))).toMatch(/^not provable without a timestamp/);
    expect(judgeWindow(known, 'nonsense')).toBe('outside');
  });
});
