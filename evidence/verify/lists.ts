import type { BundleSource } from '../bundle/source.ts';
import { ITEM_FROM_END, ITEM_START, LeafHasher, RootHasher } from '../leaf-bytes.ts';
import { MAX_ITEMS, type Manifest } from '../manifest.ts';
import { LIST_CHECKS } from './checks.ts';
import { LeafStarts, ListDigest } from './contents-list.ts';
import { differences } from './differences.ts';
import { ItemTally } from './item-tally.ts';
import { type CheckList, one, type Problem } from './report.ts';

/** Opens the same bundle once more; null for one that can be read only once. */
export type Reopen = (() => Promise<BundleSource>) | null;

/**
 * The contents and the items of a bundle, in one pass that holds eight bytes of each item. Only bytes that were signed
 * are parsed: an item when its leaf is the one that the signed list has in its place. When something is wrong the bundle
 * is read once more, to say what; that takes memory for the list.
 */
export async function checkLists(
  source: BundleSource,
  manifest: Manifest,
  reopen: Reopen,
  checks: CheckList,
): Promise<void> {
  const listed = await readContents(source);
  const isSigned = listed.digest === manifest.parts?.['contents'] && listed.starts.count <= MAX_ITEMS;
  const found = await readItems(source, manifest, listed.starts);
  const sameRoot = found.root === manifest.itemsRoot;
  checks.record('contents', contentsProblems(manifest, listed, isSigned, sameRoot ? found.list : null));
  if (sameRoot) {
    checks.record('items-root', []);
    checks.record('items', []);
    if (found.parsed) return found.tally.finish(checks);
    for (const check of LIST_CHECKS)
      checks.skip(check, 'the list of contents is not the one that was signed');
    return;
  }
  await tellDifferences(manifest, reopen, found.firstOther, checks);
  for (const check of LIST_CHECKS) checks.skip(check, 'the items are not those of the manifest');
}

interface Listed {
  readonly starts: LeafStarts;
  readonly digest: string;
}

async function readContents(source: BundleSource): Promise<Listed> {
  const starts = new LeafStarts();
  const list = new ListDigest();
  for await (const entries of source.contents()) {
    for (const entry of entries) {
      list.addEntry(entry);
      starts.addEntry(entry);
    }
    if (starts.count > MAX_ITEMS) break;
  }
  return { starts, digest: list.digest() };
}

interface Found {
  /** Over the leaves of the items. */
  readonly root: string;
  /** Digest of the list that these items make; null when not all of them were parsed. */
  readonly list: string | null;
  /** Whether every item was the one that is listed, and was parsed. */
  readonly parsed: boolean;
  /** Position of the first that was not; null for none. */
  readonly firstOther: number | null;
  readonly tally: ItemTally;
}

async function readItems(source: BundleSource, manifest: Manifest, starts: LeafStarts): Promise<Found> {
  const hasher = new LeafHasher();
  const root = new RootHasher();
  const list = new ListDigest();
  const tally = new ItemTally(manifest);
  let hasIds = true;
  let firstOther: number | null = null;
  let index = 0;
  for await (const entries of source.items()) {
    for (const entry of entries) {
      const leaf = hasher.leaf(entry);
      root.add(leaf);
      if (starts.matches(index, leaf)) {
        const id = tally.add(bufferOf(entry), ITEM_START, entry.length - ITEM_FROM_END, index);
        if (id === null) hasIds = false;
        else list.addItem(id, leaf);
      } else firstOther ??= index;
      index += 1;
    }
    if (index > MAX_ITEMS) break;
  }
  const parsed = firstOther === null;
  if (index < starts.count) firstOther ??= index;
  return { root: root.digest(), list: parsed && hasIds ? list.digest() : null, parsed, firstOther, tally };
}

function contentsProblems(
  manifest: Manifest,
  listed: Listed,
  isSigned: boolean,
  items: string | null,
): readonly Problem[] {
  const wrong = (what: string) => one('CONTENTS', what, 'contents');
  if (!isSigned) return wrong('the list of contents is not the one whose digest was signed');
  if (listed.starts.count !== manifest.counts.kept) {
    return wrong(`lists ${listed.starts.count} items, and ${manifest.counts.kept} were signed`);
  }
  if (items !== null && items !== listed.digest)
    return wrong('lists the items under other ids than their own');
  return [];
}

async function tellDifferences(
  manifest: Manifest,
  reopen: Reopen,
  firstOther: number | null,
  checks: CheckList,
): Promise<void> {
  const again = await reopen?.();
  if (again === undefined) {
    const what = `the items are not those that were signed, from item ${firstOther ?? 0} on`;
    const fix = 'Verify the bundle from a file instead of a pipe to see which.';
    checks.record('items', one('ITEM_CHANGED', what, `items[${firstOther ?? 0}]`, fix));
    checks.skip('items-root', 'the items are not those that were signed');
    return;
  }
  try {
    const { root, problems } = await differences(again);
    const isListed = root === manifest.itemsRoot;
    const what = 'the listed leaves do not hash to itemsRoot: the list is not the one that was sealed';
    checks.record('items-root', isListed ? [] : one('ITEMS_ROOT', what, 'contents'));
    if (problems.length > 0) checks.record('items', problems);
    else checks.skip('items', 'they fit the list, which is not the one that was sealed');
  } finally {
    await again.close();
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
