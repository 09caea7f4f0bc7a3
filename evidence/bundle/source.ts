import type { BundleForm, DocumentName } from './documents.ts';

/**
 * A bundle that is being read, in whatever form it came. Readers check the form and nothing else: `exhibit verify`
 * says whether it is good. Everything throws `UnreadableBundle`, an EvidenceError BUNDLE, as soon as the bytes are
 * not exactly a bundle; items that were given out before that were not believed yet either.
 *
 * The lists are read once each, contents before items. Slices stay valid; nothing writes into them.
 */
export interface BundleSource {
  readonly form: BundleForm;
  /** All nine, as the exact bytes of their RFC 8785 texts, which was checked. */
  readonly documents: ReadonlyMap<DocumentName, Uint8Array>;
  /** Batches of `{"id":"…","leaf":"sha256:…"}`, in order. Their form was checked: see `contentsEntry()`. */
  contents(): AsyncIterable<readonly Uint8Array[]>;
  /**
   * Batches of `{"item":{…},"salt":"…"}`, in order. Only this frame was checked, so that `splitItem()` finds the item:
   * its JSON was not parsed. It is good when its leaf is the one that was signed. Ends with an error when something
   * follows the last item, or when the file is cut off; too few items are for the verifier to notice.
   */
  items(): AsyncIterable<readonly Uint8Array[]>;
  /** Safe twice, and after an error. */
  close(): Promise<void>;
}

/** A bundle to be written. */
export interface BundleDocuments {
  /** RFC 8785 texts of all nine. */
  readonly documents: ReadonlyMap<DocumentName, string>;
  /** In the order of the manifest. Gone through twice: give an array, not a generator. */
  readonly contents: Iterable<{ readonly id: string; readonly leaf: string }>;
  /** In the same order: RFC 8785 text of the item, and its salt in hexadecimal. Gone through twice. */
  readonly items: Iterable<{ readonly canonical: string; readonly salt: string }>;
}
