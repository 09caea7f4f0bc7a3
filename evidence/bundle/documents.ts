/**
 * What a bundle consists of, whatever its form: documents, each one RFC 8785 text, and two long lists, `contents` and
 * `items`, that are never held as a whole. A document has the same bytes in every form, and so the same digest.
 */

export const BUNDLE_SCHEMA = 'exhibit.bundle/v1';

/** In the order in which NDJSON and archives have them: what a reader wants to know first comes first. */
export const DOCUMENT_NAMES = [
  'manifest',
  'attestation',
  'proofs',
  'material',
  'incident',
  'summary',
  'timeline',
  'candidates',
  'ledger',
] as const;
export type DocumentName = (typeof DOCUMENT_NAMES)[number];

/** Every member of the JSON form, in the order of RFC 8785. */
export const MEMBER_NAMES = [
  'attestation',
  'candidates',
  'contents',
  'incident',
  'items',
  'ledger',
  'manifest',
  'material',
  'proofs',
  'schema',
  'summary',
  'timeline',
] as const;
export type MemberName = (typeof MEMBER_NAMES)[number];

/**
 * The parts whose digests stand in `manifest.parts`. The digest of `contents` is over its RFC 8785 array: the entries
 * with commas between them, in brackets.
 */
export const PART_NAMES = [
  'candidates',
  'contents',
  'incident',
  'ledger',
  'material',
  'summary',
  'timeline',
] as const;
export type PartName = (typeof PART_NAMES)[number];

export const BUNDLE_FORMS = ['json', 'ndjson', 'tar'] as const;
export type BundleForm = (typeof BUNDLE_FORMS)[number];

export const FORM_MEDIA_TYPES: Readonly<Record<BundleForm, string>> = {
  json: 'application/vnd.exhibit.bundle+json',
  ndjson: 'application/x-ndjson',
  tar: 'application/gzip',
};

export const FORM_EXTENSIONS: Readonly<Record<BundleForm, string>> = {
  json: 'json',
  ndjson: 'ndjson',
  tar: 'tar.gz',
};

/** Documents as files of the archive. */
export const DOCUMENT_FILES = {
  manifest: 'manifest.json',
  attestation: 'manifest.sigstore.json',
  proofs: 'proofs.json',
  material: 'material.json',
  incident: 'incident.json',
  summary: 'summary.json',
  timeline: 'timeline.json',
  candidates: 'candidates.json',
  ledger: 'ledger.json',
} as const satisfies Readonly<Record<DocumentName, string>>;

export const CONTENTS_FILE = 'contents.ndjson';
export const ITEMS_FILE = 'items.ndjson';

/**
 * The files of the archive in their order. Those that are no document and no list are made from the documents, for
 * tools of others; a reader makes them again and refuses an archive where one differs by a byte. `checkpoint` and
 * `log-entry.json` are there when the documents have what they are made from.
 */
export const ARCHIVE_FILES = [
  'VERIFY.md',
  DOCUMENT_FILES.manifest,
  DOCUMENT_FILES.attestation,
  'statement.json',
  'evidence.pub',
  'trusted_root.json',
  'key-history.json',
  'checkpoint',
  'log-entry.json',
  DOCUMENT_FILES.proofs,
  DOCUMENT_FILES.material,
  DOCUMENT_FILES.incident,
  DOCUMENT_FILES.summary,
  DOCUMENT_FILES.timeline,
  DOCUMENT_FILES.candidates,
  DOCUMENT_FILES.ledger,
  CONTENTS_FILE,
  ITEMS_FILE,
] as const;
export type ArchiveFile = (typeof ARCHIVE_FILES)[number];
