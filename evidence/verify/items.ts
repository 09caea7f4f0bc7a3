import type { Item } from '../item.ts';
import { itemSchema } from '../item-schema.ts';
import { itemLeaf, leafDigest } from '../leaf.ts';
import { contradictedCounts, itemId, type Manifest } from '../manifest.ts';
import { outOfPlace } from './order.ts';
import { type CheckList, type CheckName, GET_AGAIN, one, type Problem, shapeProblems } from './report.ts';

/** One entry of a bundle's items as it was found. */
export interface ClaimedItem {
  readonly item: unknown;
  /** RFC 8785 form of `item`; null when it has none. */
  readonly canonical: string | null;
  /** Hexadecimal. */
  readonly salt: string;
}

const FIX_ITEM = 'Do not rely on this item; get the bundle again from the agent that made it.';

export const ITEM_CHECKS = [
  'item-schema',
  'items',
  'item-order',
  'counts',
] as const satisfies readonly CheckName[];

/** Looks at each item for itself, then compares them all with the list that was signed. */
export function checkItems(
  found: readonly ClaimedItem[] | null,
  manifest: Manifest | null,
  checks: CheckList,
): void {
  if (found === null) return skip(ITEM_CHECKS, 'the file has not the shape of a bundle', checks);
  const items = checkItemShapes(found, checks);
  if (manifest === null) return skip(ITEM_CHECKS.slice(1), 'there is no manifest', checks);
  const same = checks.record('items', differences(found, manifest));
  if (!same) return skip(ITEM_CHECKS.slice(2), 'the items are not those of the manifest', checks);
  if (items === null) return skip(ITEM_CHECKS.slice(2), 'an item has the wrong shape', checks);
  checks.record('item-order', orderProblems(items));
  checks.record('counts', countProblems(manifest, items));
}

function skip(names: readonly CheckName[], because: string, checks: CheckList): void {
  for (const name of names) checks.skip(name, because);
}

function checkItemShapes(found: readonly ClaimedItem[], checks: CheckList): readonly Item[] | null {
  const items: Item[] = [];
  const problems: Problem[] = [];
  for (const [index, { item }] of found.entries()) {
    const shape = itemSchema.safeParse(item);
    if (shape.success) items.push(shape.data);
    else problems.push(...shapeProblems('ITEM_SHAPE', shape.error, `items[${index}].item`));
  }
  return checks.record('item-schema', problems) ? items : null;
}

/** Every item that was changed, removed, added, moved or doubled, by id and position. */
function differences(found: readonly ClaimedItem[], manifest: Manifest): readonly Problem[] {
  const listed = new Map<string, { readonly leaf: string; readonly position: number }>();
  for (const [position, { id, leaf }] of manifest.items.entries()) {
    if (!listed.has(id)) listed.set(id, { leaf, position });
  }
  const seen = new Map<string, number>();
  const common: { readonly index: number; readonly id: string; readonly position: number }[] = [];
  const problems: Problem[] = [];

  for (const [index, entry] of found.entries()) {
    const id = idOf(entry.item);
    const where = `items[${index}]`;
    const first = id === null ? undefined : seen.get(id);
    const expected = id === null ? undefined : listed.get(id);
    if (id === null) {
      problems.push(
        ...one(
          'ITEM_ADDED',
          `item ${index} has no valid id, so the manifest can not list it`,
          where,
          FIX_ITEM,
        ),
      );
    } else if (first !== undefined) {
      problems.push(...one('ITEM_DOUBLED', `item ${index} (${id}) is item ${first} again`, where, FIX_ITEM));
    } else if (expected === undefined) {
      problems.push(...one('ITEM_ADDED', `item ${index} (${id}) is not in the manifest`, where, FIX_ITEM));
    } else {
      common.push({ index, id, position: expected.position });
      if (leafOf(entry) !== expected.leaf) {
        const what = `item ${index} (${id}) or its salt was changed: its digest is not the one in the manifest`;
        problems.push(...one('ITEM_CHANGED', what, where, FIX_ITEM));
      }
    }
    if (id !== null && first === undefined) seen.set(id, index);
  }
  return [...problems, ...missing(manifest, seen), ...moved(common)];
}

function missing(manifest: Manifest, seen: ReadonlyMap<string, number>): readonly Problem[] {
  return manifest.items.flatMap(({ id }, position) => {
    if (seen.has(id)) return [];
    const what = `item ${id}, number ${position} of the manifest, is missing`;
    return one('ITEM_MISSING', what, `manifest.items[${position}]`, GET_AGAIN);
  });
}

function moved(common: readonly { index: number; id: string; position: number }[]): readonly Problem[] {
  return outOfPlace(common.map(({ position }) => position)).flatMap((entry) => {
    const { index, id, position } = common[entry] ?? { index: -1, id: '', position: -1 };
    const what = `item ${index} (${id}) was moved: it is number ${position} of the manifest`;
    return one('ITEM_MOVED', what, `items[${index}]`, GET_AGAIN);
  });
}

function leafOf({ canonical, salt }: ClaimedItem): string | null {
  return canonical === null ? null : leafDigest(itemLeaf(Buffer.from(canonical), Buffer.from(salt, 'hex')));
}

function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null;
  const id = itemId.safeParse(item.id);
  return id.success ? id.data : null;
}

function orderProblems(items: readonly Item[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    if (before === undefined || isAfter(item, before)) continue;
    const what = `item ${index} (${item.id}) comes after a younger one, so this manifest was not made by our rules`;
    problems.push(...one('ITEM_ORDER', what, `items[${index}]`, GET_AGAIN));
  }
  return problems;
}

function isAfter(item: Item, before: Item): boolean {
  if (item.occurredAt !== before.occurredAt) return item.occurredAt > before.occurredAt;
  return item.id > before.id;
}

function countProblems(manifest: Manifest, items: readonly Item[]): readonly Problem[] {
  return contradictedCounts(manifest.counts, items).flatMap((name) =>
    one('COUNTS', `the items contradict the signed count "${name}"`, `manifest.counts.${name}`, GET_AGAIN),
  );
}
