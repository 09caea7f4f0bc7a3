import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../canonical-json.ts';
import type { Item } from '../item.ts';
import { type AccountContext, accountOf, listedIn, rangeAfter } from './account.ts';
import { connectionAccount, ledgerAccount, policyAccount, redactionAccount } from './schema.ts';
import { itemOf } from './testing/item-of.ts';
import { randomItems } from './testing/random-items.ts';

const IN_FORCE = { digest: `sha256:${'c'.repeat(64)}`, version: 'standard@3' };
const CONTEXT: AccountContext = { range: rangeAfter(40, 7), policy: IN_FORCE, privileges: () => null };

const BLOCKED = {
  kind: 'symptom',
  connection: 'orders-db',
  version: '1.4.2',
  read: 'blocking',
  readDigest: `sha256:${'6'.repeat(64)}`,
  run: 'run-1',
  policy: IN_FORCE,
  fields: 3,
  redactions: [{ rule: 'email', count: 2 }],
  dropped: 1,
  withheld: 0,
  state: 'complete',
  cost: { bytes: 700, calls: 1, durationMs: 8, rows: 14 },
} as const;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const sumOf = (items: readonly Item[], of: (item: Item) => number) => sum(items.map(of));

describe('accountOf', () => {
  it('says which read brought what, how complete it was and what it cost', () => {
    const gap = {
      ...BLOCKED,
      kind: 'gap',
      run: 'run-2',
      state: 'partial',
      fields: 2,
      redactions: [],
    } as const;
    const later = { ...BLOCKED.cost, durationMs: 11, sourceMs: 5 };
    const { connections, policies, redactions, ledger } = accountOf(
      [itemOf(BLOCKED), itemOf(gap), itemOf({ ...BLOCKED, cost: later })],
      { ...CONTEXT, privileges: (id) => ({ held: [id], missing: ['pg_monitor'], excess: 4 }) },
    );
    expect(connections).toEqual([
      {
        id: 'orders-db',
        connectors: ['sample@1.4.2'],
        privileges: { held: ['orders-db'], missing: ['pg_monitor'], excess: 4 },
        reads: [
          {
            id: 'blocking',
            digests: [`sha256:${'6'.repeat(64)}`],
            runs: 2,
            items: 3,
            gaps: 1,
            completeness: { complete: 1, partial: 1, unknown: 0 },
            cost: { bytes: 1400, calls: 2, durationMs: 19, rows: 28, sourceMs: 5 },
          },
        ],
      },
    ]);
    expect(policies).toEqual([{ ...IN_FORCE, items: 3, allowed: 8, treated: 4, dropped: 3 }]);
    expect(redactions).toEqual([{ rule: 'email', count: 4 }]);
    expect(ledger).toMatchObject({ included: 3, collected: 2, absent: 1, denied: 0 });
  });

  it('counts the records that a refusal stands for', () => {
    const refusal = { ...BLOCKED, kind: 'refusal' } as const;
    const { ledger } = accountOf([itemOf({ ...refusal, withheld: 31 }), itemOf(refusal)], CONTEXT);
    expect(ledger).toMatchObject({ denied: 2, dropped: 31, collected: 0 });
  });

  it('lists the policy in force although nothing was cleared under it', () => {
    expect(accountOf([], CONTEXT).policies).toEqual([
      { ...IN_FORCE, items: 0, allowed: 0, treated: 0, dropped: 0 },
    ]);
  });

  it('lists what is configured although nothing was found, and how its reads went last', () => {
    const latest = { at: '2026-11-21T00:12:00.000Z', status: 'failed' } as const;
    const configured = [
      { id: 'orders-db', connector: 'sample@2.0.0', reads: [{ id: 'blocking', latest }] },
      { id: 'shop-repo', connector: 'sample@2.0.0', reads: [{ id: 'sizes', latest: null }] },
    ];
    const { connections } = accountOf([itemOf(BLOCKED)], { ...CONTEXT, configured });
    expect(connections[0]).toMatchObject({ connectors: ['sample@1.4.2'], reads: [{ items: 1, latest }] });
    expect(connections[1]).toMatchObject({
      connectors: ['sample@2.0.0'],
      reads: [{ id: 'sizes', items: 0, runs: 0, digests: [], latest: null }],
    });
    expect(listedIn(connections)).toEqual([{ ...configured[0], connector: 'sample@1.4.2' }, configured[1]]);
  });

  it('fits the schema and adds up, whatever the items are', () => {
    fc.assert(
      fc.property(randomItems, (items) => {
        const account = accountOf(items, CONTEXT);
        for (const connection of account.connections) connectionAccount.parse(connection);
        for (const policy of account.policies) policyAccount.parse(policy);
        for (const redaction of account.redactions) redactionAccount.parse(redaction);
        const ledger = ledgerAccount.parse(account.ledger);

        const reads = account.connections.flatMap((connection) => connection.reads);
        expect(ledger.included).toBe(items.length);
        expect(ledger.collected + ledger.denied + ledger.absent).toBe(items.length);
        expect(sum(reads.map((read) => read.items))).toBe(items.length);
        expect(sum(reads.map((read) => read.gaps))).toBe(ledger.absent);
        for (const { runs, completeness } of reads)
          expect(completeness.complete + completeness.partial + completeness.unknown).toBe(runs);
        expect(sum(account.policies.map((policy) => policy.items))).toBe(items.length);
        const changed = sumOf(items, ({ provenance }) =>
          sum(provenance.redactions.map(({ count }) => count)),
        );
        expect(sum(account.redactions.map(({ count }) => count))).toBe(changed);
        expect(sum(account.policies.map((policy) => policy.treated))).toBe(changed);
        expect(sum(account.policies.map((policy) => policy.dropped))).toBe(
          sumOf(items, ({ provenance }) => provenance.dropped.count),
        );
      }),
    );
  });

  it('is the same in whatever order the items come', () => {
    const shuffled = randomItems.chain((items) =>
      fc.tuple(
        fc.constant(items),
        fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([items, others]) => {
        expect(canonicalize(accountOf(others, CONTEXT))).toBe(canonicalize(accountOf(items, CONTEXT)));
      }),
    );
  });

  it('can be counted again from the items and from what it lists itself', () => {
    const reads = fc.uniqueArray(fc.constantFrom('blocking', 'sizes', 'rows'));
    const latest = { at: '2026-11-21T00:12:00.000Z', status: 'ok' } as const;
    const listed = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('orders-db', 'prod', 'unused'),
        connector: fc.constantFrom('sample@1.4.2', 'sample@2.0.0'),
        reads: reads.map((ids) => ids.map((id, index) => ({ id, latest: index === 1 ? null : latest }))),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(randomItems, listed, (items, configured) => {
        const signed = accountOf(items, { ...CONTEXT, configured });
        const again = accountOf(items, { ...CONTEXT, configured: listedIn(signed.connections) });
        expect(canonicalize(again)).toBe(canonicalize(signed));
      }),
    );
  });

  it('notices when any one item is not there', () => {
    const one = randomItems.filter(({ length }) => length > 0);
    fc.assert(
      fc.property(one, fc.nat(), (items, random) => {
        const left = items.toSpliced(random % items.length, 1);
        expect(accountOf(left, CONTEXT)).not.toEqual(accountOf(items, CONTEXT));
      }),
    );
  });
});

describe('rangeAfter', () => {
  it('gives the numbers that follow', () => {
    expect(rangeAfter(40, 7)).toEqual({ first: 41, last: 47, outside: 0, expired: 0, missing: 0 });
  });

  it('is empty for no items, wherever the numbers are', () => {
    expect(rangeAfter(40, 0)).toMatchObject({ first: 0, last: 0 });
  });
});
