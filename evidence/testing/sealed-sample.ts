import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { type BundleParts, bundleOf, partDigests } from '../bundle/assemble.ts';
import type { BundleForm } from '../bundle/documents.ts';
import type { BundleDocuments } from '../bundle/source.ts';
import { writableOf } from '../bundle/writable.ts';
import { jsonBundle, writeBundle } from '../bundle/write.ts';
import type { Envelope } from '../item.ts';
import { type Frontier } from '../log/frontier.ts';
import { type SealContext, type Sealed, type SealKeys, seal } from '../seal.ts';
import { type Problem, type ProblemCode, type Trust, type VerifyReport, verifyBundle } from '../verify.ts';
import { at, bytesOf, parsed } from './forge.ts';
import {
  SAMPLE_PARTS,
  sampleBundleContext,
  sampleEnvelopes,
  sampleFrontier,
  sampleKeys,
  sampleProofs,
} from './samples.ts';

/** Two bundles by one agent, with different items, and what the tests of the verifier ask of them. */
export interface SealedSample {
  readonly keys: SealKeys;
  /** The key, and the verifier key of the log. */
  readonly trust: Trust;
  /** Before the bundle became its next leaf. */
  readonly log: Frontier;
  readonly sealed: Sealed;
  /** In the JSON form. */
  readonly bundle: Uint8Array;
  readonly documents: BundleDocuments;
  readonly document: JsonObject;
  /** Ids of the items, in order. */
  readonly ids: readonly string[];
  readonly otherSealed: Sealed;
  readonly otherDocument: JsonObject;
  /** Verifies a changed document in canonical form. */
  verify(document: JsonValue): Promise<VerifyReport>;
  /** The document with other items. */
  withItems(items: readonly JsonValue[]): JsonObject;
}

export async function sealedSample(count: number): Promise<SealedSample> {
  const keys = sampleKeys();
  const trust = { publicKeyPem: [keys.signer.publicKeyPem], logKeys: [keys.checkpointSigner.vkey] };
  const envelopes = sampleEnvelopes(count + 5);
  const one = await sealSample(envelopes.slice(0, count), keys);
  const other = await sealSample(envelopes.slice(count), keys);
  const bundle = await jsonBundle(one.documents);
  const document = parsed(bundle);
  return {
    keys,
    trust,
    log: sampleFrontier(41),
    sealed: one.sealed,
    bundle,
    documents: one.documents,
    document,
    ids: one.sealed.items.map(({ item }) => item.id),
    otherSealed: other.sealed,
    otherDocument: parsed(await jsonBundle(other.documents)),
    verify: (changed) => verifyBundle(bytesOf(changed), trust),
    withItems: (items) => ({ ...document, items }),
  };
}

export interface SampleBundle {
  readonly sealed: Sealed;
  readonly documents: BundleDocuments;
}

/** A bundle of these items whose ledger adds up. */
export async function sealSample(
  items: readonly Envelope[],
  keys: SealKeys,
  overrides: Partial<SealContext> = {},
): Promise<SampleBundle> {
  const parts = samplePartsOf(items.length);
  const sealed = await seal(
    items,
    sampleBundleContext(items, keys, { parts: partDigests(parts), ...overrides }),
  );
  return { sealed, documents: bundleOf(sealed, parts, sampleProofs(sealed)) };
}

/** With the rows of two manifests that give the range of a sample bundle. */
export function samplePartsOf(items: number): BundleParts {
  if (items === 0) return SAMPLE_PARTS;
  const digest = `sha256:${'7'.repeat(64)}`;
  const manifests = [
    { sequence: 20, digest, first: 501, items: 7, included: 0, outside: 5, expired: 2, missing: 0 },
    {
      sequence: 23,
      digest,
      first: 508,
      items: items + 5,
      included: items,
      outside: 4,
      expired: 1,
      missing: 0,
    },
  ];
  return { ...SAMPLE_PARTS, ledger: { manifests } };
}

export async function inForm(documents: BundleDocuments, form: BundleForm): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const block of writeBundle(writableOf(documents), form)) blocks.push(block);
  return Buffer.concat(blocks);
}

export function itemsOf(document: JsonObject): readonly JsonObject[] {
  return at(document, 'items') as readonly JsonObject[];
}

/** What is wrong, without what could not be checked. */
export function problemsOf(report: VerifyReport): readonly Problem[] {
  return report.checks.flatMap(({ result, problem }) =>
    result !== 'failed' || problem === undefined || problem.code === 'NOT_CHECKED' ? [] : [problem],
  );
}

export function codesOf(report: VerifyReport): readonly ProblemCode[] {
  return [...new Set(problemsOf(report).map(({ code }) => code))].toSorted();
}

/** What is not proved. */
export function warningsOf(report: VerifyReport): readonly ProblemCode[] {
  return report.checks.flatMap(({ result, problem }) =>
    result === 'warning' && problem !== undefined ? [problem.code] : [],
  );
}
