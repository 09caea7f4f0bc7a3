import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalize } from '../../canonical-json.ts';
import { DOCUMENT_NAMES, type DocumentName } from '../documents.ts';
import type { BundleDocuments, BundleSource } from '../source.ts';

/** Bundles of no meaning: every text that a form has to carry, and nothing that a verifier would like. */

export const randomBundle: fc.Arbitrary<BundleDocuments> = fc
  .record({
    documents: fc.array(jsonObject(), { minLength: DOCUMENT_NAMES.length, maxLength: DOCUMENT_NAMES.length }),
    items: fc.array(fc.tuple(jsonObject(), fc.integer()), { maxLength: 20 }),
    material: fc.record({ publicKeys: fc.array(fc.string()), trustedRoot: jsonObject() }),
  })
  .map(({ documents, items, material }) => {
    const texts = DOCUMENT_NAMES.map((name, index) => [name, canonicalize(documents[index])] as const);
    return {
      documents: new Map<DocumentName, string>([...texts, ['material', canonicalize(material)]]),
      contents: items.map(([, seed]) => ({ id: idOf(seed), leaf: `sha256:${hexOf(seed, 64)}` })),
      items: items.map(([item, seed]) => ({ canonical: canonicalize(item), salt: hexOf(seed, 32) })),
    };
  });

/** Anything that canonical JSON can hold, with at least one member: no item is an empty object. */
function jsonObject(): fc.Arbitrary<object> {
  return fc
    .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 })
    .filter((value) => isHoldable(value));
}

function isHoldable(value: object): boolean {
  try {
    canonicalize(value);
    return true;
  } catch {
    return false;
  }
}

function idOf(seed: number): string {
  return createHash('sha256').update(`id ${seed}`).digest('base64url');
}

function hexOf(seed: number, length: number): string {
  return createHash('sha256').update(`leaf ${seed}`).digest('hex').slice(0, length);
}

/** Everything that a source holds, as text. */
export interface Read {
  readonly documents: Readonly<Record<string, string>>;
  readonly contents: readonly string[];
  readonly items: readonly string[];
}

/** Reads a source to its end and closes it. */
export async function readAll(source: BundleSource): Promise<Read> {
  try {
    const documents: Record<string, string> = {};
    for (const [name, bytes] of source.documents) documents[name] = Buffer.from(bytes).toString();
    return {
      documents,
      contents: await texts(source.contents()),
      items: await texts(source.items()),
    };
  } finally {
    await source.close();
  }
}

async function texts(batches: AsyncIterable<readonly Uint8Array[]>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const batch of batches) found.push(...batch.map((line) => Buffer.from(line).toString()));
  return found;
}

export async function collect(blocks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const block of blocks) found.push(block);
  return Buffer.concat(found);
}
