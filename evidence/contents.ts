import { createHash } from 'node:crypto';
import type { Digest } from './digest.ts';
import { type ContentsEntry } from './manifest.ts';

/** The list of a bundle's items by id and leaf, in the order of the items: an RFC 8785 array. */

export function contentsText(entries: Iterable<ContentsEntry>): string {
  let text = '';
  for (const entry of entries) text += text === '' ? entryText(entry) : `,${entryText(entry)}`;
  return `[${text}]`;
}

/** Digest of `contentsText()`, without holding all of it. */
export function contentsDigest(entries: Iterable<ContentsEntry>): Digest {
  const hash = createHash('sha256').update('[');
  let separator = '';
  for (const entry of entries) {
    hash.update(`${separator}${entryText(entry)}`);
    separator = ',';
  }
  return `sha256:${hash.update(']').digest('hex')}`;
}

/** One entry; ids and digests need no escape. */
export function entryText({ id, leaf }: ContentsEntry): string {
  return `{"id":"${id}","leaf":"${leaf}"}`;
}
