import { type Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

/** Where the value at a path stands in a document: an offset in UTF-16 code units. */
export type Places = (path: readonly PropertyKey[]) => number;

interface Entry {
  readonly at: number;
  readonly value: unknown;
}

/**
 * Finds places by path; where the value is missing, that of its nearest ancestor. The keys of a map are indexed once, so
 * that a file with as many problems as keys takes no longer than reading it.
 */
export function placesIn(document: Document): Places {
  const indexes = new WeakMap<object, ReadonlyMap<string, Entry>>();
  function entriesOf(node: Node): ReadonlyMap<string, Entry> {
    const known = indexes.get(node);
    if (known !== undefined) return known;
    const entries = new Map<string, Entry>();
    indexes.set(node, entries);
    if (!isMap(node)) return entries;
    for (const { key, value } of node.items) {
      if (isScalar(key) && !entries.has(keyName(key.value)))
        entries.set(keyName(key.value), { at: startOf(key), value });
    }
    return entries;
  }
  return (path) => {
    let node: unknown = document.contents;
    let at = 0;
    for (const step of path) {
      if (!isNode(node)) return at;
      const entry = isSeq(node) ? elementAt(node.items, step) : entriesOf(node).get(String(step));
      if (entry === undefined) return at;
      ({ at, value: node } = entry);
    }
    return at;
  };
}

/** As a property of plain data. */
export function keyName(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function elementAt(items: readonly unknown[], step: PropertyKey): Entry | undefined {
  const value = items[Number(step)];
  return isNode(value) ? { at: startOf(value), value } : undefined;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
