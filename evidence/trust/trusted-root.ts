import { X509Certificate } from 'node:crypto';
import { canonicalize } from '../canonical-json.ts';
import { EvidenceError } from '../errors.ts';
import { keyIdBytes, noteKeySpki, parseVkey } from '../log/vkey.ts';
import type { CheckpointHistoryKey, KeyHistory } from './key-history.ts';

/**
 * trusted_root.json as `cosign --trusted-root` and @sigstore/verify read it (sigstore/protobuf-specs,
 * sigstore_trustroot.proto): the keys of the agent's log and the timestamp authorities, each with its window. The key
 * that signs evidence is not part of it: stock verifiers are given that one separately.
 */

export const TRUSTED_ROOT_MEDIA_TYPE = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';

export interface TimestampAuthority {
  readonly url: string;
  /** The certificates in PEM: the authority's own first, the root last. */
  readonly chainPem: string;
}

/** The document in RFC 8785 form. Throws KEY for a chain that can not be read. */
export function trustedRoot(history: KeyHistory, authorities: readonly TimestampAuthority[]): string {
  const logs = history.keys.filter((entry) => entry.purpose === 'checkpoint');
  return canonicalize({
    mediaType: TRUSTED_ROOT_MEDIA_TYPE,
    tlogs: logs.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1)).map(logInstance),
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: authorities.map(authority),
  });
}

/** A log is named by the id of its note key, four bytes, which is what stands before its signatures as well. */
function logInstance(entry: CheckpointHistoryKey) {
  const key = parseVkey(entry.vkey);
  const end = earliest(entry.validUntil, entry.revokedAt);
  return {
    // Verifiers compare the host of this with the origin of checkpoints; nothing is fetched from it.
    baseUrl: `https://${key.name}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: Buffer.from(noteKeySpki(key)).toString('base64'),
      keyDetails: 'PKIX_ED25519',
      validFor: { start: entry.validFrom, ...(end === null ? {} : { end }) },
    },
    logId: { keyId: Buffer.from(keyIdBytes(key)).toString('base64') },
  };
}

function earliest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function authority({ url, chainPem }: TimestampAuthority) {
  const chain = certificates(chainPem);
  const [leaf] = chain;
  const own = leaf?.toLegacyObject().subject;
  // The longest time in which all of the chain is good.
  const start = chain.map(({ validFromDate }) => validFromDate.getTime()).reduce((a, b) => Math.max(a, b), 0);
  const end = chain
    .map(({ validToDate }) => validToDate.getTime())
    .reduce((a, b) => Math.min(a, b), Infinity);
  return {
    subject: { organization: text(own?.O), commonName: text(own?.CN) },
    uri: url,
    certChain: { certificates: chain.map(({ raw }) => ({ rawBytes: raw.toString('base64') })) },
    validFor: { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
  };
}

function certificates(chainPem: string): readonly X509Certificate[] {
  const blocks = chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw badChain(error);
  }
  throw badChain();
}

function badChain(cause?: unknown): EvidenceError {
  return new EvidenceError('KEY', 'the certificate chain of the timestamp authority can not be read', {
    hint: "Give a PEM file: the authority's certificate first, the root last.",
    ...(cause === undefined ? {} : { cause }),
  });
}

function text(part: string | readonly string[] | undefined): string {
  return typeof part === 'string' ? part : (part?.[0] ?? '');
}
