import { canonicalize } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { readJson, type Unreadable } from '../read-json.ts';
import type { DocumentName } from './documents.ts';
import { MAX_DOCUMENT_BYTES } from './limits.ts';
import { UnreadableBundle } from './refuse.ts';

const WHAT: Readonly<Record<Unreadable['unreadable'], string>> = {
  TOO_LARGE: `larger than ${MAX_DOCUMENT_BYTES} bytes`,
  NOT_UTF8: 'holds a byte that is not UTF-8',
  TOO_DEEP: 'is nested too deeply',
  NOT_JSON: 'is not JSON',
};

/** The value of one document. Throws UnreadableBundle unless the bytes are exactly its RFC 8785 text. */
export function readDocument(bytes: Uint8Array, where: string): unknown {
  const read = readJson(bytes, MAX_DOCUMENT_BYTES);
  if ('unreadable' in read) throw new UnreadableBundle(read.unreadable, where, WHAT[read.unreadable]);
  if (canonicalOf(read.value, where) === read.text) return read.value;
  throw new UnreadableBundle(
    'NOT_CANONICAL',
    where,
    'is not in RFC 8785 form: white space, order, spelling or a double property',
  );
}

/** Throws BUNDLE when it is not there. */
export function documentOf(documents: ReadonlyMap<DocumentName, Uint8Array>, name: DocumentName): Uint8Array {
  const bytes = documents.get(name);
  if (bytes !== undefined) return bytes;
  throw new EvidenceError('BUNDLE', `the bundle has no ${name}`);
}

function canonicalOf(value: unknown, where: string): string {
  try {
    return canonicalize(value);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    const what = 'holds what canonical JSON can not: a number too large, half a surrogate pair, or __proto__';
    throw new UnreadableBundle('NOT_CANONICAL', where, what, { cause });
  }
}
