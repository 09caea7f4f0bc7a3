import type { DocumentName } from '../bundle/documents.ts';
import type { BundleSource } from '../bundle/source.ts';
import { digestOf } from '../digest.ts';
import { type Attested, checkAttested } from './attested.ts';
import { BUNDLE_CHECKS } from './checks.ts';
import { checkLists, type Reopen } from './lists.ts';
import { checkParts } from './parts.ts';
import { type CheckList, one } from './report.ts';
import type { Believed } from './trust.ts';

/**
 * The checks of an open bundle. Its reader has checked the form, and throws UnreadableBundle when the rest of it has
 * none. Returns the manifest when its bytes are the signed ones; the check list says whether to believe the bundle.
 */
export async function checkBundle(
  source: BundleSource,
  reopen: Reopen,
  believed: Believed,
  checks: CheckList,
): Promise<Attested | null> {
  const { documents } = source;
  const claimed = {
    manifest: valueOf(documents, 'manifest'),
    digest: digestOf(documents.get('manifest') ?? ''),
    attestation: valueOf(documents, 'attestation'),
    proofs: valueOf(documents, 'proofs') ?? null,
  };
  const attested = checkAttested(claimed, believed, checks);
  if (attested === null) {
    for (const check of BUNDLE_CHECKS) checks.skip(check, 'there is no signed manifest');
    return null;
  }
  const { manifest } = attested;
  const what = 'the manifest was not made for a bundle';
  const isBundle = manifest.purpose === 'bundle';
  checks.record('purpose', isBundle ? [] : one('PURPOSE', what, 'manifest.purpose'));
  checkParts(documents, manifest, checks);
  await checkLists(source, manifest, reopen, checks);
  for (const check of ['file', 'shape', 'canonical'] as const) checks.record(check, []);
  return attested;
}

/** A reader has checked that it is canonical JSON. */
function valueOf(documents: ReadonlyMap<DocumentName, Uint8Array>, name: DocumentName): unknown {
  const bytes = documents.get(name);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
}
