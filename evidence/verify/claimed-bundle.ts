import { bundleShape, bundleText, itemText, PART_NAMES, type PartName } from '../bundle.ts';
import { digestOf } from '../digest.ts';
import type { Manifest } from '../manifest.ts';
import type { ReadJson } from '../read-json.ts';
import type { Claimed } from './attested.ts';
import { canonicalProblems, noCanonicalForm, tryCanonicalize } from './file.ts';
import type { ClaimedItem } from './items.ts';
import { type CheckList, GET_AGAIN, one, type Problem, shapeProblems } from './report.ts';

/** What a file says it holds. */
export interface ClaimedBundle extends Claimed {
  /** Null when the file has not the shape of a bundle. */
  readonly items: readonly ClaimedItem[] | null;
  /** RFC 8785 forms of the parts that are there and have one. */
  readonly parts: ReadonlyMap<PartName, string>;
}

/** Shape and canonical form. The forms of the parts are made here, once; all digests are taken of them. */
export function checkFile({ value, text }: ReadJson, checks: CheckList): ClaimedBundle {
  const shape = bundleShape.safeParse(value);
  checks.record('shape', shape.success ? [] : shapeProblems('SHAPE', shape.error, ''));
  const claimed = claim(value, shape.success ? shape.data.items : null);
  checks.record('canonical', formProblems(value, text, claimed));
  return claimed;
}

interface ItemEntry {
  readonly item: object;
  readonly salt: string;
}

function claim(value: unknown, entries: readonly ItemEntry[] | null): ClaimedBundle {
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const parts = new Map<PartName, string>();
  for (const name of PART_NAMES) {
    const canonical = tryCanonicalize(fields[name]);
    if (canonical !== null) parts.set(name, canonical);
  }
  return {
    manifest: fields['manifest'],
    canonical: tryCanonicalize(fields['manifest']),
    attestation: fields['attestation'],
    items: entries?.map(({ item, salt }) => ({ item, salt, canonical: tryCanonicalize(item) })) ?? null,
    parts,
  };
}

function formProblems(value: unknown, text: string, claimed: ClaimedBundle): readonly Problem[] {
  const whole = wholeText(claimed) ?? tryCanonicalize(value);
  if (whole !== null) return canonicalProblems(text, whole);
  const item = claimed.items?.findIndex(({ canonical }) => canonical === null) ?? -1;
  if (item !== -1) return noCanonicalForm(`items[${item}].item`);
  return noCanonicalForm(PART_NAMES.find((name) => !claimed.parts.has(name)) ?? 'file');
}

/** The file put together from the forms of its parts: quicker than serialising it again. */
function wholeText({ attestation, canonical, items, parts }: ClaimedBundle): string | null {
  const signed = tryCanonicalize(attestation);
  const [candidates, incident, summary, timeline] = PART_NAMES.map((name) => parts.get(name));
  if (signed === null || canonical === null || items === null) return null;
  if (candidates === undefined || incident === undefined || summary === undefined || timeline === undefined) {
    return null;
  }
  const entries: string[] = [];
  for (const entry of items) {
    if (entry.canonical === null) return null;
    entries.push(itemText(entry.canonical, entry.salt));
  }
  return bundleText({
    attestation: signed,
    candidates,
    incident,
    items: entries,
    manifest: canonical,
    summary,
    timeline,
  });
}

/** Every part that was changed, removed or added, by name. */
export function checkParts(
  parts: ReadonlyMap<PartName, string>,
  manifest: Manifest | null,
  checks: CheckList,
): void {
  if (manifest === null) return checks.skip('parts', 'there is no manifest');
  const promised = new Map(Object.entries(manifest.parts ?? {}));
  const problems: Problem[] = [];
  for (const name of PART_NAMES) {
    problems.push(...partProblems(name, parts.get(name), promised.get(name)));
    promised.delete(name);
  }
  for (const name of promised.keys()) {
    const what = `the manifest names a part "${name}", and bundles have none`;
    problems.push(...one('PART_MISSING', what, 'manifest.parts', GET_AGAIN));
  }
  checks.record('parts', problems);
}

function partProblems(name: PartName, canonical?: string, digest?: string): readonly Problem[] {
  if (canonical === undefined) return one('PART_MISSING', `the ${name} is missing`, name, GET_AGAIN);
  if (digest === undefined) return one('PART_ADDED', `the manifest names no ${name}`, name, GET_AGAIN);
  if (digest === digestOf(canonical)) return [];
  return one(
    'PART_CHANGED',
    `the ${name} was changed: its digest is not the one in the manifest`,
    name,
    GET_AGAIN,
  );
}
