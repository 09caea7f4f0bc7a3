import { hash } from 'node:crypto';
import { accountOf } from '../../../evidence/account/account.ts';
import { rangeOf } from '../../../evidence/account/bundle-ledger.ts';
import { attest } from '../../../evidence/attest.ts';
import { partDigests } from '../../../evidence/bundle/assemble.ts';
import { DOCUMENT_NAMES, type DocumentName } from '../../../evidence/bundle/documents.ts';
import type { BundleDocuments } from '../../../evidence/bundle/source.ts';
import { canonicalize } from '../../../evidence/canonical-json.ts';
import { contentsDigest, entryText } from '../../../evidence/contents.ts';
import { digestOf } from '../../../evidence/digest.ts';
import { signPayload } from '../../../evidence/dsse.ts';
import type { Item } from '../../../evidence/item.ts';
import { itemLeaf, leafDigest } from '../../../evidence/leaf.ts';
import { RootHasher } from '../../../evidence/leaf-bytes.ts';
import { emptyFrontier, frontierRoot } from '../../../evidence/log/frontier.ts';
import { generateNoteKey, localNoteSigner } from '../../../evidence/log/note.ts';
import { countItems, MANIFEST_SCHEMA, type Manifest } from '../../../evidence/manifest.ts';
import { generateKeyPair, localSigner } from '../../../evidence/sign/local.ts';
import { statementOf } from '../../../evidence/statement.ts';
import type { Trust } from '../../../evidence/verify.ts';

export interface LargeBundle {
  readonly bundle: BundleDocuments;
  readonly trust: Trust;
  /** Bytes of documents and lists. */
  readonly content: number;
}

const SALT = '5a'.repeat(16);
const SALT_BYTES = Buffer.from(SALT, 'hex');
const BEGIN = Date.parse('2026-11-20T00:00:00.000Z');
const HASH_BYTES = 32;

interface Made {
  readonly id: string;
  readonly canonical: string;
  readonly item: Item;
}

/**
 * A bundle of any size that is good, from the texts of real items: each gets an id and a time of its own. Items are
 * made anew whenever they are gone through, so that nothing but 32 bytes of each is held.
 */
export async function largeBundle(texts: readonly string[], size: number): Promise<LargeBundle> {
  const items = new Items(texts, size);
  const leaves = Buffer.alloc(size * HASH_BYTES);
  const root = new RootHasher();
  let content = 0;
  let index = 0;
  for (const { canonical, id } of items) {
    const leaf = itemLeaf(Buffer.from(canonical), SALT_BYTES);
    leaves.set(leaf, index * HASH_BYTES);
    root.add(Buffer.from(leaf).toString('latin1'));
    content +=
      Buffer.byteLength(canonical) + SALT.length + 20 + entryText({ id, leaf: leafDigest(leaf) }).length;
    index += 1;
  }
  const contents = { [Symbol.iterator]: () => items.listed(leaves) };
  return { ...(await seal(items, contents, root.digest())), content };
}

class Items implements Iterable<Made> {
  readonly #size: number;
  /** What stands before the id, between id and time, and behind the time. */
  readonly #pieces: readonly (readonly [string, string, string, Item])[];

  constructor(texts: readonly string[], size: number) {
    this.#size = size;
    this.#pieces = texts.map((text) => {
      const item = JSON.parse(text) as Item;
      const [before = '', rest = ''] = halves(text, `"id":"${item.id}"`);
      const [between = '', behind = ''] = halves(rest, `"occurredAt":"${item.occurredAt}"`);
      return [before, between, behind, item];
    });
  }

  *[Symbol.iterator](): Generator<Made, void> {
    for (let index = 0; index < this.#size; index += 1) {
      const [before, between, behind, item] = this.#pieces[index % this.#pieces.length] ?? ['', '', '', null];
      if (item === null) throw new Error('there are no items');
      const id = hash('sha256', `item ${index}`, 'base64url');
      const at = new Date(BEGIN + index).toISOString();
      yield { id, item, canonical: `${before}"id":"${id}"${between}"occurredAt":"${at}"${behind}` };
    }
  }

  *listed(leaves: Buffer): Generator<{ id: string; leaf: string }, void> {
    for (let index = 0; index < this.#size; index += 1) {
      const leaf = leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
      yield { id: hash('sha256', `item ${index}`, 'base64url'), leaf: leafDigest(leaf) };
    }
  }

  *entries(): Generator<{ canonical: string; salt: string }, void> {
    for (const { canonical } of this) yield { canonical, salt: SALT };
  }

  *values(): Generator<Item, void> {
    for (const { item } of this) yield item;
  }
}

function halves(text: string, middle: string): readonly string[] {
  const at = text.lastIndexOf(middle);
  if (at === -1) throw new Error('an item is not written as it should be');
  return [text.slice(0, at), text.slice(at + middle.length)];
}

async function seal(
  items: Items,
  contents: BundleDocuments['contents'],
  itemsRoot: string,
): Promise<Omit<LargeBundle, 'content'>> {
  const keys = {
    signer: localSigner(generateKeyPair().privateKeyPem),
    checkpointSigner: localNoteSigner('bench.exhibit.internal', generateNoteKey()),
  };
  const counts = countItems(items.values());
  const rows = { manifests: [rowOf(counts.kept)] };
  const parts = { candidates: [], incident: {}, ledger: rows, material: {}, summary: {}, timeline: [] };
  const [first] = items.values();
  if (first === undefined) throw new Error('there are no items');
  const account = accountOf(items.values(), {
    range: rangeOf(rows),
    policy: first.provenance.policy,
    privileges: () => null,
  });
  const manifest: Manifest = {
    ...account,
    policies: [...account.policies],
    connections: [...account.connections],
    redactions: [...account.redactions],
    schema: MANIFEST_SCHEMA,
    tenant: 'bench',
    sequence: 1,
    previous: null,
    purpose: 'bundle',
    scope: {},
    nonce: SALT,
    window: { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
    createdAt: '2026-11-21T00:00:00.000Z',
    agent: { name: 'exhibit', version: '0.1.0', build: digestOf('bench'), identity: 'bench-0' },
    counts,
    itemsRoot,
    log: { origin: keys.checkpointSigner.name, index: 0, root: leafDigest(frontierRoot(emptyFrontier)) },
    parts: { ...partDigests(parts), contents: contentsDigest(contents) },
  };
  const canonical = canonicalize(manifest);
  const signed = await signPayload(Buffer.from(statementOf(manifest, digestOf(canonical))), keys.signer);
  const { attestation, logged } = await attest(signed, { keys, head: { log: emptyFrontier } });
  const texts = new Map<DocumentName, string>([
    ['manifest', canonical],
    ['attestation', attestation],
    ['proofs', canonicalize({ checkpoints: [logged.note], consistency: [] })],
    ...Object.entries(parts).map(([name, part]) => [name as DocumentName, canonicalize(part)] as const),
  ]);
  const documents = new Map(DOCUMENT_NAMES.map((name) => [name, texts.get(name) ?? '']));
  return {
    bundle: { documents, contents, items: { [Symbol.iterator]: () => items.entries() } },
    trust: { publicKeyPem: [keys.signer.publicKeyPem], logKeys: [keys.checkpointSigner.vkey] },
  };
}

function rowOf(items: number) {
  const digest = digestOf('run');
  return { sequence: 1, digest, first: 1, items, included: items, outside: 0, expired: 0, missing: 0 };
}
