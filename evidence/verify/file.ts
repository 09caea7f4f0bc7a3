import type { UnreadableBundle, UnreadableReason } from '../bundle/refuse.ts';
import { canonicalize } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { MAX_NESTING, type ReadJson, readJson, type Unreadable } from '../read-json.ts';
import { placeOf, placeOfSyntaxError } from './place.ts';
import { type CheckList, GET_AGAIN, one, type Problem } from './report.ts';

/** The JSON in the bytes, or why there is none. */
export function decode(bytes: Uint8Array, maxBytes: number): ReadJson | readonly Problem[] {
  const read = readJson(bytes, maxBytes);
  return 'unreadable' in read ? unreadable(read, bytes, maxBytes) : read;
}

export function isDecoded(decoded: ReadJson | readonly Problem[]): decoded is ReadJson {
  return 'text' in decoded;
}

/** Nothing, when the text is exactly its canonical form; otherwise where the two part. */
export function canonicalProblems(text: string, canonical: string): readonly Problem[] {
  if (text === canonical) return [];
  let offset = 0;
  while (text[offset] === canonical[offset]) offset += 1;
  const what =
    'the bytes are not in canonical form (RFC 8785): white space, order, spelling or a double property';
  return one(
    'NOT_CANONICAL',
    what,
    whereText(placeOf(text, offset)),
    'Use the file exactly as the agent wrote it.',
  );
}

/** The RFC 8785 form, or null for what has none. */
export function tryCanonicalize(value: unknown): string | null {
  try {
    return canonicalize(value);
  } catch (error) {
    if (error instanceof EvidenceError) return null;
    throw error;
  }
}

export function noCanonicalForm(where: string): readonly Problem[] {
  const what = 'holds what canonical JSON can not: a number too large, half a surrogate pair, or __proto__';
  return one('NOT_CANONICAL', what, where, GET_AGAIN);
}

function unreadable(read: Unreadable, bytes: Uint8Array, maxBytes: number): readonly Problem[] {
  switch (read.unreadable) {
    case 'TOO_LARGE':
      return one('TOO_LARGE', `larger than ${maxBytes} bytes`, 'file', 'Check that this is the right file.');
    case 'NOT_UTF8': {
      const { path } = placeOf(Buffer.from(bytes).toString('latin1'), read.byte);
      return one('NOT_UTF8', 'a byte that is not UTF-8', whereText({ path, byte: read.byte }), GET_AGAIN);
    }
    case 'TOO_DEEP': {
      const what = `nested deeper than ${MAX_NESTING} levels, or made of brackets: this is no evidence`;
      return one('TOO_DEEP', what, `byte ${read.byte}`, 'Check that this is the right file.');
    }
    case 'NOT_JSON':
      return one(
        'NOT_JSON',
        'the file stops being JSON here',
        whereText(placeOfSyntaxError(read.text)),
        GET_AGAIN,
      );
  }
}

function whereText(place: { byte: number; path: string } | null): string {
  if (place === null) return 'file';
  return place.path === '' ? `byte ${place.byte}` : `${place.path}, byte ${place.byte}`;
}

const CHECK_OF: Readonly<Record<UnreadableReason, 'file' | 'shape' | 'canonical'>> = {
  TOO_LARGE: 'file',
  NOT_UTF8: 'file',
  TOO_DEEP: 'file',
  NOT_JSON: 'file',
  TRUNCATED: 'file',
  ARCHIVE: 'file',
  SHAPE: 'shape',
  NOT_CANONICAL: 'canonical',
};

/** What a reader found wrong with the form of a bundle, filed under the check that it stands for. */
export function recordUnreadable(error: UnreadableBundle, file: Uint8Array | null, checks: CheckList): void {
  const { reason } = error;
  const failed = CHECK_OF[reason];
  checks.record(failed, reason === 'NOT_UTF8' && file !== null ? notUtf8(error, file) : said(error));
  for (const check of ['file', 'shape', 'canonical'] as const) {
    if (check === failed) continue;
    if (failed !== 'file' && check === 'file') checks.record(check, []);
    else checks.skip(check, 'the file can not be read');
  }
}

function said({ reason, where, message, hint }: UnreadableBundle): readonly Problem[] {
  const what = message.startsWith(`${where}: `) ? message.slice(where.length + 2) : message;
  return one(reason, what, where, hint ?? GET_AGAIN);
}

/** A reader of the JSON form looks at all of it at once; where the bad byte is, is only looked for when there is one. */
function notUtf8(error: UnreadableBundle, file: Uint8Array): readonly Problem[] {
  if (error.where !== 'file') return said(error);
  const decoded = decode(file, file.length);
  return isDecoded(decoded) ? said(error) : decoded;
}
