import { type Manifest, manifest as manifestSchema } from '../manifest.ts';
import { attestation } from '../sigstore.ts';
import { documentOf, readDocument } from './document.ts';
import type { BundleForm } from './documents.ts';
import { UnreadableBundle } from './refuse.ts';
import type { BundleSource } from './source.ts';

/** What a bundle says about itself. Nothing of it was verified. */
export interface BundleFacts {
  readonly form: BundleForm;
  readonly manifest: Manifest;
  /** What it is about; null when the bundle does not say it as an agent does. */
  readonly incident: { readonly id: string; readonly title: string } | null;
  /** Id of the key that is said to have signed it. */
  readonly keyId: string;
  /** Entries of `contents` and `items` that are there. */
  readonly contents: number;
  readonly items: number;
}

/** Reads the source to its end. Throws UnreadableBundle. */
export async function bundleFacts(source: BundleSource): Promise<BundleFacts> {
  const manifest = manifestSchema.safeParse(valueOf(source, 'manifest'));
  if (!manifest.success) throw new UnreadableBundle('SHAPE', 'manifest', 'is not a manifest');
  const signed = attestation.safeParse(valueOf(source, 'attestation'));
  if (!signed.success) throw new UnreadableBundle('SHAPE', 'attestation', 'is not an attestation');
  return {
    form: source.form,
    manifest: manifest.data,
    incident: incidentOf(valueOf(source, 'incident')),
    keyId: signed.data.verificationMaterial.publicKey.hint,
    contents: await countOf(source.contents()),
    items: await countOf(source.items()),
  };
}

function valueOf(source: BundleSource, name: 'manifest' | 'attestation' | 'incident'): unknown {
  return readDocument(documentOf(source.documents, name), name);
}

function incidentOf(value: unknown): BundleFacts['incident'] {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('title' in value)) return null;
  const { id, title } = value;
  return typeof id === 'string' && typeof title === 'string' ? { id, title } : null;
}

async function countOf(batches: AsyncIterable<readonly Uint8Array[]>): Promise<number> {
  let count = 0;
  for await (const batch of batches) count += batch.length;
  return count;
}
