import { canonicalize } from '../canonical-json.ts';
import {
  MAX_RECEIPT_BYTES,
  type Receipt,
  type ReceiptStatement,
  receipt as receiptSchema,
  receiptStatement,
  receiptSummary,
} from '../receipt.ts';
import { checkWitnesses, type Witnessed } from './attested.ts';
import { ATTESTED_CHECKS } from './checks.ts';
import { CheckList, one, type ReceiptFacts, shapeProblems, type VerifyReport } from './report.ts';
import { checkSignature, checkStatement, checkSubject } from './signature.ts';
import { readSigned, type SignedManifest } from './signed-manifest.ts';
import type { Believed } from './trust.ts';

const RECEIPT_CHECKS = [...ATTESTED_CHECKS.filter((name) => name !== 'log-position'), 'receipt'] as const;

/** The checks of a signed receipt: the signature first, then whether it covers exactly this receipt. */
export function checkReceipt(signed: SignedManifest, believed: Believed): VerifyReport {
  const checks = new CheckList();
  const read = readSigned(signed, 'receipt', MAX_RECEIPT_BYTES, RECEIPT_CHECKS, checks);
  if (read === null) return checks.report(null);
  const attestation = checkSignature(read.attestation, believed, checks);
  const statement = checkStatement(attestation, receiptStatement, checks);
  const isSubject = checkSubject(statement, read.digest, 'receipt', checks);
  const shape = receiptSchema.safeParse(read.subject);
  checks.record('receipt', shape.success ? [] : shapeProblems('RECEIPT_SHAPE', shape.error, 'receipt'));
  checkPredicate(statement, shape.data ?? null, checks);
  const witnessed = checkWitnesses(attestation, shape.data ?? null, undefined, believed, checks);
  if (witnessed === null || !isSubject || !shape.success) return checks.report(null);
  return checks.report(factsOf(shape.data, read.digest, witnessed));
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
  checks.record('predicate', same ? [] : one('PREDICATE', what, 'receipt'));
}

function factsOf(receipt: Receipt, digest: string, { log, ...witnessed }: Witnessed): ReceiptFacts | null {
  if (log === null) return null;
  const { tenant, createdAt, by, reason } = receipt;
  const what = receiptSummary(receipt);
  return { kind: 'receipt', tenant, ...witnessed, log, receipt: digest, createdAt, by, reason, what };
}
