import { listedIn, Tally } from '../account/account.ts';
import type { Account } from '../account/schema.ts';
import { canonicalize } from '../canonical-json.ts';
import type { Item } from '../item.ts';
import type { Manifest } from '../manifest.ts';
import { ItemParser } from './item-parser.ts';
import { isProblems } from './item-shape.ts';
import { type CheckList, one, type Problem } from './report.ts';

/** What the items of a bundle say, looked at one by one as they come. */
export class ItemTally {
  readonly #manifest: Manifest;
  readonly #tally: Tally;
  readonly #parser = new ItemParser();
  readonly #shape: Problem[] = [];
  readonly #order: Problem[] = [];
  #before: Item | null = null;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    this.#tally = new Tally(policyInForce(manifest));
  }

  /** The id, or null when the bytes are no item. They are those that were signed for this place. */
  add(bytes: Buffer, start: number, end: number, index: number): string | null {
    const where = `items[${index}].item`;
    const item = this.#parser.parse(bytes, start, end, where);
    if (isProblems(item)) {
      this.#shape.push(...item);
      return null;
    }
    const before = this.#before;
    if (before !== null && !isAfter(item, before)) this.#order.push(...orderProblem(item, index));
    this.#before = item;
    this.#tally.add(item);
    return item.id;
  }

  /** Checks that are made of items that are those of the manifest. */
  finish(checks: CheckList): void {
    checks.record('item-schema', this.#shape);
    checks.record('item-order', this.#order);
    if (this.#shape.length > 0) {
      checks.skip('counts', 'an item has the wrong shape');
      checks.skip('account', 'an item has the wrong shape');
      return;
    }
    const manifest = this.#manifest;
    const privileges = new Map(manifest.connections.map(({ id, privileges: held }) => [id, held]));
    const found = this.#tally.account({
      range: manifest.ledger,
      policy: policyInForce(manifest),
      privileges: (connection) => privileges.get(connection) ?? null,
      configured: listedIn(manifest.connections),
    });
    checks.record('counts', countProblems(manifest, found));
    checks.record('account', accountProblems(manifest, found));
  }
}

/** The one that is listed although no item was cleared under it; otherwise any that is listed. */
function policyInForce({ policies }: Manifest): { readonly digest: string; readonly version: string } {
  return policies.find(({ items }) => items === 0) ?? policies[0] ?? { digest: '', version: '' };
}

function orderProblem(item: Item, index: number): readonly Problem[] {
  const what = `item ${index} (${item.id}) comes after a younger one, so this manifest was not made by our rules`;
  return one('ITEM_ORDER', what, `items[${index}]`);
}

function isAfter(item: Item, before: Item): boolean {
  if (item.occurredAt !== before.occurredAt) return item.occurredAt > before.occurredAt;
  return item.id > before.id;
}

/** `dropped` is at least what the items say: records that were dropped whole leave no item. */
function countProblems({ counts }: Manifest, { policies, ledger }: Account): readonly Problem[] {
  const treated = policies.reduce((sum, policy) => sum + policy.treated, 0);
  const dropped = policies.reduce((sum, policy) => sum + policy.dropped, 0);
  const contradicted: (keyof typeof counts)[] = [];
  if (counts.kept !== ledger.included) contradicted.push('kept');
  if (counts.treated !== treated) contradicted.push('treated');
  if (counts.dropped < dropped) contradicted.push('dropped');
  return contradicted.flatMap((name) =>
    one('COUNTS', `the items contradict the signed count "${name}"`, `manifest.counts.${name}`),
  );
}

function accountProblems(manifest: Manifest, found: Account): readonly Problem[] {
  const lists = (['connections', 'policies', 'redactions'] as const).flatMap((name) =>
    listProblems(name, manifest[name], found[name]),
  );
  const ledger = (['included', 'collected', 'denied', 'absent', 'dropped'] as const).flatMap((name) =>
    manifest.ledger[name] === found.ledger[name]
      ? []
      : one(
          'ACCOUNT',
          `the items give ${found.ledger[name]} for "${name}", signed is ${manifest.ledger[name]}`,
          `manifest.ledger.${name}`,
        ),
  );
  return [...lists, ...ledger];
}

function listProblems(
  name: string,
  signed: readonly unknown[],
  found: readonly unknown[],
): readonly Problem[] {
  const length = Math.max(signed.length, found.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [signed[index], found[index]];
    if (a !== undefined && b !== undefined && canonicalize(a) === canonicalize(b)) continue;
    return one('ACCOUNT', `the items do not give the ${name} that were signed`, `manifest.${name}[${index}]`);
  }
  return [];
}
