import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManifestFate } from '../store/store.ts';
import {
  type BundleLedger,
  bundleLedger,
  bundleLedgerOf,
  type LedgerRow,
  ledgerContradictions,
  rangeOf,
} from './bundle-ledger.ts';
import type { LedgerAccount } from './schema.ts';

const digestOf = (sequence: number) => `sha256:${sequence.toString(16).padStart(64, '0')}`;

/** The fates of manifests that follow one another, and how many of their items a bundle has. */
const histories = fc
  .array(
    fc.record({
      included: fc.nat(5),
      outside: fc.nat(5),
      expired: fc.nat(5),
      missing: fc.nat(2),
      skipped: fc.nat(2),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .chain((runs) => fc.nat(500).map((before) => ({ runs, before })))
  .map(({ runs, before }) => {
    let first = before + 1;
    let sequence = before + 1;
    const fates: ManifestFate[] = [];
    const included = new Map<string, number>();
    for (const run of runs) {
      const items = run.included + run.outside + run.expired + run.missing;
      const digest = digestOf(sequence);
      fates.push({ sequence, digest, first, items, kept: run.included + run.outside, expired: run.expired });
      if (run.included > 0) included.set(digest, run.included);
      first += items;
      // Manifests of bundles stand in between.
      sequence += 1 + run.skipped;
    }
    return { fates, included };
  });

/** What a bundle of these rows signs. */
function signed(ledger: BundleLedger): LedgerAccount {
  const included = ledger.manifests.reduce((sum, row) => sum + row.included, 0);
  return { ...rangeOf(ledger), included, collected: included, denied: 0, absent: 0, dropped: 0 };
}

describe('bundleLedgerOf', () => {
  it('says of every item that was sealed what became of it', () => {
    const fates = [
      { sequence: 7, digest: digestOf(7), first: 31, items: 10, kept: 6, expired: 3 },
      { sequence: 8, digest: digestOf(8), first: 41, items: 0, kept: 0, expired: 0 },
      { sequence: 10, digest: digestOf(10), first: 41, items: 2, kept: 2, expired: 0 },
    ];
    const ledger = bundleLedgerOf(fates, new Map([[digestOf(7), 4]]));
    expect(ledger.manifests).toEqual([
      {
        sequence: 7,
        digest: digestOf(7),
        first: 31,
        items: 10,
        included: 4,
        outside: 2,
        expired: 3,
        missing: 1,
      },
      {
        sequence: 10,
        digest: digestOf(10),
        first: 41,
        items: 2,
        included: 0,
        outside: 2,
        expired: 0,
        missing: 0,
      },
    ]);
    expect(rangeOf(ledger)).toEqual({ first: 31, last: 42, outside: 4, expired: 3, missing: 1 });
  });

  it('fits its schema, has a sum and contradicts nothing, whatever was sealed', () => {
    fc.assert(
      fc.property(histories, ({ fates, included }) => {
        const ledger = bundleLedger.parse(bundleLedgerOf(fates, included));
        const account = signed(ledger);
        const numbers = account.last === 0 ? 0 : account.last - account.first + 1;
        expect(account.included + account.outside + account.expired + account.missing).toBe(numbers);
        expect(ledgerContradictions(account, ledger)).toEqual([]);
      }),
    );
  });
});

describe('ledgerContradictions', () => {
  const someRows = histories
    .map(({ fates, included }) => bundleLedgerOf(fates, included))
    .filter(({ manifests }) => manifests.length > 0);

  /** Every way to leave out, double, move or alter one row. */
  const changes: Readonly<Record<string, (rows: readonly LedgerRow[], at: number) => readonly LedgerRow[]>> =
    {
      removed: (rows, at) => rows.toSpliced(at, 1),
      doubled: (rows, at) => rows.toSpliced(at, 0, ...rows.slice(at, at + 1)),
      moved: (rows, at) => [...rows.slice(at + 1), ...rows.slice(0, at + 1)],
      'one item less': (rows, at) => altered(rows, at, (row) => ({ ...row, items: row.items - 1 })),
      'one included less': (rows, at) => altered(rows, at, (row) => ({ ...row, included: row.included - 1 })),
      'one more outside instead': (rows, at) =>
        altered(rows, at, (row) => ({ ...row, included: row.included - 1, outside: row.outside + 1 })),
      'one more expired instead': (rows, at) =>
        altered(rows, at, (row) => ({ ...row, missing: row.missing - 1, expired: row.expired + 1 })),
      'an item and its number less': (rows, at) =>
        altered(rows, at, (row) => ({ ...row, items: row.items - 1, included: row.included - 1 })),
      'a later start': (rows, at) => altered(rows, at, (row) => ({ ...row, first: row.first + 1 })),
    };

  it.each(Object.entries(changes))(
    'notices a row that is %s, ten thousand times',
    (_, change) => {
      fc.assert(
        fc.property(someRows, fc.nat(), (ledger, random) => {
          const rows = change(ledger.manifests, random % ledger.manifests.length);
          // One row moved among one stays where it is.
          fc.pre(JSON.stringify(rows) !== JSON.stringify(ledger.manifests));
          expect(ledgerContradictions(signed(ledger), { manifests: [...rows] })).not.toEqual([]);
        }),
        { numRuns: 10_000 },
      );
    },
    120_000,
  );

  const ROWS: readonly LedgerRow[] = [
    { sequence: 3, digest: digestOf(3), first: 1, items: 4, included: 3, outside: 1, expired: 0, missing: 0 },
    { sequence: 5, digest: digestOf(5), first: 5, items: 6, included: 2, outside: 1, expired: 3, missing: 0 },
  ];

  it.each(['first', 'last', 'included', 'outside', 'expired', 'missing'] as const)(
    'notices that %s was signed as another number',
    (name) => {
      const account = signed({ manifests: [...ROWS] });
      const other = { ...account, [name]: account[name] + 1 };
      expect(ledgerContradictions(other, { manifests: [...ROWS] })).toEqual([
        `the rows give ${account[name]} for ${name}, signed is ${account[name] + 1}`,
      ]);
    },
  );

  it('notices rows whose errors make up for each other', () => {
    const [one, other] = ROWS.map((row, index) => ({
      ...row,
      included: row.included + (index === 0 ? 1 : -1),
    }));
    const manifests = [one, other].flatMap((row) => row ?? []);
    expect(ledgerContradictions(signed({ manifests: [...ROWS] }), { manifests })).toEqual([
      'the row of manifest 3 does not add up to its 4 items',
      'the row of manifest 5 does not add up to its 6 items',
    ]);
  });

  it('notices manifests that are not in the order of their numbers', () => {
    const manifests = ROWS.map((row) => ({ ...row, sequence: 10 - row.sequence }));
    expect(ledgerContradictions(signed({ manifests }), { manifests })).toEqual([
      'the row of manifest 5 is not in its place',
    ]);
  });

  it('says where numbers are missing', () => {
    const row = {
      sequence: 3,
      digest: digestOf(3),
      first: 1,
      items: 4,
      included: 4,
      outside: 0,
      expired: 0,
      missing: 0,
    };
    const after = { ...row, sequence: 5, digest: digestOf(5), first: 9 };
    const ledger = { manifests: [row, after] };
    expect(ledgerContradictions({ ...signed(ledger), last: 12 }, ledger)).toEqual([
      'numbers 5 to 8 before manifest 5 are not accounted for',
    ]);
  });
});

function altered(
  rows: readonly LedgerRow[],
  at: number,
  change: (row: LedgerRow) => LedgerRow,
): readonly LedgerRow[] {
  return rows.map((row, index) => (index === at ? change(row) : row));
}
