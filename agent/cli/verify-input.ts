import { open, readFile, stat } from 'node:fs/promises';
import { DISCLOSURE_SCHEMA } from '../../evidence/disclose/disclosure.ts';
import { MANIFEST_SCHEMA } from '../../evidence/manifest.ts';
import { readJson } from '../../evidence/read-json.ts';
import { RECEIPT_SCHEMA } from '../../evidence/receipt.ts';
import { KEY_HISTORY_CHAIN_SCHEMA } from '../../evidence/trust/key-history.ts';

export type FileKind = 'bundle' | 'manifest' | 'receipt' | 'disclosure' | 'key-history';

const KINDS: Readonly<Record<string, FileKind>> = {
  [MANIFEST_SCHEMA]: 'manifest',
  [RECEIPT_SCHEMA]: 'receipt',
  [DISCLOSURE_SCHEMA]: 'disclosure',
  [KEY_HISTORY_CHAIN_SCHEMA]: 'key-history',
};

/** Everything but a bundle and a disclosure is far smaller. */
const MAX_DOCUMENT_BYTES = 16 * 1024 ** 2;
const BUNDLE_START = Buffer.from('{"attestation":');
/** A disclosure begins like a bundle; its schema stands at the end. */
const DISCLOSURE_END = Buffer.from(`,"schema":"${DISCLOSURE_SCHEMA}"}`);

/** What a file says it is; a bundle when it says nothing else. Its bytes, unless it is one. */
export async function kindOf(file: string): Promise<{ readonly kind: FileKind; readonly bytes: Buffer }> {
  const { size } = await stat(file);
  if (await endsWith(file, DISCLOSURE_END, size)) return { kind: 'disclosure', bytes: await readFile(file) };
  if (size > MAX_DOCUMENT_BYTES) return { kind: 'bundle', bytes: Buffer.alloc(0) };
  const bytes = await readFile(file);
  return { kind: KINDS[String(schemaOf(bytes))] ?? 'bundle', bytes };
}

async function endsWith(file: string, end: Buffer, size: number): Promise<boolean> {
  const found = Buffer.alloc(end.length);
  const handle = await open(file);
  try {
    await handle.read(found, 0, end.length, Math.max(0, size - end.length));
  } finally {
    await handle.close();
  }
  return found.equals(end);
}

function schemaOf(bytes: Buffer): unknown {
  // Most bundles; no need to parse them twice.
  if (bytes[0] !== 0x7b || bytes.subarray(0, BUNDLE_START.length).equals(BUNDLE_START)) return undefined;
  const read = readJson(bytes, MAX_DOCUMENT_BYTES);
  if ('unreadable' in read) return undefined;
  const { value } = read;
  return value !== null && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
}

/** Signed notes that stand one after the other: each ends with its signature lines, `— name base64`. */
export function notesIn(text: string): readonly string[] {
  const notes: string[] = [];
  let note = '';
  let signed = false;
  for (const line of text.split(/(?<=\n)/)) {
    const isSignature = line.startsWith('\u2014 ');
    if (signed && !isSignature) {
      notes.push(note);
      [note, signed] = ['', false];
    }
    if (note === '' && line.trim() === '') continue;
    note += line;
    signed ||= isSignature;
  }
  return note === '' ? notes : [...notes, note];
}
