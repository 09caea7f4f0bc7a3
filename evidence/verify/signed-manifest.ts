import { digestOf } from '../digest.ts';
import type { ReadJson } from '../read-json.ts';
import { type Attested, checkAttested } from './attested.ts';
import { MANIFEST_CHECKS } from './checks.ts';
import { canonicalProblems, decode, isDecoded, noCanonicalForm, tryCanonicalize } from './file.ts';
import type { CheckList, CheckName, Problem } from './report.ts';
import type { Believed } from './trust.ts';

/** A manifest as the store keeps it and the API serves it. */
export interface SignedManifest {
  /** manifest.json in RFC 8785 form. */
  readonly canonical: string;
  /** The Sigstore bundle over its statement. */
  readonly attestation: string;
}

/** What a DSSE payload may hold, and then some: the manifest has all that the statement has. */
const MAX_MANIFEST_BYTES = 8 * 1024 ** 2;
const MAX_ATTESTATION_BYTES = 8 * 1024 ** 2;

export function checkSignedManifest(
  signed: SignedManifest,
  believed: Believed,
  checks: CheckList,
): Attested | null {
  const read = readSigned(signed, 'manifest', MAX_MANIFEST_BYTES, MANIFEST_CHECKS, checks);
  if (read === null) return null;
  const attested = checkAttested({ ...read, manifest: read.subject }, believed, checks);
  if (attested === null) checks.skip('ledger', 'there is no signed manifest');
  return attested;
}

export interface ReadSigned {
  readonly subject: unknown;
  /** Of the subject's bytes. */
  readonly digest: string;
  readonly attestation: unknown;
}

/** The subject of an attestation and the attestation itself, as JSON; null when one of them is none. */
export function readSigned(
  signed: SignedManifest,
  name: string,
  maxBytes: number,
  skipped: readonly CheckName[],
  checks: CheckList,
): ReadSigned | null {
  const subject = decode(Buffer.from(signed.canonical), maxBytes);
  const attestation = decode(Buffer.from(signed.attestation), MAX_ATTESTATION_BYTES);
  if (!isDecoded(subject) || !isDecoded(attestation)) {
    const problems = isDecoded(subject) ? [] : inFile(name, subject);
    checks.record('file', [
      ...problems,
      ...(isDecoded(attestation) ? [] : inFile('attestation', attestation)),
    ]);
    for (const check of ['canonical', ...skipped] as const) checks.skip(check, 'a file can not be read');
    return null;
  }
  checks.record('file', []);
  checks.record('canonical', [
    ...inFile(name, formProblems(subject)),
    ...inFile('attestation', formProblems(attestation)),
  ]);
  return { subject: subject.value, digest: digestOf(subject.text), attestation: attestation.value };
}

function formProblems({ text, value }: ReadJson): readonly Problem[] {
  const canonical = tryCanonicalize(value);
  return canonical === null ? noCanonicalForm('file') : canonicalProblems(text, canonical);
}

export function inFile(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, where: `${name}: ${problem.where}` }));
}
