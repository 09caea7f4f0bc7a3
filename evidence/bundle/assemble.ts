import { canonicalize } from '../canonical-json.ts';
import { type Digest, digestOf } from '../digest.ts';
import { EvidenceError } from '../errors.ts';
import { contentsOf, type Sealed } from '../seal.ts';
import { DOCUMENT_NAMES, type DocumentName, PART_NAMES, type PartName } from './documents.ts';
import type { BundleProofs } from './proofs.ts';
import type { BundleDocuments } from './source.ts';

/** The parts that are there before a bundle is sealed; the list of its contents is made by sealing. */
export type GivenPart = Exclude<PartName, 'contents'>;
/** Any JSON; a value that JSON can not hold is refused when the bundle is made. */
export type BundleParts = Readonly<Record<GivenPart, unknown>>;

const GIVEN_PARTS = PART_NAMES.filter((name): name is GivenPart => name !== 'contents');

/** What `SealContext.parts` wants. */
export function partDigests(parts: BundleParts): Record<GivenPart, Digest> {
  const digests = GIVEN_PARTS.map((name) => [name, digestOf(canonicalize(parts[name]))] as const);
  return Object.fromEntries(digests) as Record<GivenPart, Digest>;
}

/** A bundle, to be written in one of its forms. Throws BUNDLE when the batch was sealed as something else or for other parts. */
export function bundleOf(sealed: Sealed, parts: BundleParts, proofs: BundleProofs): BundleDocuments {
  const texts = new Map<DocumentName, string>([
    ['manifest', sealed.canonical],
    ['attestation', sealed.attestation],
    ['proofs', canonicalize(proofs)],
  ]);
  for (const name of GIVEN_PARTS) texts.set(name, canonicalize(parts[name]));
  assertSealedFor(sealed, texts);
  return {
    documents: new Map(DOCUMENT_NAMES.map((name) => [name, texts.get(name) ?? ''])),
    contents: contentsOf(sealed.items),
    items: sealed.items,
  };
}

function assertSealedFor({ manifest }: Sealed, texts: ReadonlyMap<DocumentName, string>): void {
  const { purpose, parts: promised = {} } = manifest;
  const differing = GIVEN_PARTS.filter((name) => promised[name] !== digestOf(texts.get(name) ?? ''));
  const isWhole = Object.keys(promised).length === PART_NAMES.length;
  if (purpose === 'bundle' && differing.length === 0 && isWhole) return;
  const what = differing.length > 0 ? `other ${differing.join(', ')}` : 'another purpose';
  throw new EvidenceError('BUNDLE', `the manifest was sealed for ${what}`, {
    hint: "Seal with purpose 'bundle' and partDigests() of the same parts.",
  });
}
