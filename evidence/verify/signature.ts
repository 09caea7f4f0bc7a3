import type { z } from 'zod';
import { parseCanonical } from '../canonical-json.ts';
import { isSignedBy, PAYLOAD_TYPE, payloadBytes } from '../dsse.ts';
import { type Attestation, attestation as attestationSchema } from '../sigstore.ts';
import type { TrustedKey } from '../trust/trust.ts';
import { type CheckList, one, type Problem, shapeProblems } from './report.ts';
import type { Believed } from './trust.ts';

/** An attestation that one of the trusted keys signed. */
export interface Signed {
  readonly attestation: Attestation;
  readonly key: TrustedKey;
}

/** Fails on bytes that are no text, and keeps a byte order mark, so that the text stands for the bytes. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The attestation, when one of the keys signed it. */
export function checkSignature(claimed: unknown, { keys }: Believed, checks: CheckList): Signed | null {
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
  const key = keys.evidence.get(verificationMaterial.publicKey.hint);
  const signed = checks.record('signature', signatureProblems(shape.data, key));
  const typed = checks.record('payload-type', payloadTypeProblems(dsseEnvelope.payloadType));
  return signed && typed && key !== undefined ? { attestation: shape.data, key } : null;
}

function signatureProblems(attestation: Attestation, key: TrustedKey | undefined): readonly Problem[] {
  const { dsseEnvelope, verificationMaterial } = attestation;
  if (key === undefined) {
    return one(
      'KEY_UNKNOWN',
      `signed with ${verificationMaterial.publicKey.hint}, which is none of the trusted keys`,
      'attestation.verificationMaterial.publicKey.hint',
      "Get the agent's public key from its operator and compare key ids; until then do not rely on this.",
    );
  }
  if (isSignedBy(dsseEnvelope, key.key)) return [];
  return one(
    'SIGNATURE',
    'the signature does not fit the statement: one of the two was changed',
    'attestation.dsseEnvelope',
  );
}

function payloadTypeProblems(payloadType: string): readonly Problem[] {
  if (payloadType === PAYLOAD_TYPE) return [];
  return one('PAYLOAD_TYPE', `must be ${PAYLOAD_TYPE}`, 'attestation.dsseEnvelope.payloadType');
}

/** What was signed, when it is a statement of this shape. */
export function checkStatement<Said>(
  signed: Signed | null,
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
    value = parseCanonical(UTF8.decode(payloadBytes(signed.attestation.dsseEnvelope)));
  } catch {
    checks.record('statement', one('STATEMENT', 'the signed bytes are not canonical JSON', where));
    return null;
  }
  const shape = schema.safeParse(value);
  checks.record('statement', shape.success ? [] : shapeProblems('STATEMENT', shape.error, where));
  return shape.success ? shape.data : null;
}

/** Whether the statement is about exactly these bytes. */
export function checkSubject(
  statement: { readonly subject: readonly [{ readonly digest: { readonly sha256: string } }] } | null,
  digest: string,
  subject: 'manifest' | 'receipt',
  checks: CheckList,
): boolean {
  if (statement === null) {
    checks.skip('subject', 'there is no signed statement');
    return false;
  }
  const signed = `sha256:${statement.subject[0].digest.sha256}`;
  const what = `the signed statement is about the ${subject} ${signed}; this one is ${digest}`;
  return checks.record('subject', signed === digest ? [] : one('SUBJECT', what, subject));
}
