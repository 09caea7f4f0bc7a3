import type { KeyObject } from 'node:crypto';
import type { z } from 'zod';
import { canonicalize, parseCanonical } from '../canonical-json.ts';
import { digestOf } from '../digest.ts';
import { isSignedBy, PAYLOAD_TYPE, payloadBytes } from '../dsse.ts';
import { leafDigest } from '../leaf.ts';
import { type Manifest, manifest as manifestSchema } from '../manifest.ts';
import { merkleRoot } from '../merkle.ts';
import type { ReceiptStatement } from '../receipt.ts';
import { type Attestation, attestation as attestationSchema } from '../sigstore.ts';
import { predicateOf, type Statement, statement as statementSchema } from '../statement.ts';
import { type CheckList, GET_AGAIN, one, type Problem, shapeProblems } from './report.ts';

export interface Attested {
  readonly manifest: Manifest;
  readonly digest: string;
  readonly signedBy: string;
}

/** A manifest and its attestation as they were found; nothing about them is known. */
export interface Claimed {
  readonly manifest: unknown;
  /** RFC 8785 form of `manifest`; null when it has none. */
  readonly canonical: string | null;
  readonly attestation: unknown;
}

/**
 * The checks that every signed manifest must pass: the signature first, then only what it covers. Returns the manifest
 * as soon as it has the shape of one, so that its items can be compared; the check list says whether to believe it.
 */
export function checkAttested(
  claimed: Claimed,
  keys: ReadonlyMap<string, KeyObject>,
  checks: CheckList,
): Attested | null {
  const signed = checkSignature(claimed.attestation, keys, checks);
  const statement = checkStatement(signed, statementSchema, checks);
  const digest = claimed.canonical === null ? null : digestOf(claimed.canonical);
  checkSubject(statement, digest, 'manifest', checks);
  const manifest = checkManifest(claimed.manifest, checks);
  checkPredicate(statement, manifest, checks);
  checkItemsRoot(manifest, checks);
  if (manifest === null || digest === null) return null;
  return { manifest, digest, signedBy: signed?.verificationMaterial.publicKey.hint ?? '' };
}

/** Fails on bytes that are no text, and keeps a byte order mark, so that the text stands for the bytes. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The attestation, when one of the keys signed it. */
export function checkSignature(
  claimed: unknown,
  keys: ReadonlyMap<string, KeyObject>,
  checks: CheckList,
): Attestation | null {
  const shape = attestationSchema.safeParse(claimed);
  checks.record(
    'attestation',
    shape.success ? [] : shapeProblems('ATTESTATION_SHAPE', shape.error, 'attestation'),
  );
  if (!shape.success) {
    checks.skip('signature', 'the attestation has the wrong shape');
    checks.skip('payload-type', 'the attestation has the wrong shape');
    return null;
  }
  const { dsseEnvelope, verificationMaterial } = shape.data;
  const signed = checks.record(
    'signature',
    signatureProblems(shape.data, keys.get(verificationMaterial.publicKey.hint)),
  );
  const typed = checks.record('payload-type', payloadTypeProblems(dsseEnvelope.payloadType));
  return signed && typed ? shape.data : null;
}

function signatureProblems(attestation: Attestation, key: KeyObject | undefined): readonly Problem[] {
  const { dsseEnvelope, verificationMaterial } = attestation;
  if (key === undefined) {
    return one(
      'KEY_UNKNOWN',
      `signed with ${verificationMaterial.publicKey.hint}, which is none of the trusted keys`,
      'attestation.verificationMaterial.publicKey.hint',
      "Get the agent's public key from its operator and compare key ids; until then do not rely on this.",
    );
  }
  if (isSignedBy(dsseEnvelope, key)) return [];
  return one(
    'SIGNATURE',
    'the signature does not fit the statement: one of the two was changed',
    'attestation.dsseEnvelope',
    GET_AGAIN,
  );
}

