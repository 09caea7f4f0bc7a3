import { bundleLedger, ledgerContradictions } from '../account/bundle-ledger.ts';
import { type DocumentName, PART_NAMES, type PartName } from '../bundle/documents.ts';
import { digestOf } from '../digest.ts';
import type { Manifest } from '../manifest.ts';
import { type CheckList, one, type Problem, shapeProblems } from './report.ts';

/** Every part that was changed or removed, by name. The list of contents is looked at with the items. */
export function checkParts(
  documents: ReadonlyMap<DocumentName, Uint8Array>,
  manifest: Manifest,
  checks: CheckList,
): void {
  const promised = new Map(Object.entries(manifest.parts ?? {}));
  const problems: Problem[] = [];
  for (const name of PART_NAMES) {
    if (name !== 'contents') problems.push(...partProblems(name, documents.get(name), promised.get(name)));
    promised.delete(name);
  }
  for (const name of promised.keys()) {
    problems.push(
      ...one('PART_MISSING', `the manifest names a part "${name}", and bundles have none`, 'manifest.parts'),
    );
  }
  checks.record('parts', problems);
  const ledger = documents.get('ledger');
  if (ledger !== undefined && digestOf(ledger) === manifest.parts?.['ledger'])
    checkRows(ledger, manifest, checks);
}

function partProblems(name: PartName, bytes?: Uint8Array, digest?: string): readonly Problem[] {
  if (bytes === undefined) return one('PART_MISSING', `the ${name} is missing`, name);
  if (digest === undefined) return one('PART_ADDED', `the manifest names no ${name}`, name);
  if (digest === digestOf(bytes)) return [];
  return one('PART_CHANGED', `the ${name} was changed: its digest is not the one in the manifest`, name);
}

/** Whether what the signed rows say of each manifest adds up to what the manifest says of all. */
function checkRows(bytes: Uint8Array, manifest: Manifest, checks: CheckList): void {
  const shape = bundleLedger.safeParse(JSON.parse(Buffer.from(bytes).toString()));
  const problems = shape.success
    ? ledgerContradictions(manifest.ledger, shape.data).flatMap((what) => one('LEDGER', what, 'ledger'))
    : shapeProblems('LEDGER', shape.error, 'ledger');
  checks.record('ledger', problems);
}
