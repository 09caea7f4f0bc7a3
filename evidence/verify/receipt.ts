import type { KeyObject } from 'node:crypto';
import { canonicalize } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import {
  MAX_RECEIPT_BYTES,
  type Receipt,
  type ReceiptStatement,
  receipt as receiptSchema,
  receiptStatement,
  receiptSummary,
} from '../receipt.ts';
import { checkSignature, checkStatement, checkSubject } from './attested.ts';
import { tryCanonicalize } from './file.ts';
import {
  CheckList,
  type CheckName,
  GET_AGAIN,
  one,
  type ReceiptFacts,
  shapeProblems,
  type VerifyReport,
} from './report.ts';
import { readSigned, type SignedManifest } from './signed-manifest.ts';

const RECEIPT_CHECKS = [
  'attestation',
  'signature',
  'payload-type',
  'statement',
  'subject',
  'receipt',
  'predicate',
] as const satisfies readonly CheckName[];

/** The checks of a signed receipt: the signature first, then whether it covers exactly this receipt. */
export function checkReceipt(signed: SignedManifest, keys: ReadonlyMap<string, KeyObject>): VerifyReport {
  const checks = new CheckList();
  const read = readSigned(signed, 'receipt', MAX_RECEIPT_BYTES, RECEIPT_CHECKS, checks);
  if (read === null) return checks.report(null);
  const attestation = checkSignature(read.attestation, keys, checks);
  const statement = checkStatement(attestation, receiptStatement, checks);
  const canonical = tryCanonicalize(read.subject);
  const digest = canonical === null ? null : digestOf(canonical);
  checkSubject(statement, digest, 'receipt', checks);
  const shape = receiptSchema.safeParse(read.subject);
  checks.record('receipt', shape.success ? [] : shapeProblems('RECEIPT_SHAPE', shape.error, 'receipt'));
  checkPredicate(statement, shape.data ?? null, checks);
  if (attestation === null || digest === null || !shape.success) return checks.report(null);
  return checks.report(factsOf(shape.data, digest, attestation.verificationMaterial.publicKey.hint));
}

function checkPredicate(
  statement: ReceiptStatement | null,
  receipt: Receipt | null,
  checks: CheckList,
): void {
  if (statement === null) return checks.skip('predicate', 'there is no signed statement');
  if (receipt === null) return checks.skip('predicate', 'the receipt has the wrong shape');
  const same = canonicalize(statement.predicate) === canonicalize(receipt);
  const what = 'the receipt is not the one that was signed';
  checks.record('predicate', same ? [] : one('PREDICATE', what, 'receipt', GET_AGAIN));
}

function factsOf(receipt: Receipt, digest: string, signedBy: string): ReceiptFacts {
  const { tenant, createdAt, by, reason } = receipt;
  return {
    kind: 'receipt',
    tenant,
    signedBy,
    receipt: digest,
    createdAt,
    by,
    reason,
    what: receiptSummary(receipt),
  };
}
