import { readFile, stat } from 'node:fs/promises';
import { MAX_JSON_BYTES } from './bundle/limits.ts';
import { type BundleInput, openBundle } from './bundle/open.ts';
import { UnreadableBundle } from './bundle/refuse.ts';
import type { BundleSource } from './bundle/source.ts';
import { type Attested } from './verify/attested.ts';
import { checkBundle } from './verify/bundle.ts';
import { checkLinks } from './verify/chain.ts';
import { BUNDLE_CHECKS } from './verify/checks.ts';
import { recordUnreadable } from './verify/file.ts';
import { checkReceipt } from './verify/receipt.ts';
import { CheckList, type EvidenceFacts, type VerifyReport } from './verify/report.ts';
import { checkSignedManifest, inFile, type SignedManifest } from './verify/signed-manifest.ts';
import { readTrust, type Trust } from './verify/trust.ts';

export { formatReport } from './verify/format.ts';
export { verifyKeyHistory } from './verify/key-history.ts';
export type {
  Check,
  CheckName,
  CheckResult,
  Problem,
  ProblemCode,
  VerifiedFacts,
  VerifyReport,
} from './verify/report.ts';
export type { SignedManifest } from './verify/signed-manifest.ts';
export type { Trust } from './verify/trust.ts';

/**
 * Says whether this is a bundle made by a holder of a trusted key, every byte of it, in any of its forms, and if not,
 * what is wrong where. Works offline, needs nothing but the bundle and what is trusted, and holds eight bytes of each
 * item. What comes out of a pipe can be read once, so that it is only said from where on its items are wrong.
 *
 * @param input a path, a whole file, a stream, or a bundle that is open, which is closed
 * @throws EvidenceError KEY, LOG or TIMESTAMP for what can not be trusted because it is none; the error of the file
 *   system for a path that can not be read
 */
export async function verifyBundle(input: BundleInput | BundleSource, trust: Trust): Promise<VerifyReport> {
  const believed = readTrust(trust);
  const checks = new CheckList();
  let attested: Attested | null = null;
  try {
    const source = isSource(input) ? input : await openBundle(input);
    try {
      attested = await checkBundle(source, reopening(input), believed, checks);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!(error instanceof UnreadableBundle)) throw error;
    recordUnreadable(error, await wholeFile(input), checks);
    for (const check of BUNDLE_CHECKS) checks.skip(check, 'the file can not be read');
  }
  return checks.report(attested === null ? null : factsOf('bundle', attested));
}

function isSource(input: BundleInput | BundleSource): input is BundleSource {
  return typeof input === 'object' && 'documents' in input;
}

/** To say where a byte is wrong; null for what is no file, or too large to be held. */
async function wholeFile(input: BundleInput | BundleSource): Promise<Uint8Array | null> {
  if (input instanceof Uint8Array) return input;
  if (typeof input !== 'string' || (await stat(input)).size > MAX_JSON_BYTES) return null;
  return readFile(input);
}

function reopening(input: BundleInput | BundleSource): (() => Promise<BundleSource>) | null {
  return typeof input === 'string' || input instanceof Uint8Array ? () => openBundle(input) : null;
}

/** The same for a manifest alone: what it says is proven; the items themselves are not looked at. */
export function verifyManifest(canonical: string, attestation: string, trust: Trust): VerifyReport {
  const checks = new CheckList();
  const attested = checkSignedManifest({ canonical, attestation }, readTrust(trust), checks);
  return checks.report(attested === null ? null : factsOf('manifest', attested));
}

/** Whether a holder of a trusted key signed exactly this receipt; see receipt.ts. */
export function verifyReceipt(canonical: string, attestation: string, trust: Trust): VerifyReport {
  return checkReceipt({ canonical, attestation }, readTrust(trust));
}

/**
 * Verifies manifests, oldest first, and that each follows the one before it. What came after the last, and what came
 * before the first unless that is number 1, it can not know.
 */
export function verifyChain(manifests: readonly SignedManifest[], trust: Trust): VerifyReport {
  const believed = readTrust(trust);
  const checks = new CheckList();
  const each = manifests.map((signed, index) => {
    const own = new CheckList();
    const attested = checkSignedManifest(signed, believed, own);
    const { checks: made } = own.report(null);
    const failed = made.flatMap(({ result, problem }) => (result === 'failed' && problem ? [problem] : []));
    for (const { check, result, problem } of made) {
      // What is not proved of one is not proved of any: the last one stands for all.
      if (index === manifests.length - 1 && result === 'warning' && problem) checks.warn(check, problem);
    }
    return { attested, problems: inFile(`manifests[${index}]`, failed) };
  });
  checks.record(
    'manifest',
    each.flatMap(({ problems }) => problems),
  );
  const chain = each.map(({ attested }) => attested);
  checkLinks(chain, checks);
  const newest = chain.at(-1) ?? null;
  const facts = newest === null ? null : factsOf('chain', newest);
  return checks.report(facts === null ? null : { ...facts, manifests: chain.length });
}

function factsOf(kind: EvidenceFacts['kind'], attested: Attested): EvidenceFacts | null {
  const { manifest, digest, signedBy, signedAt, log } = attested;
  if (log === null) return null;
  const { tenant, sequence, createdAt, window, counts } = manifest;
  return {
    kind,
    tenant,
    signedBy,
    signedAt,
    log,
    manifest: digest,
    sequence,
    createdAt,
    window,
    items: counts.kept,
    manifests: 1,
  };
}
