import { z } from 'zod';
import { canonicalize } from './canonical-json.ts';
import { type Digest, digestOf } from './digest.ts';
import { payloadBytes } from './dsse.ts';
import { EvidenceError } from './errors.ts';
import type { Item } from './item.ts';
import { itemSchema } from './item-schema.ts';
import { SALT_PATTERN } from './leaf.ts';
import { MAX_ITEMS, manifest } from './manifest.ts';
import { readJson, type Unreadable } from './read-json.ts';
import type { Sealed } from './seal.ts';
import { attestation } from './sigstore.ts';

/**
 * The bundle of an incident: one file, one line of RFC 8785 JSON, that holds its evidence, the reading of it and what
 * proves both. Every byte of it is covered: items by their leaves, the other parts by digests in the manifest, the
 * manifest by the signed statement.
 */

export const BUNDLE_SCHEMA = 'exhibit.bundle/v1';
export const BUNDLE_MEDIA_TYPE = 'application/vnd.exhibit.bundle+json';

export const MAX_BUNDLE_BYTES = 128 * 1024 ** 2;

/** The parts whose digests the manifest names. */
export const PART_NAMES = ['candidates', 'incident', 'summary', 'timeline'] as const;
export type PartName = (typeof PART_NAMES)[number];
/** Any JSON; a value that JSON can not hold is refused when the bundle is made. */
export type BundleParts = Readonly<Record<PartName, unknown>>;

const part = z.unknown().refine((value) => value !== undefined, 'is missing');
const jsonObject = z.custom<object>((value) => isObject(value), 'must be an object');

/** What is known without opening the items and the parts; unknown properties are refused. */
export const bundleShape = z.strictObject({
  schema: z.literal(BUNDLE_SCHEMA),
  incident: part,
  summary: part,
  timeline: part,
  candidates: part,
  items: z
    .array(
      z.strictObject({
        salt: z.string().regex(SALT_PATTERN, 'must be 32 hexadecimal digits'),
        item: jsonObject,
      }),
    )
    .max(MAX_ITEMS),
  manifest: jsonObject,
  attestation: jsonObject,
});
export type BundleDocument = z.infer<typeof bundleShape>;

/** What `SealContext.parts` wants. */
export function partDigests(parts: BundleParts): Record<PartName, Digest> {
  const digest = (name: PartName) => digestOf(canonicalize(parts[name]));
  return {
    candidates: digest('candidates'),
    incident: digest('incident'),
    summary: digest('summary'),
    timeline: digest('timeline'),
  };
}

/** The exact bytes of the bundle. Throws BUNDLE when the batch was sealed as something else or for other parts. */
export function buildBundle(sealed: Sealed, parts: BundleParts): Uint8Array {
  const texts = partTexts(parts);
  const { purpose, parts: promised = {} } = sealed.manifest;
  const differing = PART_NAMES.filter((name) => promised[name] !== digestOf(texts[name]));
  if (purpose !== 'bundle' || differing.length > 0 || Object.keys(promised).length !== PART_NAMES.length) {
    const what = differing.length > 0 ? `other ${differing.join(', ')}` : 'another purpose';
    throw new EvidenceError('BUNDLE', `the manifest was sealed for ${what}`, {
      hint: "Seal with purpose 'bundle' and partDigests() of the same parts.",
    });
  }
  const items = sealed.items.map(({ canonical, salt }) => itemText(canonical, salt));
  const bytes = Buffer.from(
    bundleText({ ...texts, items, manifest: sealed.canonical, attestation: sealed.attestation }),
  );
  if (bytes.length <= MAX_BUNDLE_BYTES) return bytes;
  throw new EvidenceError('BUNDLE', `the bundle would be larger than ${MAX_BUNDLE_BYTES} bytes`, {
    hint: "Narrow the incident's window or scope.",
  });
}

