import { canonicalize } from '../canonical-json.ts';
import { type Manifest, manifest as manifestSchema } from '../manifest.ts';
import { documentOf, readDocument } from './document.ts';
import { PART_NAMES, type PartName } from './documents.ts';
import { contentsEntry } from './entry.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';

/** How two bundles differ, by what they say; neither was verified. */
export interface BundleDifference {
  readonly items: {
    /** Ids, in the order of the bundle. */
    readonly onlyInA: readonly string[];
    readonly onlyInB: readonly string[];
    /** There in both, with another leaf. */
    readonly changed: readonly string[];
    readonly same: number;
  };
  /** Parts of which one bundle says something else than the other, but the list of items. */
  readonly parts: readonly Exclude<PartName, 'contents'>[];
  /** Of the manifests, what says who collected what for which time. */
  readonly manifest: readonly ManifestDifference[];
}

export interface ManifestDifference {
  readonly field: (typeof FIELDS)[number];
  readonly a: unknown;
  readonly b: unknown;
}

const FIELDS = ['tenant', 'window', 'agent', 'policies'] as const;

/** Reads both to their ends and holds the ids of one of them. Throws UnreadableBundle. */
export async function compareBundles(a: BundleSource, b: BundleSource): Promise<BundleDifference> {
  const [manifestA, manifestB] = [manifestOf(a), manifestOf(b)];
  const items = await compareContents(a, b);
  for (const source of [a, b]) for await (const _ of source.items());
  return {
    items,
    parts: PART_NAMES.filter((name) => name !== 'contents').filter((name) => !sameDocument(a, b, name)),
    manifest: FIELDS.flatMap((field) => {
      const [inA, inB] = [aspect(manifestA, field), aspect(manifestB, field)];
      return canonicalize(inA) === canonicalize(inB) ? [] : [{ field, a: inA, b: inB }];
    }),
  };
}

export function isSame({ items, parts, manifest }: BundleDifference): boolean {
  const differing = items.onlyInA.length + items.onlyInB.length + items.changed.length;
  return differing + parts.length + manifest.length === 0;
}

async function compareContents(a: BundleSource, b: BundleSource): Promise<BundleDifference['items']> {
  const leaves = new Map<string, string>();
  for await (const { id, leaf } of entriesOf(a)) leaves.set(id, leaf);
  const onlyInB: string[] = [];
  const changed: string[] = [];
  let same = 0;
  for await (const { id, leaf } of entriesOf(b)) {
    const other = leaves.get(id);
    leaves.delete(id);
    if (other === undefined) onlyInB.push(id);
    else if (other === leaf) same += 1;
    else changed.push(id);
  }
  return { onlyInA: [...leaves.keys()], onlyInB, changed, same };
}

async function* entriesOf(source: BundleSource) {
  for await (const batch of source.contents()) {
    for (const bytes of batch) {
      const entry = contentsEntry(bytes);
      if (entry !== null) yield entry;
    }
  }
}

/** What a policy did depends on the items, which are compared for themselves. */
function aspect(manifest: Manifest, field: (typeof FIELDS)[number]): unknown {
  if (field !== 'policies') return manifest[field];
  return manifest.policies.map(({ digest, version }) => ({ digest, version }));
}

function sameDocument(a: BundleSource, b: BundleSource, name: Exclude<PartName, 'contents'>): boolean {
  return Buffer.compare(documentOf(a.documents, name), documentOf(b.documents, name)) === 0;
}

function manifestOf(source: BundleSource): Manifest {
  const read = readDocument(documentOf(source.documents, 'manifest'), 'manifest');
  const manifest = manifestSchema.safeParse(read);
  if (manifest.success) return manifest.data;
  throw new UnreadableBundle('SHAPE', 'manifest', 'is not a manifest');
}
