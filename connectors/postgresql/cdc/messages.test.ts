import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../sdk/index.ts';
import { type Message, parseMessage } from './messages.ts';
import { type Heard, tally } from './tally.ts';

/** What PostgreSQL 18 wrote, cut as queries/cdc.sql cuts it. */
const RECORDED = {
  begin: '420000000001757240000303c3ff3e1a4f000002f2',
  commit: '430000000000017572400000000001757270000303c3ff3e1a4f',
  shop:
    '52000040007075626c69630073686f70006600030169640000000017ffffffff016e6f74650000000019ffffffff01616d6f756e74' +
    '00000006a4ffffffff',
  plain: '52000040087075626c696300706c61696e006400020169640000000017ffffffff006e6f74650000000019ffffffff',
  insert: '4900004000',
  delete: '4400004008',
  full:
    '55000040004f0003740000000131740000000976616c7565686572657400000001354e00037400000001317400000009' +
    '76616c756568657265740000000137',
  key: '55000040084b00027400000001316e4e0002740000000132740000000976616c756568657265',
  cut: '55000040084e',
  type: '59000040117075626c6963006d6f6f6400',
  origin: '4f00000000000001236f00',
  truncate: '5400000002000000400000004008',
} as const;

const bytes = (name: keyof typeof RECORDED): Buffer => Buffer.from(RECORDED[name], 'hex');
const heard = (...names: (keyof typeof RECORDED)[]): Heard[] =>
  names.map((name) => ({ bytes: bytes(name), times: 1 }));
/** In the recorded rows. */
const VALUE = 'valuehere';

describe('parseMessage', () => {
  it.each<[keyof typeof RECORDED, Message]>([
    ['begin', { type: 'begin', commit: 0x17572_40n, at: '2026-11-21T08:34:25.898Z' }],
    ['commit', { type: 'commit', commit: 0x17572_40n, end: 0x17572_70n, at: '2026-11-21T08:34:25.898Z' }],
    [
      'shop',
      { type: 'relation', oid: 16384, schema: 'public', table: 'shop', columns: ['id', 'note', 'amount'] },
    ],
    ['plain', { type: 'relation', oid: 16392, schema: 'public', table: 'plain', columns: ['id', 'note'] }],
    ['insert', { type: 'insert', oid: 16384 }],
    ['delete', { type: 'delete', oid: 16392 }],
    ['full', { type: 'update', oid: 16384, changed: [2], isComplete: true, width: 3 }],
    ['key', { type: 'update', oid: 16392, changed: [0], isComplete: false, width: 2 }],
    ['cut', { type: 'update', oid: 16392, changed: [], isComplete: false, width: null }],
    ['type', { type: 'other' }],
    ['origin', { type: 'other' }],
    ['truncate', { type: 'truncate', oids: [16384, 16392] }],
  ])('reads what a server wrote: %s', (name, expected) => {
    expect(parseMessage(bytes(name))).toEqual(expected);
  });

  it('takes an unchanged large value as unchanged, and null as a value', () => {
    const row = (...columns: string[]): string =>
      `${columns.length.toString(16).padStart(4, '0')}${columns.join('')}`;
    const text = (letter: string): string => `7400000001${Buffer.from(letter).toString('hex')}`;
    const update = (before: string, after: string): Message =>
      parseMessage(Buffer.from(`55000040004f${before}4e${after}`, 'hex'));
    expect(update(row(text('a'), text('b'), '6e'), row('75', text('b'), '6e'))).toMatchObject({
      changed: [],
    });
    expect(update(row(text('a'), '6e'), row('6e', text('a')))).toMatchObject({
      changed: [0, 1],
      isComplete: true,
    });
    expect(update(row('75'), row(text('a')))).toMatchObject({ changed: [], isComplete: false });
    expect(update(row('75'), row('75'))).toMatchObject({ changed: [], isComplete: true });
  });

  it.each(Object.keys(RECORDED) as (keyof typeof RECORDED)[])(
    'refuses %s with a byte too few or too many',
    (name) => {
      const whole = bytes(name);
      for (let length = 0; length < whole.length; length += 1) {
        const isCutUpdate = whole[0] === 'U'.charCodeAt(0) && length === 6;
        if (isCutUpdate) continue;
        expect(() => parseMessage(whole.subarray(0, length))).toThrow(ConnectorError);
      }
      expect(() => parseMessage(Buffer.concat([whole, Buffer.of(0)]))).toThrow(ConnectorError);
    },
  );

  it.each([
    ['a letter of another protocol', '53000002f200'],
    ['a negative number of columns', '55000040004fffff'],
    ['a value of negative length', '55000040004f000174ffffffff'],
    ['a value longer than the message', '55000040004f0001747fffffff41'],
    ['more truncated tables than there can be', '547fffffff00'],
    ['a name that is not UTF-8', `5200004000ff00740066${'0000'}`],
    ['a name without an end', '5200004000616161'],
    ['a time that no calendar has', '4200000000017572407fffffffffffffff000002f2'],
    ['an update whose rows differ in width', '55000040004f00016e4e00026e6e'],
  ])('refuses %s', (_, hex) => {
    expect(() => parseMessage(Buffer.from(hex, 'hex'))).toThrow(ConnectorError);
  });

  it('answers hostile bytes with a message or BAD_RESPONSE, and never with a value', () => {
    const letters = fc.constantFrom(...[...'BCDIORTUYKN'].map((letter) => letter.charCodeAt(0)));
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(letters, fc.uint8Array({ maxLength: 200 }))
        .map(([first, rest]) => Uint8Array.of(first, ...rest)),
      mutated(),
    );
    fc.assert(
      fc.property(hostile, (message) => {
        const said = JSON.stringify(outcome(Buffer.from(message)), (_, value: unknown) =>
          typeof value === 'bigint' ? String(value) : value,
        );
        expect(said).not.toContain(VALUE);
      }),
    );
  });
});

