import { derivedFiles } from './derived.ts';
import { documentOf, readDocument } from './document.ts';
import { type ArchiveFile, DOCUMENT_FILES, DOCUMENT_NAMES, type DocumentName } from './documents.ts';

/** The files of an archive but the two lists, as tools of others want them: documents and what is cut out of them. */
export function documentFiles(
  documents: ReadonlyMap<DocumentName, Uint8Array>,
): ReadonlyMap<ArchiveFile, Uint8Array> {
  const files = new Map<ArchiveFile, Uint8Array>();
  const values = new Map<DocumentName, unknown>();
  for (const name of DOCUMENT_NAMES) {
    const document = documentOf(documents, name);
    files.set(DOCUMENT_FILES[name], document);
    values.set(name, readDocument(document, name));
  }
  for (const [name, bytes] of derivedFiles(values)) files.set(name, bytes);
  return files;
}
