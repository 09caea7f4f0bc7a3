import { describe, expect, it } from 'vitest';
import { testAuthority } from '../../test/helpers/timestamp-authority.ts';
import { jsonBundle } from '../bundle/write.ts';
import type { Signer } from '../sign/signer.ts';
import { sampleEnvelopes, sampleKeys } from '../testing/samples.ts';
import { codesOf, sealSample, warningsOf } from '../testing/sealed-sample.ts';
import { SampleHistory, sampleNoteSigner, sampleSigner } from '../trust/testing/sample-history.ts';
import { type Trust, verifyBundle } from '../verify.ts';

/** Certificates of tests are good for years to come, not for the past. */
const authority = testAuthority();
const envelopes = sampleEnvelopes(3);
const keys = sampleKeys();

const BEGIN = '2031-11-01T00:00:00.000Z';
const ROTATED = '2031-11-20T12:00:00.000Z';
const OVERLAP_MS = 3_600_000;
/** The last instant at which the old key is good. */
const END = '2031-11-20T13:00:00.000Z';

/** A bundle that says it was made at `createdAt`, with a timestamp of `stampedAt`. */
async function bundleOf(signer: Signer, stampedAt: string | null, createdAt = stampedAt ?? BEGIN) {
  const { documents } = await sealSample(
    envelopes,
    { ...keys, signer },
    {
      createdAt,
      ...(stampedAt === null
        ? {}
        : {
            timestamp: (signature) =>
              Promise.resolve(authority.stamp(Buffer.from(signature), { time: new Date(stampedAt) })),
          }),
    },
  );
  return jsonBundle(documents);
}

const [first, second] = [sampleSigner(), sampleSigner()];
const log = keys.checkpointSigner;
const history = await (await SampleHistory.begin(first, BEGIN, log)).rotate(
  first,
  second,
  ROTATED,
  OVERLAP_MS,
);
const pinned = { publicKeyPem: [first.publicKeyPem] };
const trust: Trust = { ...pinned, keyHistory: history.text(), timestampChains: [authority.chainPem] };
const found = async (bytes: Uint8Array, given: Trust = trust) => codesOf(await verifyBundle(bytes, given));

describe('a rotation of keys', () => {
  it('leaves nothing unproved when there are a timestamp and the key history', async () => {
    const report = await verifyBundle(await bundleOf(first, '2031-11-10T00:00:00.000Z'), trust);
    expect(codesOf(report)).toEqual([]);
    expect(warningsOf(report)).toEqual(['CONSISTENCY_UNPROVED']);
    expect(report.facts).toMatchObject({ signedAt: '2031-11-10T00:00:00.000Z', log: { proved: true } });
  });

  it.each([
    ['the old key before', first, '2031-11-20T11:59:59.000Z', []],
    ['the old key at the moment of the change', first, ROTATED, []],
    ['the old key while both are good', first, '2031-11-20T12:30:00.000Z', []],
    ['the old key at its very end', first, END, []],
    ['the old key a second later', first, '2031-11-20T13:00:01.000Z', ['KEY_OUTSIDE']],
    ['the new key a second before its time', second, '2031-11-20T11:59:59.000Z', ['KEY_OUTSIDE']],
    ['the new key at the moment of the change', second, ROTATED, []],
    ['the new key later', second, '2031-12-24T00:00:00.000Z', []],
  ] as const)('%s', async (_, signer, at, codes) => {
    expect(await found(await bundleOf(signer, at))).toEqual(codes);
  });

  it('is judged by the time of the authority, not by what the signer says', async () => {
    const backdated = await bundleOf(first, '2031-11-21T00:00:00.000Z', '2031-11-10T00:00:00.000Z');
    expect(await found(backdated)).toEqual(['KEY_OUTSIDE']);
    const report = await verifyBundle(backdated, { ...pinned, timestampChains: [authority.chainPem] });
    expect(warningsOf(report)).toContain('TIME_DIFFERS');
  });

  it('is not provable without a timestamp, and without a key history', async () => {
    const unstamped = await verifyBundle(await bundleOf(first, null), trust);
    expect(unstamped.good).toBe(true);
    expect(warningsOf(unstamped)).toEqual(['TIME_UNPROVED', 'KEY_WINDOW_UNPROVED', 'CONSISTENCY_UNPROVED']);
    const { keyHistory: _, ...withoutHistory } = trust;
    const stamped = await verifyBundle(await bundleOf(first, ROTATED), withoutHistory);
    expect(warningsOf(stamped)).toContain('KEY_WINDOW_UNPROVED');
    const unbelieved = await verifyBundle(await bundleOf(first, ROTATED), pinned);
    expect(warningsOf(unbelieved)).toEqual([
      'TIME_UNPROVED',
      'KEY_WINDOW_UNPROVED',
      'CHECKPOINT_UNPROVED',
      'CONSISTENCY_UNPROVED',
    ]);
  });

  it('does not make a new key known to who has no history', async () => {
    expect(await found(await bundleOf(second, ROTATED), pinned)).toEqual(['KEY_UNKNOWN']);
  });
});

