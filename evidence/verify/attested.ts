import { canonicalize } from '../canonical-json.ts';
import { type Manifest, manifest as manifestSchema } from '../manifest.ts';
import { predicateOf, type Statement, statement as statementSchema } from '../statement.ts';
import { WITNESS_CHECKS } from './checks.ts';
import { checkConsistency } from './consistency.ts';
import { checkLogged, type InLog } from './logged.ts';
import { type CheckList, type LogFacts, one, type Problem, shapeProblems } from './report.ts';
import { checkSignature, checkStatement, checkSubject, type Signed } from './signature.ts';
import { checkKeyWindow, checkTimestamp } from './time.ts';
import type { Believed } from './trust.ts';

/** A manifest whose bytes are those that a trusted key signed. */
export interface Attested extends Witnessed {
  readonly manifest: Manifest;
  readonly digest: string;
}

export interface Witnessed {
  readonly signedBy: string;
  /** Proved by a timestamp. */
  readonly signedAt: string | null;
  readonly log: LogFacts | null;
}

/** A manifest and its attestation as they were found; nothing about them is known. */
export interface Claimed {
  readonly manifest: unknown;
  /** Digest of the manifest's bytes. */
  readonly digest: string;
  readonly attestation: unknown;
  /** Of a bundle: what it brings to check the log with. */
  readonly proofs?: unknown;
}

/**
 * The checks that every signed manifest must pass: the signature first, then only what it covers. Returns the manifest
 * only when its bytes are those that were signed, so that nothing else of a file is looked into on the word of one that
 * nobody signed.
 */
export function checkAttested(claimed: Claimed, believed: Believed, checks: CheckList): Attested | null {
  const signed = checkSignature(claimed.attestation, believed, checks);
  const statement = checkStatement(signed, statementSchema, checks);
  const isSubject = checkSubject(statement, claimed.digest, 'manifest', checks);
  const manifest = checkManifest(claimed.manifest, checks);
  checkPredicate(statement, manifest, checks);
  const witnessed = checkWitnesses(signed, manifest, claimed.proofs, believed, checks);
  if (signed === null || manifest === null || witnessed === null || !isSubject) return null;
  checkLedger(manifest, checks);
  return { manifest, digest: claimed.digest, ...witnessed };
}

/** Time and log: who else saw the signature. */
export function checkWitnesses(
  signed: Signed | null,
  said: (Pick<Manifest, 'createdAt' | 'tenant'> & Partial<Pick<Manifest, 'log'>>) | null,
  proofs: unknown,
  believed: Believed,
  checks: CheckList,
): Witnessed | null {
  if (signed === null) {
    for (const check of WITNESS_CHECKS) checks.skip(check, 'nothing in it is signed by a trusted key');
    return null;
  }
  const signedAt = checkTimestamp(signed, said?.createdAt ?? null, believed, checks);
  checkKeyWindow(signed, signedAt, said?.tenant ?? null, believed, checks);
  const inLog: InLog | null = checkLogged(signed, signedAt, said?.log ?? null, believed, checks);
  checkConsistency(proofs, inLog, believed, checks);
  return { signedBy: signed.key.keyId, signedAt, log: inLog?.facts ?? null };
}

function checkManifest(value: unknown, checks: CheckList): Manifest | null {
  const shape = manifestSchema.safeParse(value);
  checks.record('manifest', shape.success ? [] : shapeProblems('MANIFEST_SHAPE', shape.error, 'manifest'));
  return shape.success ? shape.data : null;
}

function checkPredicate(statement: Statement | null, manifest: Manifest | null, checks: CheckList): void {
  if (statement === null) return checks.skip('predicate', 'there is no signed statement');
  if (manifest === null) return checks.skip('predicate', 'the manifest has the wrong shape');
  const signed = new Map<string, unknown>(Object.entries(statement.predicate));
  const problems = Object.entries(predicateOf(manifest)).flatMap(([name, found]) =>
    canonicalize(signed.get(name)) === canonicalize(found)
      ? []
      : one('PREDICATE', `the manifest's ${name} is not what was signed`, `manifest.${name}`),
  );
  checks.record('predicate', problems);
}

/** Whether the numbers that a manifest accounts for add up: a number that is nowhere is an item that was left out. */
export function checkLedger(
  { ledger, counts, purpose }: Pick<Manifest, 'ledger' | 'counts' | 'purpose'>,
  checks: CheckList,
): void {
  const { first, last, included, outside, expired, missing, collected, denied, absent } = ledger;
  const numbers = last === 0 ? 0 : last - first + 1;
  const problems: Problem[] = [];
  const wrong = (what: string, member: string) =>
    problems.push(...one('LEDGER', what, `manifest.ledger.${member}`));
  if (last < first || (first === 0) !== (last === 0)) wrong('the numbers end before they begin', 'last');
  else if (included + outside + expired + missing !== numbers) {
    const sum = included + outside + expired + missing;
    wrong(`it accounts for ${sum} of ${numbers} numbers: an item was left out`, 'included');
  }
  if (included !== counts.kept)
    wrong(`it includes ${included} items, and the manifest has ${counts.kept}`, 'included');
  if (collected + denied + absent !== included)
    wrong('the kinds of items do not add up to all of them', 'collected');
  if (missing > 0) wrong(`${missing} items were sealed and are gone, and no receipt says why`, 'missing');
  if (purpose === 'run' && outside + expired > 0)
    wrong('the manifest of a run leaves nothing out', 'outside');
  checks.record('ledger', problems);
}
