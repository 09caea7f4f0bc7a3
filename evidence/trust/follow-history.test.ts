import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../canonical-json.ts';
import type { Signer } from '../sign/signer.ts';
import { readKeyHistory } from './follow-history.ts';
import { currentKey, evidenceEntry, withNewKey, withRevokedKey } from './key-changes.ts';
import { type KeyHistory, keyHistoryDigest } from './key-history.ts';
import { SampleHistory, sampleNoteSigner, sampleSigner } from './testing/sample-history.ts';

const [first, second, third, thief] = [sampleSigner(), sampleSigner(), sampleSigner(), sampleSigner()];
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 0, minute)).toISOString();
const HOUR_MS = 3_600_000;

const two = async () => (await SampleHistory.begin(first, at(0))).rotate(first, second, at(10), HOUR_MS);
const refused = (what: RegExp | string) =>
  expect.objectContaining({ code: 'KEY', message: expect.stringMatching(what) });

describe('a key history', () => {
  it('is followed from the first version to the newest', async () => {
    const sample = await (await two()).rotateCheckpoint(second, sampleNoteSigner(), at(20), HOUR_MS);
    await sample.revoke(first.keyId, second, at(30), at(5));
    const followed = readKeyHistory(sample.text());
    expect(followed.history).toEqual(sample.history);
    expect(followed.digest).toBe(keyHistoryDigest(sample.history));
    expect([...followed.signers]).toEqual([first.keyId, second.keyId]);
    expect(
      followed.history.keys.map(({ purpose, validFrom, validUntil, revokedAt }) => [
        purpose,
        validFrom,
        validUntil,
        revokedAt,
      ]),
    ).toEqual([
      ['evidence', at(0), at(70), at(5)],
      ['checkpoint', at(0), at(80), null],
      ['evidence', at(10), null, null],
      ['checkpoint', at(20), null, null],
    ]);
    expect(currentKey(followed.history, 'evidence').keyId).toBe(second.keyId);
  });

  it('is refused when any byte of it is another', async () => {
    const text = (await two()).text();
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('A', 'b', '7', '"', '}', ' '),
        (index, character) => {
          fc.pre(text[index] !== character);
          const changed = text.slice(0, index) + character + text.slice(index + 1);
          expect(() => readKeyHistory(changed)).toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<[string, (sample: SampleHistory) => string]>([
    ['without its first version', (sample) => sample.text(sample.versions.slice(1))],
    [
      'with a version left out',
      (sample) => sample.text([...sample.versions.slice(0, 1), ...sample.versions.slice(2)]),
    ],
    ['with versions in another order', (sample) => sample.text(sample.versions.toReversed())],
    ['with a version twice', (sample) => sample.text([...sample.versions, ...sample.versions.slice(-1)])],
    ['without versions', (sample) => sample.text([])],
    ['with white space', (sample) => `${sample.text()}\n`],
    [
      'with a member twice',
      (sample) => sample.text().replace('{', '{"schema":"exhibit.key-history-chain/v1",'),
    ],
    ['with one more member', (sample) => sample.text().replace('{', '{"a":1,')],
    ['that is nested deep', () => '['.repeat(100_000)],
    ['that is no text', () => '\ud800'],
  ])('is refused %s', async (_what, change) => {
    const sample = await (await two()).revoke(first.keyId, second, at(20));
    expect(() => readKeyHistory(change(sample))).toThrow(refused(/^the key history does not hold together/));
  });
});

type Forgery = (history: KeyHistory) => KeyHistory;
const next = (history: KeyHistory, minute: number): KeyHistory => ({
  ...history,
  sequence: history.sequence + 1,
  previous: keyHistoryDigest(history),
  createdAt: at(minute),
});
const withKeys = (
  history: KeyHistory,
  change: (key: KeyHistory['keys'][number], index: number) => object,
): KeyHistory =>
  ({
    ...next(history, 30),
    keys: history.keys.map((key, index) => ({ ...key, ...change(key, index) })),
  }) as KeyHistory;

describe('what the holder of a good key can not sign away', () => {
  it.each<[string, RegExp, Signer, Forgery]>([
    ['a version by a stranger', /does not know/, thief, (history) => next(history, 30)],
    ['a version by a key that has ended', /not good then/, first, (history) => next(history, 71)],
    ['another number', /next number/, second, (history) => ({ ...next(history, 30), sequence: 7 })],
    [
      'another version before',
      /does not name/,
      second,
      (history) => ({ ...next(history, 30), previous: `sha256:${'0'.repeat(64)}` }),
    ],
    ['another tenant', /another tenant/, second, (history) => ({ ...next(history, 30), tenant: 'umbra' })],
    ['an older version', /older/, first, (history) => ({ ...next(history, 10), createdAt: at(9) })],
    [
      'a forgotten key',
      /forgotten/,
      second,
      (history) => ({ ...next(history, 30), keys: history.keys.slice(1) }),
    ],
    [
      'keys in another order',
      /forgotten/,
      second,
      (history) => ({ ...next(history, 30), keys: history.keys.toReversed() }),
    ],
    [
      'a longer overlap',
      /more than it had/,
      second,
      (history) => withKeys(history, (_, index) => (index === 0 ? { validUntil: at(500) } : {})),
    ],
    [
      'an end taken back',
      /more than it had/,
      second,
      (history) => withKeys(history, (_, index) => (index === 0 ? { validUntil: null } : {})),
    ],
    [
      'an earlier beginning',
      /more than it had/,
      second,
      (history) => withKeys(history, (_, index) => (index === 2 ? { validFrom: at(1) } : {})),
    ],
    [
      'a key put in place of another',
      /id that is not its own/,
      second,
      (history) => withKeys(history, (_, index) => (index === 2 ? { publicKeyPem: thief.publicKeyPem } : {})),
    ],
    [
      'a key listed twice',
      /twice/,
      second,
      (history) => ({ ...next(history, 30), keys: [...history.keys, ...history.keys.slice(-1)] }),
    ],
    [
      'a key for the past',
      /time that was over/,
      second,
      (history) => ({
        ...next(history, 30),
        keys: [...history.keys, evidenceEntry(thief.publicKeyPem, at(2))],
      }),
    ],
    [
      'the end of a key and its own revocation',
      /revoked key signed itself/,
      first,
      (history) => ({
        ...withRevokedKey(history, { keyId: first.keyId, reason: 'x', at: at(30), by: 'os:eve' }),
      }),
    ],
  ])('%s', async (_what, why, signer, forge) => {
    const sample = await two();
    const forged = await sample.add(forge(sample.history), signer);
    expect(() => readKeyHistory(forged.text())).toThrow(refused(why));
  });

  it('a revocation: nothing signed with the key counts afterwards, and it is not taken back', async () => {
    const sample = await (await two()).revoke(first.keyId, second, at(20));
    const versions = [...sample.versions];
    await sample.rotate(first, third, at(30), HOUR_MS);
    expect(() => readKeyHistory(sample.text())).toThrow(refused(/not good then/));
    const again = withKeys(readKeyHistory(sample.text(versions)).history, (_, index) =>
      index === 0 ? { revokedAt: null, revocationReason: null } : {},
    );
    await sample.add(again, second);
    expect(() => readKeyHistory(sample.text([...versions, ...sample.versions.slice(-1)]))).toThrow(
      refused(/more than it had/),
    );
  });
});

describe('changes', () => {
  it('are refused when they can not be', async () => {
    const { history } = await two();
    const by = { at: at(20), by: 'os:ana' };
    const entry = evidenceEntry(first.publicKeyPem, at(20));
    expect(() => withNewKey(history, entry, 1, by)).toThrow(refused(/already/));
    expect(() =>
      withNewKey(history, evidenceEntry(third.publicKeyPem, at(20)), 1, { ...by, at: at(1) }),
    ).toThrow(refused(/later/));
    expect(() => withRevokedKey(history, { ...by, keyId: second.keyId, reason: 'x' })).toThrow(
      refused(/current one/),
    );
    expect(() => withRevokedKey(history, { ...by, keyId: third.keyId, reason: 'x' })).toThrow(
      refused(/no key/),
    );
    expect(() => withRevokedKey(history, { ...by, keyId: first.keyId, reason: 'x', since: at(21) })).toThrow(
      refused(/future/),
    );
    const once = withRevokedKey(history, { ...by, keyId: first.keyId, reason: 'x' });
    expect(() => withRevokedKey(once, { ...by, keyId: first.keyId, reason: 'x' })).toThrow(
      refused(/already/),
    );
  });

  it('fill a history up to its limit, and its statement still fits', async () => {
    const sample = await SampleHistory.begin(first, at(0));
    let signer = first;
    for (let minute = 1; sample.history.keys.length < 96; minute += 1) {
      const after = sampleSigner();
      await sample.rotate(signer, after, at(minute), HOUR_MS);
      signer = after;
    }
    expect(readKeyHistory(sample.text()).history.keys).toHaveLength(96);
    const more = evidenceEntry(thief.publicKeyPem, at(200));
    expect(() => withNewKey(sample.history, more, 1, { at: at(200), by: 'x' })).toThrow(refused(/full/));
    expect(canonicalize(sample.history).length).toBeLessThan(64 * 1024);
  });
});
