import type { JsonObject, JsonValue } from '../../connectors/sdk/index.ts';
import { buildBundle } from '../bundle.ts';
import { type Sealed, type SealKeys, seal } from '../seal.ts';
import { type Problem, type ProblemCode, type Trust, type VerifyReport, verifyBundle } from '../verify.ts';
import { at, bytesOf, parsed } from './forge.ts';
import { SAMPLE_PARTS, sampleBundleContext, sampleEnvelopes, sampleKeys } from './samples.ts';

/** Two bundles by one agent, with different items, and what the tests of the verifier ask of them. */
export interface SealedSample {
  readonly keys: SealKeys;
  readonly trust: Trust;
  readonly sealed: Sealed;
  readonly bundle: Uint8Array;
  readonly document: JsonObject;
  /** Ids of the items, in order. */
  readonly ids: readonly string[];
  readonly otherSealed: Sealed;
  readonly otherDocument: JsonObject;
  /** Verifies a changed document in canonical form. */
  verify(document: JsonValue): VerifyReport;
  /** The document with other items. */
  withItems(items: readonly JsonValue[]): JsonObject;
}

export async function sealedSample(count: number): Promise<SealedSample> {
  const keys = sampleKeys();
  const trust = { publicKeyPem: [keys.signer.publicKeyPem] };
  const envelopes = sampleEnvelopes(count + 5);
  const [inside, outside] = [envelopes.slice(0, count), envelopes.slice(count)];
  const sealed = await seal(inside, sampleBundleContext(inside, keys));
  const otherSealed = await seal(outside, sampleBundleContext(outside, keys));
  const bundle = buildBundle(sealed, SAMPLE_PARTS);
  const document = parsed(bundle);
  return {
    keys,
    trust,
    sealed,
    bundle,
    document,
    ids: sealed.items.map(({ item }) => item.id),
    otherSealed,
    otherDocument: parsed(buildBundle(otherSealed, SAMPLE_PARTS)),
    verify: (changed) => verifyBundle(bytesOf(changed), trust),
    withItems: (items) => ({ ...document, items }),
  };
}

export function itemsOf(document: JsonObject): readonly JsonObject[] {
  return at(document, 'items') as readonly JsonObject[];
}

/** What was found, without what could not be checked. */
export function problemsOf(report: VerifyReport): readonly Problem[] {
  return report.checks.flatMap(({ problem }) =>
    problem === undefined || problem.code === 'NOT_CHECKED' ? [] : [problem],
  );
}

export function codesOf(report: VerifyReport): readonly ProblemCode[] {
  return [...new Set(problemsOf(report).map(({ code }) => code))].toSorted();
}
