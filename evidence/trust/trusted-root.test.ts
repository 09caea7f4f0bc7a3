import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TestAuthority, testAuthority } from '../../test/helpers/timestamp-authority.ts';
import { attest } from '../attest.ts';
import { signPayload } from '../dsse.ts';
import { emptyFrontier } from '../log/frontier.ts';
import type { NoteSigner } from '../log/note.ts';
import { keyIdBytes, parseVkey } from '../log/vkey.ts';
import type { Signer } from '../sign/signer.ts';
import { readKeyHistory } from './follow-history.ts';
import type { KeyHistory } from './key-history.ts';
import { SampleHistory, sampleNoteSigner, sampleSigner } from './testing/sample-history.ts';
import { trustedRoot } from './trusted-root.ts';

const [first, second] = [sampleSigner(), sampleSigner()];
const [oldLog, newLog] = [sampleNoteSigner(), sampleNoteSigner()];
const at = (hour: number, ms = 0) => new Date(Date.UTC(2026, 10, 21, hour, 0, 0, ms)).toISOString();
const HOUR_MS = 3_600_000;

let history: KeyHistory;
let authority: TestAuthority;
beforeAll(async () => {
  authority = testAuthority();
  const sample = await SampleHistory.begin(first, at(0), oldLog);
  await sample.rotate(first, second, at(10), 4 * HOUR_MS);
  await sample.rotateCheckpoint(second, newLog, at(12), HOUR_MS);
  history = readKeyHistory(sample.text()).history;
});

const document = () =>
  trustedRoot(history, [{ url: 'https://tsa.example.org', chainPem: authority.chainPem }]);
const parsed = () => TrustedRoot.fromJSON(JSON.parse(document()));

/** The stock verifier, with our trusted root and the windows of our history. */
function accepts(bundle: string, stamps: number, trusted: Signer = first): boolean {
  const material = toTrustMaterial(parsed(), (hint) => {
    const key = history.keys.find(({ keyId }) => keyId === hint);
    if (key?.purpose !== 'evidence') throw new Error('unknown key');
    return {
      publicKey: createPublicKey(key.keyId === trusted.keyId ? trusted.publicKeyPem : key.publicKeyPem),
      validFor: (date) =>
        date >= new Date(key.validFrom) && (key.validUntil === null || date <= new Date(key.validUntil)),
    };
  });
  const verifier = new Verifier(material, {
    tlogThreshold: 1,
    ctlogThreshold: 0,
    timestampThreshold: stamps,
  });
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(bundle))));
    return true;
  } catch {
    return false;
  }
}

async function bundle(signer: Signer, checkpointSigner: NoteSigner, time: string | null): Promise<string> {
  const signed = await signPayload(Buffer.from('{"of":"this test"}'), signer);
  const stamp = async (signature: Uint8Array) => authority.stamp(signature, { time: new Date(time ?? 0) });
  const context = { keys: { signer, checkpointSigner }, head: { log: emptyFrontier } };
  return (await attest(signed, time === null ? context : { ...context, timestamp: stamp })).attestation;
}

describe('trusted_root.json', () => {
  it('names both keys of the log by what stands before their signatures, oldest first', () => {
    const { mediaType, tlogs, certificateAuthorities, ctlogs, timestampAuthorities } = parsed();
    expect(mediaType).toBe('application/vnd.dev.sigstore.trustedroot+json;version=0.1');
    expect(
      tlogs.map(({ baseUrl, logId, publicKey }) => [baseUrl, logId?.keyId, publicKey?.validFor]),
    ).toEqual([
      [
        'https://acme.exhibit.internal',
        Buffer.from(keyIdBytes(parseVkey(oldLog.vkey))),
        { start: new Date(at(0)), end: new Date(at(13)) },
      ],
      [
        'https://acme.exhibit.internal',
        Buffer.from(keyIdBytes(parseVkey(newLog.vkey))),
        { start: new Date(at(12)), end: undefined },
      ],
    ]);
    expect([certificateAuthorities, ctlogs]).toEqual([[], []]);
    expect(timestampAuthorities[0]?.uri).toBe('https://tsa.example.org');
    expect(timestampAuthorities[0]?.certChain?.certificates).toHaveLength(2);
    expect(timestampAuthorities[0]?.validFor?.start).toBeInstanceOf(Date);
  });

  it('has no authorities where none are configured, and refuses a chain that is none', () => {
    expect(TrustedRoot.fromJSON(JSON.parse(trustedRoot(history, []))).timestampAuthorities).toEqual([]);
    expect(() => trustedRoot(history, [{ url: 'https://x', chainPem: 'x' }])).toThrow(/certificate chain/);
  });

  it.each<[string, Signer, NoteSigner, string | null, boolean]>([
    ['before the rotation', first, oldLog, at(9), true],
    ['at the boundary, old key', first, oldLog, at(10), true],
    ['at the boundary, new key', second, oldLog, at(10), true],
    ['a second before the boundary, new key', second, oldLog, at(10, -1_000), false],
    ['in the overlap, old key', first, oldLog, at(12), true],
    ['at the end of the overlap, old key', first, oldLog, at(14), true],
    ['a second after the overlap, old key', first, oldLog, at(14, 1_000), false],
    ['after the rotation, new key and new log key', second, newLog, at(15), true],
    ['without a timestamp, old key', first, oldLog, null, true],
    ['a log key that is not in it', first, sampleNoteSigner(), at(9), false],
  ])('lets @sigstore/verify decide: %s', async (_what, signer, log, time, expected) => {
    expect(accepts(await bundle(signer, log, time), time === null ? 0 : 1)).toBe(expected);
  });

  it('is what a timestamp of another authority is refused with', async () => {
    const other = testAuthority();
    const signed = await signPayload(Buffer.from('{}'), first);
    const context = { keys: { signer: first, checkpointSigner: oldLog }, head: { log: emptyFrontier } };
    const foreign = await attest(signed, {
      ...context,
      timestamp: async (signature) => other.stamp(signature),
    });
    expect(accepts(foreign.attestation, 1)).toBe(false);
  });
});
