import { hash } from 'node:crypto';
import { makeDigestMemo } from './digest-memo.ts';

/**
 * A document with `{}` in place of the items in it, each of which was found clean by itself, now or before; undefined
 * where that can not be said, so that all of it must be read.
 */
type WithoutItems = (bytes: Uint8Array, items: readonly string[]) => Uint8Array | undefined;

const EMPTY = Buffer.from('{}');

/**
 * Items are served again and again as the bytes that were sealed. They are remembered by their SHA-256 for as long as
 * the net that read them lives: another canary or another pattern makes another net, which remembers nothing. What
 * stands beside an object is not read together with what is in it, so each can be read by itself.
 */
export function makeWithoutItems(isClean: (item: Uint8Array) => boolean): WithoutItems {
  const seen = makeDigestMemo();
  const isSeen = (item: string, bytes: Uint8Array): boolean => {
    const digest = hash('sha256', item, 'hex');
    if (seen.has(digest)) return true;
    if (!isClean(bytes)) return false;
    seen.add(digest);
    return true;
  };
  return (bytes, items) => {
    const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const left: Uint8Array[] = [];
    let done = 0;
    for (const item of items) {
      const own = Buffer.from(item);
      const start = document.indexOf(own, done);
      const end = start + own.length;
      if (start === -1 || !isObject(item) || !standsAlone(document, start, end) || !isSeen(item, own))
        return undefined;
      left.push(document.subarray(done, start), EMPTY);
      done = end;
    }
    return Buffer.concat([...left, document.subarray(done)]);
  };
}

/** With a quote behind the brace it can not stand within a string. */
function isObject(item: string): boolean {
  return item.startsWith('{"') && item.endsWith('}');
}

function standsAlone(bytes: Uint8Array, start: number, end: number): boolean {
  return BEFORE.has(bytes[start - 1]) && AFTER.has(bytes[end]);
}

const BEFORE: ReadonlySet<number | undefined> = new Set(Buffer.from('[,:'));
const AFTER: ReadonlySet<number | undefined> = new Set(Buffer.from(',]}'));
