import type { Item, Provenance } from '../item.ts';
import { hasMembers, looksLikeProvenance, looksLikeRest, type Members, readItem } from './item-shape.ts';
import type { Problem } from './report.ts';

const PROVENANCE = Buffer.from(',"provenance":{');
const RELATED = Buffer.from('},"related":[');
/** Members before the provenance, in RFC 8785 order: body, class, …, occurredAt. */
const BEFORE = 8;
/** Members after it: related and stream. */
const AFTER = 2;

/** Provenances that are kept; a bundle has one for each batch of a run and each set of fields that was let out. */
const MAX_KNOWN = 4_096;
/** Those that were met last are compared as bytes, which is quicker than making a text to look them up by. */
const LATEST = 8;

/**
 * Parses items. More than half of an item is its provenance, which is the same for all that one run has read, so that it
 * is parsed and looked at once. An item that is cut like this is the same as when it is parsed whole: what stands before
 * the provenance, the provenance, and what stands after it are each complete, so that the cuts are between members of
 * the outermost object. Whatever can not be cut is parsed whole.
 */
export class ItemParser {
  /** By its bytes, each as one character. */
  readonly #known = new Map<string, Provenance>();
  #latest: readonly { readonly bytes: Buffer; readonly provenance: Provenance }[] = [];

  parse(bytes: Buffer, start: number, end: number, where: string): Item | readonly Problem[] {
    return this.#parseCut(bytes, start, end) ?? readItem(parsed(bytes.toString('utf8', start, end)), where);
  }

  #parseCut(bytes: Buffer, start: number, end: number): Item | null {
    const cut = bytes.indexOf(PROVENANCE, start);
    const behind = cut === -1 ? -1 : bytes.indexOf(RELATED, cut);
    if (behind === -1) return null;
    const provenance = this.#provenance(bytes, cut + PROVENANCE.length - 1, behind + 1);
    if (provenance === null) return null;
    const before = parsed(`${bytes.toString('utf8', start, cut)}}`);
    const after = parsed(`{${bytes.toString('utf8', behind + 2, end)}`);
    if (!hasMembers(before, BEFORE) || !hasMembers(after, AFTER)) return null;
    const item: Members = {
      body: before['body'],
      class: before['class'],
      connection: before['connection'],
      entity: before['entity'],
      id: before['id'],
      kind: before['kind'],
      observedAt: before['observedAt'],
      occurredAt: before['occurredAt'],
      provenance,
      related: after['related'],
      stream: after['stream'],
    };
    return looksLikeRest(item) ? (item as unknown as Item) : null;
  }

  #provenance(bytes: Buffer, start: number, end: number): Provenance | null {
    for (const { bytes: known, provenance } of this.#latest) {
      if (known.length === end - start && bytes.compare(known, 0, known.length, start, end) === 0)
        return provenance;
    }
    const key = bytes.toString('latin1', start, end);
    const provenance = this.#known.get(key) ?? parsed(bytes.toString('utf8', start, end));
    if (!looksLikeProvenance(provenance)) return null;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, provenance);
    this.#latest = [{ bytes: Buffer.from(key, 'latin1'), provenance }, ...this.#latest.slice(0, LATEST - 1)];
    return provenance;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
