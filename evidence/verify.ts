import { MAX_BUNDLE_BYTES } from './bundle.ts';
import { type Attested, checkAttested } from './verify/attested.ts';
import { checkLinks } from './verify/chain.ts';
import { checkFile, checkParts } from './verify/claimed-bundle.ts';
import { decode, isDecoded } from './verify/file.ts';
import { checkItems, ITEM_CHECKS } from './verify/items.ts';
import { checkReceipt } from './verify/receipt.ts';
import { CheckList, type EvidenceFacts, GET_AGAIN, one, type VerifyReport } from './verify/report.ts';
import {
  ATTESTED_CHECKS,
  checkSignedManifest,
  inFile,
  type SignedManifest,
} from './verify/signed-manifest.ts';
import { type Trust, trustedKeys } from './verify/trust.ts';

export { formatReport } from './verify/format.ts';
export type { Check, CheckName, Problem, ProblemCode, VerifiedFacts, VerifyReport } from './verify/report.ts';
export type { SignedManifest } from './verify/signed-manifest.ts';
export type { Trust } from './verify/trust.ts';

/**
 * Says whether these bytes are a bundle made by a holder of a trusted key, every byte of it, and if not, what is wrong
 * where. Works offline; needs nothing but the bytes and the keys. Throws only KEY, for keys that are none.
 */
export function verifyBundle(bytes: Uint8Array, trust: Trust): VerifyReport {
  const keys = trustedKeys(trust);
  const checks = new CheckList();
  const decoded = decode(bytes, MAX_BUNDLE_BYTES);
  if (!isDecoded(decoded)) {
    checks.record('file', decoded);
    for (const check of [
      'shape',
      'canonical',
      ...ATTESTED_CHECKS,
      'purpose',
      ...ITEM_CHECKS,
      'parts',
    ] as const) {
      checks.skip(check, 'the file can not be read');
    }
    return checks.report(null);
  }
  checks.record('file', []);
  const claimed = checkFile(decoded, checks);
  const attested = checkAttested(claimed, keys, checks);
  const manifest = attested?.manifest ?? null;
  checkPurpose(attested, checks);
  checkItems(claimed.items, manifest, checks);
  checkParts(claimed.parts, manifest, checks);
  return checks.report(attested === null ? null : factsOf('bundle', attested));
}

/** The same for a manifest alone: what it lists is proven; the items themselves are not looked at. Throws KEY. */
export function verifyManifest(canonical: string, attestation: string, trust: Trust): VerifyReport {
  const checks = new CheckList();
  const attested = checkSignedManifest({ canonical, attestation }, trustedKeys(trust), checks);
  return checks.report(attested === null ? null : factsOf('manifest', attested));
}

/** Whether a holder of a trusted key signed exactly this receipt; see receipt.ts. Throws KEY. */
export function verifyReceipt(canonical: string, attestation: string, trust: Trust): VerifyReport {
  return checkReceipt({ canonical, attestation }, trustedKeys(trust));
}

/**
 * Verifies manifests, oldest first, and that each follows the one before it. What came after the last, and what came
 * before the first unless that is number 1, it can not know. Throws KEY.
 */
export function verifyChain(manifests: readonly SignedManifest[], trust: Trust): VerifyReport {
  const keys = trustedKeys(trust);
  const checks = new CheckList();
  const each = manifests.map((signed, index) => {
    const own = new CheckList();
    const attested = checkSignedManifest(signed, keys, own);
    const problems = own.report(null).checks.flatMap(({ problem }) => problem ?? []);
    return { attested, problems: inFile(`manifests[${index}]`, problems) };
  });
  checks.record(
    'manifest',
    each.flatMap(({ problems }) => problems),
  );
  const chain = each.map(({ attested }) => attested);
  checkLinks(chain, checks);
  const newest = chain.at(-1) ?? null;
  return checks.report(newest === null ? null : { ...factsOf('chain', newest), manifests: chain.length });
}

function checkPurpose(attested: Attested | null, checks: CheckList): void {
  if (attested === null) return checks.skip('purpose', 'there is no manifest');
  const problems = one('PURPOSE', 'the manifest was not made for a bundle', 'manifest.purpose', GET_AGAIN);
  checks.record('purpose', attested.manifest.purpose === 'bundle' ? [] : problems);
}

function factsOf(kind: EvidenceFacts['kind'], { manifest, digest, signedBy }: Attested): EvidenceFacts {
  const { tenant, sequence, createdAt, window, items } = manifest;
  return {
    kind,
    tenant,
    signedBy,
    manifest: digest,
    sequence,
    createdAt,
    window,
    items: items.length,
    manifests: 1,
  };
}
