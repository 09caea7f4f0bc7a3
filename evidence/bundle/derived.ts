import { canonicalize } from '../canonical-json.ts';
import type { ArchiveFile, DocumentName } from './documents.ts';

/**
 * The files of an archive that say nothing new: pieces of the documents, cut out for tools of others. Nothing here is
 * believed or checked; what is not where it should be makes no file.
 */
export function derivedFiles(
  documents: ReadonlyMap<DocumentName, unknown>,
): ReadonlyMap<ArchiveFile, Buffer> {
  const attestation = documents.get('attestation');
  const material = documents.get('material');
  const logEntry = at(attestation, 'verificationMaterial', 'tlogEntries', 0);
  const checkpoints = at(documents.get('proofs'), 'checkpoints');
  const found: readonly (readonly [ArchiveFile, Buffer | null])[] = [
    ['VERIFY.md', text(at(material, 'verify'))],
    ['statement.json', fromBase64(at(attestation, 'dsseEnvelope', 'payload'))],
    ['evidence.pub', text(at(material, 'publicKeys', 0))],
    ['trusted_root.json', json(at(material, 'trustedRoot'))],
    ['key-history.json', json(at(material, 'keyHistory'))],
    ['checkpoint', text(Array.isArray(checkpoints) ? checkpoints.at(-1) : undefined)],
    ['log-entry.json', fromBase64(at(logEntry, 'canonicalizedBody'))],
  ];
  return new Map(found.flatMap(([name, bytes]) => (bytes === null ? [] : [[name, bytes] as const])));
}

function at(value: unknown, ...steps: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of steps) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

function text(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value) : null;
}

function fromBase64(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : null;
}

function json(value: unknown): Buffer | null {
  return value === undefined || value === null ? null : Buffer.from(canonicalize(value));
}
