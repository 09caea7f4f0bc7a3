import { z } from 'zod';
import { timestamp } from './account/schema.ts';
import { attest } from './attest.ts';
import { canonicalize } from './canonical-json.ts';
import type { Head } from './chain.ts';
import { type Digest, digestOf, hexOf } from './digest.ts';
import { signPayload } from './dsse.ts';
import { EvidenceError } from './errors.ts';
import type { Logged } from './logged.ts';
import { agentName } from './manifest.ts';
import type { SigningKeys } from './sign/signer.ts';
import { STATEMENT_TYPE, statementAbout } from './statement.ts';

/**
 * receipt.json: what was destroyed on purpose, when, by whom and why. It is signed like a manifest: an in-toto
 * Statement with the receipt as its one subject (and, so that it can be read there, as its predicate), in a Sigstore
 * bundle. It names keys by their ids and evidence by counts; there is no key and no value in it.
 */

export const RECEIPT_SCHEMA = 'exhibit.receipt/v1';
export const RECEIPT_PREDICATE_TYPE = 'https://exhibit.dev/erasure/v1';
/** The one subject's name, and the file name under which receipts are handed out. */
export const RECEIPT_NAME = 'receipt.json';

/** With the statement around it, stays below what a DSSE payload may hold. */
export const MAX_RECEIPT_BYTES = 32 * 1024;

const name = z.string().min(1).max(256);
const count = z.int().nonnegative();

const common = {
  schema: z.literal(RECEIPT_SCHEMA),
  tenant: name,
  agent: agentName,
  /** When this receipt was made. */
  createdAt: timestamp,
  /** `os:<user>` for a command, or the identity that the API knows. */
  by: name,
  /** In the words of whoever did it. */
  reason: z.string().min(1).max(1_000),
};

/** The key of an epoch was destroyed: nobody can tell any more whom its pseudonyms and digests stand for. */
const epochErasure = z.strictObject({
  ...common,
  kind: z.literal('epoch-erasure'),
  epoch: z.strictObject({
    id: z.string().regex(/^[\w-]{8}$/, 'must be the id of an epoch'),
    createdAt: timestamp,
    retiredAt: timestamp,
    erasedAt: timestamp,
  }),
  /** Stored items that carry a pseudonym or digest of that epoch; they stay as they are. */
  items: count,
});

/** Evidence was older than it may get: what the items said was removed, that they were there was not. */
const expiry = z.strictObject({
  ...common,
  kind: z.literal('expiry'),
  rules: z
    .array(
      z.strictObject({
        classes: z.array(name).exactOptional(),
        streams: z.array(name).exactOptional(),
        olderThan: timestamp,
      }),
    )
    .max(100),
  items: count,
  /** By class of evidence. */
  byClass: z.record(name, count),
  /** Incident bundles that were removed with them. */
  bundles: count,
  /** When the oldest and the newest of the items occurred; null when there were none. */
  occurred: z.strictObject({ from: timestamp, to: timestamp }).nullable(),
});

export const receipt = z.discriminatedUnion('kind', [epochErasure, expiry]);
export type Receipt = z.infer<typeof receipt>;

export const receiptStatement = statementAbout(RECEIPT_NAME, RECEIPT_PREDICATE_TYPE, receipt);
export type ReceiptStatement = z.infer<typeof receiptStatement>;

/** A receipt as it is stored and handed out. */
export interface SignedReceipt {
  /** Digest of `canonical`. */
  readonly id: Digest;
  readonly kind: Receipt['kind'];
  readonly createdAt: string;
  /** receipt.json in RFC 8785 form. */
  readonly canonical: string;
  /** The Sigstore bundle over its statement, as JSON. */
  readonly attestation: string;
}

/** A receipt that is the next leaf of the log. */
export interface LoggedReceipt extends SignedReceipt {
  readonly logged: Logged;
}

/** Throws EvidenceError RECEIPT for what is no receipt, KEY or LOG when signing fails. */
export async function signReceipt(
  value: Receipt,
  context: { readonly keys: SigningKeys; readonly head: Head },
): Promise<LoggedReceipt> {
  const issue = receipt.safeParse(value).error?.issues[0];
  if (issue !== undefined)
    throw new EvidenceError('RECEIPT', `receipt.${issue.path.join('.')}: ${issue.message}`);
  const canonical = canonicalize(value);
  if (Buffer.byteLength(canonical) > MAX_RECEIPT_BYTES)
    throw new EvidenceError('RECEIPT', `a receipt can not be larger than ${MAX_RECEIPT_BYTES} bytes`);
  const id = digestOf(canonical);
  const said: ReceiptStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: RECEIPT_NAME, digest: { sha256: hexOf(id) } }],
    predicateType: RECEIPT_PREDICATE_TYPE,
    predicate: value,
  };
  const signed = await signPayload(Buffer.from(canonicalize(said)), context.keys.signer);
  return { id, kind: value.kind, createdAt: value.createdAt, canonical, ...(await attest(signed, context)) };
}

/** What a receipt says, in one line. */
export function receiptSummary(value: Receipt): string {
  if (value.kind === 'epoch-erasure')
    return `the key of epoch ${value.epoch.id} was erased at ${value.epoch.erasedAt} (${value.items} stored items carry its names)`;
  return `${value.items} items and ${value.bundles} bundles expired`;
}
