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
  const manifest = decode(Buffer.from(signed.canonical), MAX_MANIFEST_BYTES);
  const attestation = decode(Buffer.from(signed.attestation), MAX_ATTESTATION_BYTES);
  if (!isDecoded(manifest) || !isDecoded(attestation)) {
    const problems = isDecoded(manifest) ? [] : inFile('manifest', manifest);
    checks.record('file', [
      ...problems,
      ...(isDecoded(attestation) ? [] : inFile('attestation', attestation)),
    ]);
    for (const check of ['canonical', ...ATTESTED_CHECKS] as const)
      checks.skip(check, 'a file can not be read');
    return null;
  }
  checks.record('file', []);
  checks.record('canonical', [
    ...inFile('manifest', formProblems(manifest)),
    ...inFile('attestation', formProblems(attestation)),
  ]);
  const canonical = tryCanonicalize(manifest.value);
  return checkAttested({ manifest: manifest.value, canonical, attestation: attestation.value }, keys, checks);
}

function formProblems({ text, value }: ReadJson): readonly Problem[] {
  const canonical = tryCanonicalize(value);
  return canonical === null ? noCanonicalForm('file') : canonicalProblems(text, canonical);
}

export function inFile(name: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, where: `${name}: ${problem.where}` }));
}