function payloadTypeProblems(payloadType: string): readonly Problem[] {
  if (payloadType === PAYLOAD_TYPE) return [];
  return one('PAYLOAD_TYPE', `must be ${PAYLOAD_TYPE}`, 'attestation.dsseEnvelope.payloadType', GET_AGAIN);
}

/** What was signed, when it is a statement of this shape. */
export function checkStatement<Said>(
  signed: Attestation | null,
  schema: z.ZodType<Said>,
  checks: CheckList,
): Said | null {
  if (signed === null) {
    checks.skip('statement', 'nothing in it is signed by a trusted key');
    return null;
  }
  const where = 'attestation.dsseEnvelope.payload';
  let value: unknown;
  try {
    value = parseCanonical(UTF8.decode(payloadBytes(signed.dsseEnvelope)));
  } catch {
    checks.record('statement', one('STATEMENT', 'the signed bytes are not canonical JSON', where, GET_AGAIN));
    return null;
  }
  const shape = schema.safeParse(value);
  checks.record('statement', shape.success ? [] : shapeProblems('STATEMENT', shape.error, where));
  return shape.success ? shape.data : null;
}

/** Whether the statement is about exactly these bytes. */
export function checkSubject(
  statement: Pick<Statement, 'subject'> | Pick<ReceiptStatement, 'subject'> | null,
  digest: string | null,
  subject: 'manifest' | 'receipt',
  checks: CheckList,
): void {
  if (statement === null) return checks.skip('subject', 'there is no signed statement');
  if (digest === null) return checks.skip('subject', `the ${subject} has no canonical form`);
  const signed = `sha256:${statement.subject[0].digest.sha256}`;
  const what = `the signed statement is about the ${subject} ${signed}; this one is ${digest}`;
  checks.record('subject', signed === digest ? [] : one('SUBJECT', what, subject, GET_AGAIN));
}

function checkManifest(value: unknown, checks: CheckList): Manifest | null {
  const shape = manifestSchema.safeParse(value);
  if (!shape.success) {
    checks.record('manifest', shapeProblems('MANIFEST_SHAPE', shape.error, 'manifest'));
    return null;
  }
  const seen = new Set<string>();
  const twice: Problem[] = [];
  for (const [index, { id }] of shape.data.items.entries()) {
    if (seen.has(id)) {
      twice.push(
        ...one('MANIFEST_SHAPE', `lists the item ${id} twice`, `manifest.items[${index}]`, GET_AGAIN),
      );
    }
    seen.add(id);
  }
  checks.record('manifest', twice);
  return shape.data;
}

function checkPredicate(statement: Statement | null, manifest: Manifest | null, checks: CheckList): void {
  if (statement === null) return checks.skip('predicate', 'there is no signed statement');
  if (manifest === null) return checks.skip('predicate', 'the manifest has the wrong shape');
  const signed = statement.predicate;
  const found = predicateOf(manifest);
  const names = ['agent', 'counts', 'itemsRoot', 'policy', 'previous', 'sequence', 'window'] as const;
  const differing = names.filter((name) => canonicalize(signed[name]) !== canonicalize(found[name]));
  checks.record(
    'predicate',
    differing.flatMap((name) =>
      one('PREDICATE', `the manifest's ${name} is not what was signed`, `manifest.${name}`, GET_AGAIN),
    ),
  );
}

function checkItemsRoot(manifest: Manifest | null, checks: CheckList): void {
  if (manifest === null) return checks.skip('items-root', 'the manifest has the wrong shape');
  const leaves = manifest.items.map(({ leaf }) => Buffer.from(leaf.slice('sha256:'.length), 'hex'));
  const what = 'the listed leaves do not hash to itemsRoot: an entry was changed, removed, added or moved';
  const matches = leafDigest(merkleRoot(leaves)) === manifest.itemsRoot;
  checks.record('items-root', matches ? [] : one('ITEMS_ROOT', what, 'manifest.items', GET_AGAIN));
}
