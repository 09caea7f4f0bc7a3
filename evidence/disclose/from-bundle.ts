import { documentOf } from '../bundle/document.ts';
import { contentsEntry, splitItem } from '../bundle/entry.ts';
import type { BundleSource } from '../bundle/source.ts';
import { hexOf } from '../digest.ts';
import { EvidenceError } from '../errors.ts';
import { itemLeaf } from '../leaf.ts';
import { disclosureOf, type Placed } from './disclosure.ts';

/**
 * Discloses items of a bundle in any form, which it reads to its end. Verifies nothing but that the items are those that
 * the bundle lists: whoever gets the disclosure verifies it.
 *
 * @throws EvidenceError QUERY for an id that is not in the bundle, BUNDLE for an item that was changed, and UnreadableBundle
 */
export async function discloseFrom(source: BundleSource, ids: readonly string[]): Promise<string> {
  const wanted = new Set(ids);
  const { leaves, places } = await readContents(source, wanted);
  const absent = [...wanted].filter((id) => !places.has(id));
  if (absent.length > 0) {
    throw new EvidenceError('QUERY', `the bundle has no item ${absent.map(quoted).join(', ')}`, {
      hint: 'List its items with "exhibit bundle items".',
    });
  }
  const items = await readItems(source, new Set(places.values()), leaves);
  const attestation = Buffer.from(documentOf(source.documents, 'attestation')).toString();
  return disclosureOf(attestation, leaves, items);
}

interface Listed {
  /** Of all items. */
  readonly leaves: readonly Uint8Array[];
  /** Of those that are wanted. */
  readonly places: ReadonlyMap<string, number>;
}

async function readContents(source: BundleSource, wanted: ReadonlySet<string>): Promise<Listed> {
  const leaves: Uint8Array[] = [];
  const places = new Map<string, number>();
  for await (const batch of source.contents()) {
    for (const bytes of batch) {
      const entry = contentsEntry(bytes);
      if (entry === null) throw changed(leaves.length);
      if (wanted.has(entry.id)) places.set(entry.id, leaves.length);
      leaves.push(Buffer.from(hexOf(entry.leaf), 'hex'));
    }
  }
  return { leaves, places };
}

async function readItems(
  source: BundleSource,
  places: ReadonlySet<number>,
  leaves: readonly Uint8Array[],
): Promise<readonly Placed[]> {
  const items: Placed[] = [];
  let index = 0;
  for await (const batch of source.items()) {
    for (const bytes of batch) {
      if (places.has(index)) items.push(placed(bytes, index, leaves[index]));
      index += 1;
    }
  }
  if (items.length < places.size) throw changed(index);
  return items;
}

function placed(bytes: Uint8Array, index: number, leaf: Uint8Array | undefined): Placed {
  const entry = splitItem(bytes);
  if (entry === null || leaf === undefined) throw changed(index);
  if (Buffer.compare(itemLeaf(entry.item, Buffer.from(entry.salt, 'hex')), leaf) !== 0) throw changed(index);
  return { index, canonical: Buffer.from(entry.item).toString(), salt: entry.salt };
}

function changed(index: number): EvidenceError {
  return new EvidenceError('BUNDLE', `item ${index} of the bundle is not what its contents say`, {
    hint: 'Verify the bundle with "exhibit verify", and get it again from the agent that made it.',
  });
}

/** What is no id may be anything, so it is not repeated. */
function quoted(id: string): string {
  return /^[A-Za-z0-9_-]{43}$/.test(id) ? id : 'of that id';
}
