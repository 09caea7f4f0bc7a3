import { hexOf } from '../digest.ts';
import { EvidenceError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { disclosureOf } from './disclosure.ts';

/**
 * Discloses a stored item against the manifest of the run that first sealed it; null when it is not there, or not any more.
 * Throws EvidenceError STORE when the manifest is not there, which can not be.
 */
export async function discloseStored(
  store: Pick<Store, 'item' | 'manifest' | 'contents'>,
  id: string,
): Promise<string | null> {
  const item = await store.item(id);
  if (item === null) return null;
  const [manifest, contents] = await Promise.all([
    store.manifest(item.manifest),
    store.contents(item.manifest),
  ]);
  if (manifest === null) throw new EvidenceError('STORE', 'the manifest of a stored item is not there');
  const leaves = contents.map(({ leaf }) => Buffer.from(hexOf(leaf), 'hex'));
  return disclosureOf(manifest.attestation, leaves, [
    { index: item.position, canonical: item.canonical, salt: item.salt },
  ]);
}
