import type { JsonValue, StatePatch, Timestamp } from '../../sdk/index.ts';
import { asObject, type ReadContext } from './reader.ts';

/** What a read that tells differences found the last time, under a key for each thing. */
export interface Remembered {
  /** When it looked: nothing that it did not see is older. */
  readonly at: Timestamp;
  /** Undefined when some of it was lost: then nothing can be compared, least of all what is no longer there. */
  readonly entries: ReadonlyMap<string, JsonValue> | undefined;
  /** Stands for the key that digests in the entries are made with. */
  readonly digestedWith: string;
}

const MEMORY = 'memory';
const ENTRY = 'entry/';

/** Undefined on the first read: what there is nothing to compare with has not changed. */
export function recall(context: ReadContext): Remembered | undefined {
  const { at, count, digestedWith } = asObject(context.state.get(MEMORY));
  if (typeof at !== 'string' || typeof digestedWith !== 'string') return undefined;
  const keys = [...context.state.keys()].filter((key) => key.startsWith(ENTRY));
  const entries = new Map(
    keys.map((key) => [key.slice(ENTRY.length), context.state.get(key) ?? null] as const),
  );
  return { at, digestedWith, entries: entries.size === count ? entries : undefined };
}

/** Everything that differs from what is there, and nothing else. */
export function remember(
  context: ReadContext,
  entries: ReadonlyMap<string, JsonValue>,
  at: Timestamp,
): StatePatch {
  const set: Record<string, JsonValue> = {};
  for (const [key, value] of entries) {
    if (JSON.stringify(context.state.get(`${ENTRY}${key}`)) !== JSON.stringify(value)) {
      set[`${ENTRY}${key}`] = value;
    }
  }
  const gone = [...context.state.keys()].filter(
    (key) => key !== MEMORY && !(key.startsWith(ENTRY) && entries.has(key.slice(ENTRY.length))),
  );
  const memory = { at, count: entries.size, digestedWith: keyMark(context) };
  return { set: { ...set, [MEMORY]: memory }, delete: gone };
}

/** Stands for the key that digests are made with: the key rotates. */
export function keyMark(context: ReadContext): string {
  return context.digest('digested_with').slice(-16);
}

/** 96 bits of a keyed digest: enough to recognise what must not be kept itself. */
export function mark(context: ReadContext, value: JsonValue): string {
  return context.digest(value).slice(-16);
}

/** One digest of all entries, whatever their order. */
export function fingerprintOf(context: ReadContext, entries: ReadonlyMap<string, JsonValue>): string {
  return context.digest([...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map((entry) => [...entry]));
}

/** A piece of an entry that is a text; empty where it is none. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
