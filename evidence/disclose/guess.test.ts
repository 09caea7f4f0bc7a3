import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundleParts, bundleOf, partDigests } from '../bundle/assemble.ts';
import { openBundle } from '../bundle/open.ts';
import { canonicalize } from '../canonical-json.ts';
import { contentsText } from '../contents.ts';
import { digestOf } from '../digest.ts';
import type { Envelope } from '../item.ts';
import { contentsOf, type Sealed, seal } from '../seal.ts';
import { predicateOf } from '../statement.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleKeys,
  sampleProofs,
} from '../testing/samples.ts';
import { inForm } from '../testing/sealed-sample.ts';
import { type Disclosure } from './disclosure.ts';
import { discloseFrom } from './from-bundle.ts';

/**
 * Somebody who was shown one item, and who knows all of another but eight bits of it, tries all 256 values. Nothing in what
 * was shown tells them which it is.
 */

const SECRET = 137;
const GUESSES = Array.from({ length: 256 }, (_, guess) => guess);
const keys = sampleKeys();

/** The item that is not shown, with a guess in the place of its secret. */
function guessed({ canonical }: Envelope, guess: number): string {
  return canonical.replace(`"pid":${SECRET_PID}`, `"pid":${4000 + guess}`);
}

const SECRET_PID = 4000 + SECRET;

/** The sample whose pid nobody is to find out, and one that is shown. */
function shownAndHidden(): readonly [Envelope, Envelope] {
  const all = sampleEnvelopes(256);
  const [shown, hidden] = [all[0], all[SECRET]];
  if (shown === undefined || hidden === undefined) throw new Error('there are too few samples');
  return [shown, hidden];
}

/** A timeline that says what the items say, as that of an incident does: it can be made again from guesses. */
function partsOf(shown: string, hidden: string): BundleParts {
  return { ...SAMPLE_PARTS, timeline: [{ headline: shown }, { headline: hidden }] };
}

const sha256 = (...data: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of data) hash.update(part);
  return hash.digest('base64');
};

describe('what is not disclosed', () => {
  const [shown, hidden] = shownAndHidden();
  const parts = partsOf(shown.canonical, hidden.canonical);
  let sealed: Sealed;
  let disclosed: Disclosure;
  let text: string;
  beforeAll(async () => {
    const items = [shown, hidden];
    sealed = await seal(items, sampleBundleContext(items, keys, { parts: partDigests(parts) }));
    const source = await openBundle(await inForm(bundleOf(sealed, parts, sampleProofs(sealed)), 'json'));
    text = await discloseFrom(source, [shown.item.id]);
    await source.close();
    disclosed = JSON.parse(text) as Disclosure;
  });

  const saltOf = (envelope: Envelope) =>
    Buffer.from(sealed.items.find(({ item }) => item.id === envelope.item.id)?.salt ?? '', 'hex');
  /** The hash of the other item stands in the path: there are two. */
  const shownHashes = () => new Set(disclosed.items.flatMap(({ path }) => path));

  it('is there as a hash, which who has the salt can find', () => {
    const right = GUESSES.filter((guess) =>
      shownHashes().has(sha256('\0', saltOf(hidden), guessed(hidden, guess))),
    );
    expect(right).toEqual([SECRET]);
  });

  it('can not be found by trying without its salt', () => {
    const knownSalts = [
      Buffer.alloc(0),
      Buffer.alloc(16),
      saltOf(shown),
      Buffer.from(sha256(saltOf(shown)), 'base64'),
    ];
    const hits = GUESSES.flatMap((guess) =>
      knownSalts.flatMap((salt) => {
        const item = guessed(hidden, guess);
        const tries = [sha256('\0', salt, item), sha256(salt, item), sha256(item), sha256('\0', item)];
        return tries.filter((found) => shownHashes().has(found) || text.includes(found));
      }),
    );
    expect(hits).toEqual([]);
  });

  it('can not be found through the digests of what is made from it', () => {
    expect(text).not.toContain(digestOf(canonicalize(parts.timeline)));
    expect(text).not.toContain(String(sealed.manifest.nonce));
    const hits = GUESSES.filter((guess) => subjectFor(guess, {}) === subject());
    expect(hits).toEqual([]);
    // With the nonce they would be found: this is what it is for.
    const { nonce = '' } = sealed.manifest;
    expect(GUESSES.filter((guess) => subjectFor(guess, { nonce }) === subject())).toEqual([SECRET]);
  });

  /** What the statement says the digest of the manifest is. */
  function subject(): string {
    const { dsseEnvelope } = disclosed.attestation as { dsseEnvelope: { payload: string } };
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
      subject: [{ digest: { sha256: string } }];
    };
    return `sha256:${statement.subject[0].digest.sha256}`;
  }

  /** The digest of the manifest, if the guess were right: the statement says all of it but the parts and the nonce. */
  function subjectFor(guess: number, nonce: { readonly nonce?: string }): string {
    const made = partDigests(partsOf(shown.canonical, guessed(hidden, guess)));
    // The leaves of both are known: one is in the path, one can be made.
    const contents = digestOf(contentsText(contentsOf(sealed.items)));
    const { schema } = sealed.manifest;
    return digestOf(
      canonicalize({ ...predicateOf(sealed.manifest), schema, ...nonce, parts: { ...made, contents } }),
    );
  }

  it('is blinded by a nonce that only the salt key gives, another one for each bundle', async () => {
    const items = [shown, hidden];
    const nonceWith = async (saltKey: Uint8Array, made: BundleParts) => {
      const context = sampleBundleContext(items, { ...keys, saltKey }, { parts: partDigests(made) });
      return (await seal(items, context)).manifest.nonce;
    };
    const { nonce } = sealed.manifest;
    expect(await nonceWith(keys.saltKey, parts)).toBe(nonce);
    expect(await nonceWith(Buffer.alloc(32, 0x5b), parts)).not.toBe(nonce);
    expect(await nonceWith(keys.saltKey, partsOf(shown.canonical, 'other'))).not.toBe(nonce);
  });

  it('has another salt for every value that it could have', async () => {
    const all = await seal(sampleEnvelopes(256), sampleBundleContext(sampleEnvelopes(256), keys));
    expect(new Set(all.items.map(({ salt }) => salt)).size).toBe(256);
  });
});
