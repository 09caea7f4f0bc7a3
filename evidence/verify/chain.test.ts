import { describe, expect, it } from 'vitest';
import type { Head } from '../chain.ts';
import { type Sealed, type SealKeys, seal } from '../seal.ts';
import {
  EMPTY_HEAD,
  headAfter,
  sampleContext,
  sampleEnvelopes,
  sampleFrontier,
  sampleKeys,
} from '../testing/samples.ts';
import { problemsOf } from '../testing/sealed-sample.ts';
import { formatReport, type SignedManifest, verifyChain } from '../verify.ts';

const keys = sampleKeys();
const trust = { publicKeyPem: [keys.signer.publicKeyPem], logKeys: [keys.checkpointSigner.vkey] };
const envelopes = sampleEnvelopes(30);

/** Manifests that follow one another, each with other items. */
async function chainOf(length: number, from: Head = EMPTY_HEAD, tenant = 'acme', signWith: SealKeys = keys) {
  const chain: Sealed[] = [];
  let head = from;
  for (let index = 0; index < length; index += 1) {
    const items = envelopes.slice(index * 3, index * 3 + 3);
    const sealed = await seal(items, sampleContext(items, signWith, { head, tenant }));
    head = headAfter(sealed, head);
    chain.push(sealed);
  }
  return chain;
}

/** After a manifest that is not there. */
function after(sequence: number, digest: string): Head {
  return { manifest: { sequence, digest }, lastItem: sequence * 3, log: sampleFrontier(sequence) };
}

const chain = await chainOf(8);
const found = (manifests: readonly SignedManifest[]) =>
  problemsOf(verifyChain(manifests, trust)).map(({ code, where }) => `${code} ${where}`);
const said = (manifests: readonly SignedManifest[]) =>
  problemsOf(verifyChain(manifests, trust)).map(({ what }) => what);

describe('verifyChain', () => {
  it('accepts a chain, and a piece of one', () => {
    const report = verifyChain(chain, trust);
    expect(report).toMatchObject({
      good: true,
      facts: { kind: 'chain', manifests: 8, sequence: 8, manifest: chain[7]?.digest },
    });
    expect(formatReport(report)).toMatch(/^good: a chain of 8 manifests\n/);
    expect(verifyChain(chain.slice(3, 6), trust).good).toBe(true);
    expect(verifyChain(chain.slice(0, 1), trust).good).toBe(true);
  });

  it('names every manifest that is missing between two others', () => {
    for (let missing = 1; missing < 7; missing += 1) {
      const rest = chain.toSpliced(missing, 1);
      expect(found(rest)).toEqual([`CHAIN_MISSING manifests[${missing}]`]);
      expect(said(rest)).toEqual([`manifest ${missing + 1} is missing`]);
    }
    expect(said(chain.toSpliced(2, 3))).toEqual(['manifests 3 to 5 are missing']);
  });

  it('names one that is not where it belongs, and no other', () => {
    const [first, ...rest] = chain;
    if (first === undefined) throw new Error('there is no chain');
    expect(found([...rest, first])).toEqual(['CHAIN_MOVED manifests[7]']);
    expect(said([...rest, first])).toEqual([
      `manifest 1 (${first.digest}) is not where its sequence puts it`,
    ]);
  });

  it('names one that is there twice', () => {
    const again = chain.slice(2, 3);
    expect(found([...chain, ...again])).toEqual(['CHAIN_DOUBLED manifests[8]']);
  });

  it('names a second history, although every manifest of it is signed', async () => {
    const fork = await chainOf(2, after(4, chain[3]?.digest ?? ''));
    expect(found([...chain.slice(0, 5), ...fork])).toEqual(['CHAIN_FORKED manifests[5]']);
  });

  it('names one that follows another manifest than the one before it', async () => {
    const [stray] = await chainOf(1, after(3, `sha256:${'9'.repeat(64)}`));
    if (stray === undefined) throw new Error('there is no manifest');
    expect(found([...chain.slice(0, 3), stray])).toEqual(['CHAIN_BROKEN manifests[3]']);
  });

  it('names one whose items do not have the numbers that follow', async () => {
    const head = { ...after(3, chain[2]?.digest ?? ''), lastItem: 10 };
    const [skipped] = await chainOf(1, head);
    if (skipped === undefined) throw new Error('there is no manifest');
    expect(found([...chain.slice(0, 3), skipped])).toEqual(['CHAIN_LEDGER manifests[3]']);
    expect(said([...chain.slice(0, 3), skipped])).toEqual([
      'the items of manifest 4 begin with number 11; those before it end with 9',
    ]);
  });

  it('names one that the log has in an earlier place than the one before it', async () => {
    const head = { ...after(3, chain[2]?.digest ?? ''), log: sampleFrontier(2) };
    const [early] = await chainOf(1, head);
    if (early === undefined) throw new Error('there is no manifest');
    expect(found([...chain.slice(0, 3), early])).toEqual(['LOG_ROLLED_BACK manifests[3]']);
  });

  it('does not mix tenants', async () => {
    const [other] = await chainOf(1, after(3, chain[2]?.digest ?? ''), 'umbrella');
    if (other === undefined) throw new Error('there is no manifest');
    expect(found([...chain.slice(0, 3), other])).toEqual(['CHAIN_TENANT manifests[3]']);
  });

  it('names the manifest whose signature is not good', async () => {
    const strangers = { ...keys, signer: sampleKeys().signer };
    const [strange] = await chainOf(1, after(3, chain[2]?.digest ?? ''), 'acme', strangers);
    if (strange === undefined) throw new Error('there is no manifest');
    expect(found([...chain.slice(0, 3), strange])).toEqual([
      'KEY_UNKNOWN manifests[3]: attestation.verificationMaterial.publicKey.hint',
    ]);
    const broken = { canonical: '{', attestation: chain[0]?.attestation ?? '' };
    expect(found([broken, ...chain.slice(1)])).toEqual(['NOT_JSON manifests[0]: manifest: byte 1']);
  });

  it('is not good about nothing', () => {
    expect(verifyChain([], trust).good).toBe(false);
  });
});