/** Reads a bundle without believing it: `verifyBundle()` says whether it is good. Throws BUNDLE. */
export function parseBundle(bytes: Uint8Array): BundleDocument {
  const hint = 'Use "exhibit verify" to see what is wrong with the file.';
  const read = readJson(bytes, MAX_BUNDLE_BYTES);
  if ('unreadable' in read)
    throw new EvidenceError('BUNDLE', `the file ${UNREADABLE[read.unreadable]}`, { hint });
  const shape = bundleShape.safeParse(read.value);
  if (shape.success) return shape.data;
  const where = shape.error.issues[0]?.path.map(String).slice(0, 3).join('.') ?? '';
  throw new EvidenceError('BUNDLE', `the file is not a bundle${where === '' ? '' : `: see ${where}`}`, {
    hint,
  });
}

const UNREADABLE: Readonly<Record<Unreadable['unreadable'], string>> = {
  TOO_LARGE: `is larger than ${MAX_BUNDLE_BYTES} bytes`,
  NOT_UTF8: 'is not UTF-8 text',
  TOO_DEEP: 'is nested too deeply',
  NOT_JSON: 'is not JSON',
};

/** The items of a bundle in its order. Verify it first: this only checks their shape. Throws BUNDLE. */
export function bundleItems(bytes: Uint8Array): readonly Item[] {
  return parseBundle(bytes).items.map(({ item }, index) => {
    const result = itemSchema.safeParse(item);
    if (result.success) return result.data;
    throw new EvidenceError('BUNDLE', `items[${index}] is not an item of evidence`, {
      hint: 'Use "exhibit verify" to see what is wrong with the file.',
    });
  });
}

/**
 * The parts of a bundle as files, byte for byte as they were digested, for tools of others:
 * `cosign verify-blob-attestation --key evidence.pub --bundle manifest.sigstore.json --insecure-ignore-tlog
 * --type https://exhibit.dev/evidence-manifest/v1 manifest.json`. Throws BUNDLE.
 */
export function extractBundle(bytes: Uint8Array): ReadonlyMap<string, string> {
  const bundle = parseBundle(bytes);
  const signed = attestation.safeParse(bundle.attestation);
  if (!manifest.safeParse(bundle.manifest).success || !signed.success) {
    throw new EvidenceError('BUNDLE', "the bundle's manifest or attestation has the wrong shape", {
      hint: 'Use "exhibit verify" to see what is wrong with the file.',
    });
  }
  const files = new Map<string, string>([
    ['manifest.json', canonicalize(bundle.manifest)],
    ['manifest.sigstore.json', canonicalize(bundle.attestation)],
    ['statement.json', Buffer.from(payloadBytes(signed.data.dsseEnvelope)).toString()],
    ['items.ndjson', bundle.items.map((entry) => `${canonicalize(entry)}\n`).join('')],
  ]);
  for (const [name, text] of Object.entries(partTexts(bundle))) files.set(`${name}.json`, text);
  return files;
}

/** The RFC 8785 forms that a bundle is put together from. */
export interface BundleTexts extends Readonly<Record<PartName, string>> {
  readonly items: readonly string[];
  readonly manifest: string;
  readonly attestation: string;
}

/** Members in RFC 8785 order, so that what is canonical already is not serialised again. */
export function bundleText(texts: BundleTexts): string {
  const { attestation, candidates, incident, items, manifest, summary, timeline } = texts;
  return (
    `{"attestation":${attestation},"candidates":${candidates},"incident":${incident},` +
    `"items":[${items.join(',')}],"manifest":${manifest},"schema":"${BUNDLE_SCHEMA}",` +
    `"summary":${summary},"timeline":${timeline}}`
  );
}

export function itemText(canonical: string, salt: string): string {
  return `{"item":${canonical},"salt":"${salt}"}`;
}

export function partTexts(parts: BundleParts): Record<PartName, string> {
  return {
    candidates: canonicalize(parts.candidates),
    incident: canonicalize(parts.incident),
    summary: canonicalize(parts.summary),
    timeline: canonicalize(parts.timeline),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
