import type { DocumentName } from './bundle/documents.ts';
import { jsonSource } from './bundle/json-read.ts';
import { UnreadableBundle } from './bundle/refuse.ts';
import type { Item } from './item.ts';
import { itemSchema } from './item-schema.ts';
import type { ContentsEntry } from './manifest.ts';

/**
 * A bundle of the JSON form as values, all at once: for one's own bundles. `openBundle()` reads every form, piece by
 * piece, and is what to use for a file that came from somewhere.
 */
export type BundleDocument = Readonly<Record<DocumentName, unknown>> & {
  readonly contents: readonly ContentsEntry[];
  readonly items: readonly { readonly item: object; readonly salt: string }[];
};

/** Reads a bundle without believing it: `verifyBundle()` says whether it is good. Throws UnreadableBundle. */
export function parseBundle(bytes: Uint8Array): BundleDocument {
  jsonSource(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    // The frame was checked: every member is there, and has the type that it has here.
    return JSON.parse(text) as BundleDocument;
  } catch (cause) {
    throw new UnreadableBundle('NOT_JSON', 'items', 'one of them is not JSON', { cause });
  }
}

/** The items of a bundle in its order. Verify it first: this only checks their shape. Throws UnreadableBundle. */
export function bundleItems(bytes: Uint8Array): readonly Item[] {
  return parseBundle(bytes).items.map(({ item }, index) => {
    const result = itemSchema.safeParse(item);
    if (result.success) return result.data;
    throw new UnreadableBundle('SHAPE', `items[${index}]`, 'is not an item of evidence');
  });
}