describe('a key that was revoked', async () => {
  const revoked = await (await SampleHistory.begin(first, BEGIN, log)).rotate(
    first,
    second,
    ROTATED,
    OVERLAP_MS,
  );
  await revoked.revoke(first.keyId, second, '2031-11-20T12:45:00.000Z', '2031-11-20T12:20:00.000Z');
  const given = { ...trust, publicKeyPem: [second.publicKeyPem], keyHistory: revoked.text() };

  it.each([
    ['is believed for what is proved to be older', '2031-11-20T12:19:59.000Z', []],
    ['is refused at that moment', '2031-11-20T12:20:00.000Z', ['KEY_REVOKED']],
    ['is refused later', '2031-11-20T12:30:00.000Z', ['KEY_REVOKED']],
    ['is refused when no time is proved', null, ['KEY_REVOKED']],
  ] as const)('%s', async (_, at, codes) => {
    expect(await found(await bundleOf(first, at), given)).toEqual(codes);
  });
});

describe('a key of the log', () => {
  it('is held to its window too', async () => {
    const next = sampleNoteSigner();
    const changed = await (await SampleHistory.begin(first, BEGIN, log)).rotateCheckpoint(
      first,
      next,
      ROTATED,
      0,
    );
    const given = { ...trust, keyHistory: changed.text() };
    expect(await found(await bundleOf(first, '2031-11-20T11:00:00.000Z'), given)).toEqual([]);
    expect(await found(await bundleOf(first, '2031-11-20T12:00:01.000Z'), given)).toEqual(['CHECKPOINT_KEY']);
  });
});

describe('a timestamp', () => {
  it('of an authority that is not trusted is refused', async () => {
    const given = { ...trust, timestampChains: [testAuthority().chainPem] };
    expect(await found(await bundleOf(first, ROTATED), given)).toEqual(['TIMESTAMP']);
    const several = { ...trust, timestampChains: [testAuthority().chainPem, authority.chainPem] };
    expect(await found(await bundleOf(first, ROTATED), several)).toEqual([]);
  });

  it('of another signature is refused', async () => {
    const { documents } = await sealSample(
      envelopes,
      { ...keys, signer: first },
      {
        timestamp: () => Promise.resolve(authority.stamp(Buffer.from('300602010102010a', 'hex'))),
      },
    );
    expect(await found(await jsonBundle(documents))).toEqual(['TIMESTAMP']);
  });
});

describe('a key history', () => {
  it('of another agent is misuse, and one of another tenant is not good', async () => {
    const bundle = await bundleOf(first, ROTATED);
    const foreign = await SampleHistory.begin(sampleSigner(), BEGIN, log);
    await expect(verifyBundle(bundle, { ...trust, keyHistory: foreign.text() })).rejects.toMatchObject({
      code: 'KEY',
    });
    const { documents } = await sealSample(envelopes, { ...keys, signer: first }, { tenant: 'umbrella' });
    expect(await found(await jsonBundle(documents))).toEqual(['KEY_TENANT']);
  });
});
