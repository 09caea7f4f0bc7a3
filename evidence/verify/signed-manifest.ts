import type { KeyObject } from 'node:crypto';
import type { ReadJson } from '../read-json.ts';
import { type Attested, checkAttested } from './attested.ts';
import { canonicalProblems, decode, isDecoded, noCanonicalForm, tryCanonicalize } from './file.ts';
import { type CheckList, type CheckName, type Problem } from './report.ts';

/** A manifest as the store keeps it and the API serves it. */
export interface SignedManifest {
  /** manifest.json in RFC 8785 form. */
  readonly canonical: string;
  /** The Sigstore bundle over its statement. */
  readonly attestation: string;
}

/** Room for a manifest of MAX_ITEMS entries. */
const MAX_MANIFEST_BYTES = 64 * 1024 ** 2;
const MAX_ATTESTATION_BYTES = 256 * 1024;

export const ATTESTED_CHECKS = [
  'attestation',
  'signature',
  'payload-type',
  'statement',
  'subject',
  'manifest',
  'predicate',
  'items-root',
] as const satisfies readonly CheckName[];

export function checkSignedManifest(
  signed: SignedManifest,
  keys: ReadonlyMap<string, KeyObject>,
  checks: CheckList,
): Attested | null {
  const read = readSigned(signed, 'manifest', MAX_MANIFEST_BYTES, ATTESTED_CHECKS, checks);
  if (read === null) return null;
  const { subject, attestation } = read;
  return checkAttested({ manifest: subject, canonical: tryCanonicalize(subject), attestation }, keys, checks);
}

/** The subject of an attestation and the attestation itself, as JSON; null when one of them is none. */
export function readSigned(
  signed: SignedManifest,
  name: string,
  maxBytes: number,
  skipped: readonly CheckName[],
  checks: CheckList,
): { readonly subject: unknown; readonly attestation: unknown } | null {
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
  return { subject: subject.value, attestation: attestation.value };
}

function formProblems({ text, value }: ReadJson): readonly Problem[] {
  const canonical = tryCanonicalize(value);
  return canonical === null ? noCanonicalForm('file') : canonicalProblems(text, canonical);
}

export function inFile(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, where: `${name}: ${problem.where}` }));
}
