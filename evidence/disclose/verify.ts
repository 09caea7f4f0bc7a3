import { canonicalize } from '../canonical-json.ts';
import { hexOf } from '../digest.ts';
import { itemLeaf } from '../leaf.ts';
import { verifyInclusion } from '../merkle.ts';
import { type Predicate, type Statement, statement as statementSchema } from '../statement.ts';
import { checkLedger, checkWitnesses, type Witnessed } from '../verify/attested.ts';
import { ATTESTED_CHECKS } from '../verify/checks.ts';
import { canonicalProblems, decode, isDecoded, noCanonicalForm, tryCanonicalize } from '../verify/file.ts';
import { isProblems, readItem } from '../verify/item-shape.ts';
import {
  CheckList,
  type DisclosureFacts,
  one,
  type Problem,
  shapeProblems,
  type VerifyReport,
} from '../verify/report.ts';
import { checkSignature, checkStatement } from '../verify/signature.ts';
import { readTrust, type Trust } from '../verify/trust.ts';
import { type DisclosedItem, type Disclosure, disclosure as disclosureSchema } from './disclosure.ts';

const MAX_DISCLOSURE_BYTES = 128 * 1024 ** 2;

/** There is no manifest that could be compared with the statement. */
const SIGNED_CHECKS = [
  ...ATTESTED_CHECKS.filter((name) => name !== 'subject' && name !== 'predicate'),
  'ledger',
  'items',
  'item-schema',
] as const;

/**
 * Says whether every item of a disclosure is, byte for byte and in its place, one of those that a holder of a trusted key
 * signed, and if not, what is wrong where. Works offline.
 *
 * @throws EvidenceError KEY, LOG or TIMESTAMP for what can not be trusted because it is none
 */
export function verifyDisclosure(bytes: Uint8Array, trust: Trust): VerifyReport {
  const believed = readTrust(trust);
  const checks = new CheckList();
  const claimed = readDisclosure(bytes, checks);
  if (claimed === null) {
    for (const check of SIGNED_CHECKS) checks.skip(check, 'the file is no disclosure');
    return checks.report(null);
  }
  const signed = checkSignature(claimed.attestation, believed, checks);
  const statement = checkStatement(signed, statementSchema, checks);
  const witnessed = checkWitnesses(signed, statement?.predicate ?? null, undefined, believed, checks);
  if (statement === null || witnessed === null) {
    for (const check of SIGNED_CHECKS) checks.skip(check, 'there is no signed statement');
    return checks.report(null);
  }
  checkLedger(statement.predicate, checks);
  const ids = checkItems(claimed.items, statement.predicate, checks);
  return checks.report(factsOf(statement, witnessed, ids));
}

function readDisclosure(bytes: Uint8Array, checks: CheckList): Disclosure | null {
  const decoded = decode(bytes, MAX_DISCLOSURE_BYTES);
  if (!isDecoded(decoded)) {
    checks.record('file', decoded);
    for (const check of ['shape', 'canonical'] as const) checks.skip(check, 'the file can not be read');
    return null;
  }
  checks.record('file', []);
  const canonical = tryCanonicalize(decoded.value);
  const problems = canonical === null ? noCanonicalForm('file') : canonicalProblems(decoded.text, canonical);
  const isCanonical = checks.record('canonical', problems);
  const shape = disclosureSchema.safeParse(decoded.value);
  checks.record('shape', shape.success ? [] : shapeProblems('SHAPE', shape.error, ''));
  return shape.success && isCanonical ? shape.data : null;
}

/** The ids of the items. */
function checkItems(items: readonly DisclosedItem[], said: Predicate, checks: CheckList): readonly string[] {
  const shapes: Problem[] = [];
  const ids: string[] = [];
  for (const [at, { item }] of items.entries()) {
    const read = readItem(item, `items[${at}].item`);
    if (isProblems(read)) shapes.push(...read);
    else ids.push(read.id);
  }
  checks.record('item-schema', shapes);
  checks.record('items', [
    ...items.flatMap((item, at) => pathProblems(item, said, at)),
    ...items.flatMap(({ index }, at) => orderProblems(index, items[at - 1], at)),
  ]);
  return ids;
}

const FIX = 'Do not rely on this item; get the disclosure again from the agent that made it.';

/** Whether the item is in that place of the tree that was signed. */
function pathProblems(
  { index, item, path, salt }: DisclosedItem,
  said: Predicate,
  at: number,
): readonly Problem[] {
  const where = `items[${at}]`;
  const size = said.counts.kept;
  if (index >= size)
    return one('ITEM_ADDED', `the manifest has ${size} items, and none in place ${index}`, where, FIX);
  const isThere = verifyInclusion({
    leaf: itemLeaf(Buffer.from(canonicalize(item)), Buffer.from(salt, 'hex')),
    index,
    size,
    proof: path.map((hash) => Buffer.from(hash, 'base64')),
    root: Buffer.from(hexOf(said.itemsRoot), 'hex'),
  });
  const what = `this is not what was signed as item ${index} of ${size}: the item, its salt, its place or its path was changed`;
  return isThere ? [] : one('ITEM_CHANGED', what, where, FIX);
}

function orderProblems(index: number, before: DisclosedItem | undefined, at: number): readonly Problem[] {
  if (before === undefined || before.index < index) return [];
  const code = before.index === index ? 'ITEM_DOUBLED' : 'ITEM_MOVED';
  return one(code, 'the items are not in the order of their places, each once', `items[${at}].index`, FIX);
}

function factsOf(
  { subject, predicate }: Statement,
  witnessed: Witnessed,
  ids: readonly string[],
): DisclosureFacts | null {
  const { log, ...by } = witnessed;
  if (log === null) return null;
  const { tenant, createdAt, sequence, purpose, window, counts } = predicate;
  return {
    kind: 'disclosure',
    tenant,
    ...by,
    createdAt,
    log,
    manifest: `sha256:${subject[0].digest.sha256}`,
    sequence,
    purpose,
    window,
    items: ids.length,
    of: counts.kept,
    ids,
  };
}
