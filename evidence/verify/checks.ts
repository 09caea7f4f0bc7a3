/** Every check, in the order in which reports list them. */
export const CHECK_NAMES = [
  // The file.
  'file',
  'shape',
  'canonical',
  // Of a key history, all of it.
  'key-history',
  // The signature, and what it covers.
  'attestation',
  'signature',
  'payload-type',
  'statement',
  'subject',
  'manifest',
  'receipt',
  'predicate',
  // The time.
  'timestamp',
  'key-window',
  // The log.
  'log-entry',
  'inclusion',
  'checkpoint',
  'log-position',
  'consistency',
  // What the manifest is about.
  'purpose',
  'contents',
  'items-root',
  'items',
  'item-schema',
  'item-order',
  'counts',
  'account',
  'ledger',
  'parts',
  'chain',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** Who else saw the signature: time and log. */
export const WITNESS_CHECKS = [
  'timestamp',
  'key-window',
  'log-entry',
  'inclusion',
  'checkpoint',
  'log-position',
  'consistency',
] as const satisfies readonly CheckName[];

/** Of the bytes that were signed, and of time and log. */
export const ATTESTED_CHECKS = [
  'attestation',
  'signature',
  'payload-type',
  'statement',
  'subject',
  'predicate',
  ...WITNESS_CHECKS,
] as const satisfies readonly CheckName[];

export const MANIFEST_CHECKS = [
  ...ATTESTED_CHECKS,
  'manifest',
  'ledger',
] as const satisfies readonly CheckName[];

export const LIST_CHECKS = [
  'contents',
  'items-root',
  'items',
  'item-schema',
  'item-order',
  'counts',
  'account',
] as const satisfies readonly CheckName[];

export const BUNDLE_CHECKS = [
  ...MANIFEST_CHECKS,
  'purpose',
  ...LIST_CHECKS,
  'parts',
] as const satisfies readonly CheckName[];