/** A recorded update with bytes changed outside of the value, which stays to be looked for. */
function mutated(): fc.Arbitrary<Uint8Array> {
  const whole = bytes('full');
  const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    const copy = Buffer.from(whole);
    // With another letter in front the same bytes could be names, and names are told.
    for (const [at, byte] of changes) if (at > 0) copy[at] = byte;
    return copy;
  });
}

function outcome(message: Buffer): unknown {
  try {
    return parseMessage(message);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'BAD_RESPONSE') return [error.message, error.hint];
    throw error;
  }
}

describe('tally', () => {
  it('counts a transaction by table, with the names of changed columns', () => {
    const found = tally(
      [
        ...heard('begin', 'origin', 'shop', 'full', 'type', 'plain', 'key'),
        { bytes: bytes('insert'), times: 40 },
        { bytes: bytes('delete'), times: 3 },
        ...heard('truncate', 'commit'),
      ],
      false,
    );
    expect(found).toMatchObject({ transactions: 1, end: 0x17572_70n, first: { lsn: 0x17572_40n } });
    const shop = { table: 'shop', inserts: 40, updates: 1, deletes: 0, truncates: 1, columnsKnown: true };
    const plain = { table: 'plain', inserts: 0, updates: 1, deletes: 3, truncates: 1, columnsKnown: false };
    expect(found.tables).toMatchObject([
      { ...shop, transactions: 1, columns: new Set(['amount']) },
      { ...plain, transactions: 1, columns: new Set(['id']) },
    ]);
  });

  it('does not count a transaction that changed nothing, and moves on past it', () => {
    expect(tally(heard('begin', 'commit'), false)).toMatchObject({
      transactions: 0,
      first: null,
      end: 0x17572_70n,
    });
  });

  it('leaves what is cut for the next time, and only where it is cut', () => {
    expect(tally(heard('begin', 'shop', 'insert'), true)).toMatchObject({
      transactions: 0,
      end: null,
      tables: [],
    });
    expect(() => tally(heard('begin', 'shop', 'insert'), false)).toThrow(ConnectorError);
  });

  it.each<[string, Heard[]]>([
    ['a change outside of a transaction', heard('insert')],
    ['a change of a table that was not named', heard('begin', 'insert', 'commit')],
    ['a transaction in a transaction', heard('begin', 'begin')],
    ['an end without a beginning', heard('commit')],
    [
      'an end of another transaction',
      [...heard('begin'), { bytes: Buffer.from(RECORDED.commit.replace('72400', '72500'), 'hex'), times: 1 }],
    ],
    ['the same transaction twice', heard('begin', 'commit', 'begin', 'commit')],
    [
      'an update wider than its table',
      [
        ...heard('begin', 'plain'),
        { bytes: Buffer.from(`5500004008${RECORDED.full.slice(10)}`, 'hex'), times: 1 },
      ],
    ],
    ['a beginning that came twice as one', [{ bytes: bytes('begin'), times: 2 }]],
    ['a change that came no time', [...heard('begin', 'shop'), { bytes: bytes('insert'), times: 0 }]],
  ])('refuses %s', (_, messages) => {
    expect(() => tally(messages, true)).toThrow(ConnectorError);
  });

  it('answers any order of messages with a count or BAD_RESPONSE', () => {
    const names = Object.keys(RECORDED) as (keyof typeof RECORDED)[];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 30 }), fc.boolean(), (order, isCut) => {
        try {
          const { tables, transactions } = tally(heard(...order), isCut);
          expect(transactions).toBeLessThanOrEqual(order.filter((name) => name === 'commit').length);
          for (const table of tables) expect(table.transactions).toBeLessThanOrEqual(transactions);
        } catch (error) {
          expect(error).toMatchObject({ code: 'BAD_RESPONSE' });
        }
      }),
    );
  });
});
