import type { BundleSource } from '../bundle/source.ts';
import { hashText, ITEM_FROM_END, ITEM_START, LeafHasher, RootHasher } from '../leaf-bytes.ts';
import { MAX_ITEMS } from '../manifest.ts';
import { entryOf } from './contents-list.ts';
import { outOfPlace } from './order.ts';
import { one, type Problem } from './report.ts';

const FIX_ITEM = 'Do not rely on this item; get the bundle again from the agent that made it.';

interface Listed {
  readonly ids: readonly string[];
  /** Hexadecimal, in the same order. */
  readonly leaves: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  /** `sha256:<hex>` over the leaves. */
  readonly root: string;
}

/**
 * Every item that was changed, removed, added, moved or doubled, by id and position, against the list that the bundle
 * has of its contents. Nothing is parsed: these items are not the signed ones, so their ids are only what they claim.
 */
export async function differences(
  source: BundleSource,
): Promise<{ readonly root: string; readonly problems: readonly Problem[] }> {
  const listed = await readList(source);
  const hasher = new LeafHasher();
  const seen = new Map<string, number>();
  const common: Place[] = [];
  const problems: Problem[] = [];
  let index = 0;
  for await (const entries of source.items()) {
    for (const entry of entries) {
      const id = claimedId(entry);
      const position = listed.positions.get(id ?? '');
      const first = seen.get(id ?? '');
      problems.push(
        ...oneProblem({ index, id, first, position }, () => hashText(hasher.leaf(entry)), listed),
      );
      if (id !== null && first === undefined) {
        seen.set(id, index);
        if (position !== undefined) common.push({ index, id, position });
      }
      index += 1;
    }
    if (index > MAX_ITEMS) break;
  }
  return { root: listed.root, problems: [...problems, ...missing(listed, seen), ...moved(common)] };
}

interface Place {
  readonly index: number;
  readonly id: string;
  /** In the list. */
  readonly position: number;
}

interface Claim {
  readonly index: number;
  readonly id: string | null;
  /** Where the same id was before. */
  readonly first: number | undefined;
  readonly position: number | undefined;
}

function oneProblem(
  { index, id, first, position }: Claim,
  leaf: () => string,
  listed: Listed,
): readonly Problem[] {
  const where = `items[${index}]`;
  if (id === null) {
    return one('ITEM_ADDED', `item ${index} has no valid id, so no list can name it`, where, FIX_ITEM);
  }
  if (first !== undefined) {
    return one('ITEM_DOUBLED', `item ${index} (${id}) is item ${first} again`, where, FIX_ITEM);
  }
  if (position === undefined) {
    return one('ITEM_ADDED', `item ${index} (${id}) is not in the list of contents`, where, FIX_ITEM);
  }
  if (leaf() === `sha256:${listed.leaves[position]}`) return [];
  const what = `item ${index} (${id}) or its salt was changed: its digest is not the one in the list`;
  return one('ITEM_CHANGED', what, where, FIX_ITEM);
}

async function readList(source: BundleSource): Promise<Listed> {
  const ids: string[] = [];
  const leaves: string[] = [];
  const positions = new Map<string, number>();
  const root = new RootHasher();
  for await (const entries of source.contents()) {
    for (const entry of entries) {
      const { id, leaf } = entryOf(entry);
      if (!positions.has(id)) positions.set(id, ids.length);
      ids.push(id);
      leaves.push(leaf);
      root.add(Buffer.from(leaf, 'hex').toString('latin1'));
    }
    if (ids.length > MAX_ITEMS) break;
  }
  return { ids, leaves, positions, root: root.digest() };
}

/** In an item of ours, in RFC 8785 order, these members stand behind the body; nothing after them looks like this. */
const ID_MEMBER = Buffer.from(',"id":"');
const ID = /^,"id":"([A-Za-z0-9_-]{43})","kind":"/;
const ID_MEMBER_CHARS = ',"id":"","kind":"'.length + 43;

function claimedId(entry: Uint8Array): string | null {
  const item = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).subarray(
    ITEM_START,
    -ITEM_FROM_END,
  );
  for (
    let at = item.lastIndexOf(ID_MEMBER);
    at !== -1;
    at = at === 0 ? -1 : item.lastIndexOf(ID_MEMBER, at - 1)
  ) {
    const [, id] = ID.exec(item.toString('latin1', at, at + ID_MEMBER_CHARS)) ?? [];
    if (id !== undefined) return id;
  }
  return null;
}

function missing({ ids, positions }: Listed, seen: ReadonlyMap<string, number>): readonly Problem[] {
  return ids.flatMap((id, position) => {
    if (positions.get(id) !== position)
      return one('ITEM_DOUBLED', `the list has ${id} twice`, `contents[${position}]`);
    if (seen.has(id)) return [];
    return one(
      'ITEM_MISSING',
      `item ${id}, number ${position} of the list, is missing`,
      `contents[${position}]`,
    );
  });
}

function moved(common: readonly Place[]): readonly Problem[] {
  return outOfPlace(common.map(({ position }) => position)).flatMap((entry) => {
    const { index, id, position } = common[entry] ?? { index: -1, id: '', position: -1 };
    const what = `item ${index} (${id}) was moved: it is number ${position} of the list`;
    return one('ITEM_MOVED', what, `items[${index}]`, FIX_ITEM);
  });
}
