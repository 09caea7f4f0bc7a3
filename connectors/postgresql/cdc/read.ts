import { ConnectorError, type Gap, type JsonObject } from '../../sdk/index.ts';
import type { SessionFacts } from '../catalog.ts';
import type { CdcConfig } from '../config.ts';
import {
  asObject,
  type CatalogRead,
  type Collected,
  failureGap,
  inScope,
  type ReadContext,
  type Reader,
} from '../reads/reader.ts';
import { lsnText, parseLsn } from './lsn.ts';
import { advance, changes, create, drop, ENOUGH_CHANGES, type Slot, slot } from './queries.ts';
import { recordsOf } from './records.ts';
import { dropSlot, isOurs, obstacle } from './slot.ts';
import { type Tally, tally } from './tally.ts';

const STATE = 'cdc';
/** Log that one read goes through at most; after a failure it is tried with an eighth. */
const WINDOW_BYTES = 256n * 1024n ** 2n;
/** Failures after which the slot is given up and made anew: it would only retain more. */
const MAX_FAILURES = 3;

const NOTHING: Tally = { transactions: 0, first: null, last: null, end: null, tables: [] };

/** What the last run left. */
interface Remembered {
  /** Up to where everything is counted and kept. */
  readonly position: bigint | null;
  readonly at: string | null;
  readonly failures: number;
  /** Why the slot is to be made anew: what it holds can not be counted. */
  readonly anew: string | null;
}

/** Counts committed changes by table, without a value of any row. */
const readCdc: Reader = async (context) => {
  const config = context.cdc;
  if (config === undefined)
    throw new ConnectorError('UNSUPPORTED', 'the config of this connection names no publication', {
      hint: 'Set cdc.publication in the config of the connection.',
    });
  const { rows, facts } = await context.ask(slot, [config.slot, config.publication]);
  const [row] = rows;
  if (row === undefined) throw new ConnectorError('BAD_RESPONSE', 'the server does not know our own role');
  if (!inScope(context, facts.database)) return { records: [], read: 0 };
  const refused = obstacle(row, facts.database);
  if (refused !== null)
    return { records: [refused, ...standing(context, config, { row, facts }, remember(context))], read: 0 };
  const remembered = remember(context);
  const lost = lostBecause(row, remembered);
  if (!row.present || lost !== null) return begin(context, config, row, { ...remembered, anew: lost });
  return proceed(context, config, { row, facts }, remembered);
};

interface Found {
  readonly row: Slot;
  readonly facts: SessionFacts;
}

/** Up to where everything is counted: what was kept last need not be what the slot was told last. */
function counted({ position }: Pick<Remembered, 'position'>, confirmed: bigint): bigint {
  return position !== null && position > confirmed ? position : confirmed;
}

/** A slot of ours that can not be read goes on retaining log, which has to be told all the same. */
function standing(
  context: ReadContext,
  config: CdcConfig,
  { row, facts }: Found,
  remembered: Remembered,
): Collected['records'] {
  const [confirmed, flushed] = [parseLsn(row.confirmed), parseLsn(row.flushed)];
  const position = confirmed === null ? null : counted(remembered, confirmed);
  if (position === null || flushed === null || !isOurs(row, facts.database)) return [];
  return recordsOf(context, { facts, config, slot: row, tally: null, position, flushed, started: false });
}

function remember({ state }: ReadContext): Remembered {
  const { position, at, failures, anew } = asObject(state.get(STATE));
  return {
    position: parseLsn(position),
    at: typeof at === 'string' ? at : null,
    failures: typeof failures === 'number' ? failures : 0,
    anew: typeof anew === 'string' ? anew : null,
  };
}

function toState({ position, at, failures, anew }: Remembered): { set: Record<string, JsonObject> } {
  return { set: { [STATE]: { position: position === null ? null : lsnText(position), at, failures, anew } } };
}

function lostBecause({ wal_status }: Slot, { anew, failures }: Remembered): string | null {
  if (anew !== null) return anew;
  if (failures >= MAX_FAILURES) return 'The slot could not be read several times in a row and was made anew.';
  if (wal_status === 'unreserved' || wal_status === 'lost')
    return 'The slot had fallen too far behind, was losing its log, and was made anew.';
  return null;
}

/** Makes the slot; what was committed since the last position is not counted, and that is a gap. */
async function begin(
  context: ReadContext,
  config: CdcConfig,
  row: Slot,
  { position, at, anew }: Remembered,
): Promise<Collected> {
  if (row.present) await dropSlot(context, config);
  const from = await created(context, config);
  const { rows, facts } = await context.ask(slot, [config.slot, config.publication]);
  const flushed = parseLsn(rows[0]?.flushed) ?? from;
  const missed: Gap = {
    gap: anew === null ? 'NOT_FOUND' : 'BUDGET',
    stream: 'cdc_tables',
    missing: 'changes since the last read',
    reason: `${anew ?? 'The slot was gone and was made anew.'} ${behind(from - (position ?? from))}`,
    hint: 'Look at what was committed in this time; raise max_slot_wal_keep_size where the slot lost its log.',
    ...windowSince(at, facts.now),
  };
  const interval = {
    facts,
    config,
    slot: rows[0] ?? row,
    tally: null,
    position: from,
    flushed,
    started: true,
  };
  return {
    records: [...(position === null && anew === null ? [] : [missed]), ...recordsOf(context, interval)],
    state: toState({ position: from, at: facts.now, failures: 0, anew: null }),
    read: 0,
  };
}

function behind(bytes: bigint): string {
  return bytes > 0n
    ? `${bytes} bytes of log were not counted.`
    : 'How much of the log was not counted is not known.';
}

/** The server waits for transactions that are open; the lock wait of this query ends that, and the next read tries again. */
async function created({ ask }: ReadContext, config: CdcConfig): Promise<bigint> {
  try {
    const { rows } = await ask(create, [config.slot]);
    const from = parseLsn(rows[0]?.confirmed);
    if (from !== null) return from;
  } catch (error) {
    if (ConnectorError.from(error).code !== 'TIMEOUT') throw error;
    throw new ConnectorError('TIMEOUT', 'the slot can not be made while older transactions are open', {
      hint: 'It is tried again with every read; look for long transactions that have written.',
      cause: error,
    });
  }
  throw new ConnectorError('BAD_RESPONSE', 'the server made no slot');
}

async function proceed(
  context: ReadContext,
  config: CdcConfig,
  { row, facts }: Found,
  remembered: Remembered,
): Promise<Collected> {
  const [confirmed, flushed] = [mustBe(row.confirmed), mustBe(row.flushed)];
  try {
    const from = await release(context, config, confirmed, remembered.position);
    const window = WINDOW_BYTES >> BigInt(3 * remembered.failures);
    const upTo = flushed - from > window ? from + window : flushed;
    const found = upTo > from ? await peek(context, config, upTo) : { tally: NOTHING, position: from };
    const interval = { facts, config, slot: row, ...found, flushed, started: false };
    return {
      records: [...movedByOthers(remembered, confirmed, facts), ...recordsOf(context, interval)],
      state: toState({ position: found.position, at: facts.now, failures: 0, anew: null }),
      read: found.tally.tables.length,
    };
  } catch (error) {
    const gone = failed(remembered, confirmed, flushed, ConnectorError.from(error));
    return {
      ...gone,
      records: [...gone.records, ...standing(context, config, { row, facts }, remember(context))],
    };
  }
}

/** What a slot has let go of before it was counted, nobody can count any more. */
function movedByOthers(
  { position, at }: Remembered,
  confirmed: bigint,
  { now }: SessionFacts,
): readonly Gap[] {
  if (position === null || confirmed <= position) return [];
  return [
    {
      gap: 'NOT_FOUND',
      stream: 'cdc_tables',
      missing: 'changes since the last read',
      reason: `Somebody else has moved the slot. ${behind(confirmed - position)}`,
      hint: 'Let one agent alone read it: give cdc.slot another name in the config of the other.',
      ...windowSince(at, now),
    },
  ];
}

function windowSince(at: string | null, now: string): Pick<Gap, 'window'> {
  return at === null || at > now ? {} : { window: { from: at, to: now } };
}

/** Lets go of what earlier runs have kept: the state that this run was handed is durable, and no other position is. */
async function release(
  { ask }: ReadContext,
  config: CdcConfig,
  confirmed: bigint,
  position: bigint | null,
): Promise<bigint> {
  if (position === null || position <= confirmed) return confirmed;
  const { rows } = await ask(advance, [config.slot, lsnText(position)]);
  const reached = mustBe(rows[0]?.confirmed);
  if (reached < position)
    throw new ConnectorError('BAD_RESPONSE', 'the slot did not move to where it was told to');
  return reached;
}

interface Peeked {
  readonly tally: Tally;
  readonly position: bigint;
}

async function peek({ ask }: ReadContext, config: CdcConfig, upTo: bigint): Promise<Peeked> {
  const { rows, truncated } = await ask(changes, [config.slot, lsnText(upTo), `"${config.publication}"`]);
  const heard = rows.map(({ message, times }) => ({ bytes: Buffer.from(message, 'hex'), times }));
  const found = tally(heard, truncated);
  const count = rows.reduce((total, { times }) => total + times, 0);
  if (!truncated && count < ENOUGH_CHANGES)
    return { tally: found, position: found.end !== null && found.end > upTo ? found.end : upTo };
  if (found.end !== null) return { tally: found, position: found.end };
  throw new HugeTransaction('BUDGET', 'one transaction changed more than this read lets through', {
    hint: 'What it changed is not counted. Leave tables that are loaded in bulk out of the publication.',
  });
}

class HugeTransaction extends ConnectorError {}

function failed(
  { position, at, failures }: Remembered,
  confirmed: bigint,
  flushed: bigint,
  error: ConnectorError,
): Collected {
  // The session is gone or was told to stop: no fault of what the slot holds.
  if (!['TIMEOUT', 'BUDGET', 'BAD_RESPONSE', 'DRIFT', 'UNSUPPORTED'].includes(error.code)) throw error;
  const isHuge = error instanceof HugeTransaction;
  const gap = failureGap(error, 'cdc_tables', 'changes since the last read');
  return {
    records: [
      {
        ...gap,
        reason: `${gap.reason} The slot is ${flushed - counted({ position }, confirmed)} bytes behind.`,
      },
    ],
    state: toState({
      position: position ?? confirmed,
      at,
      failures: failures + 1,
      anew: isHuge ? 'A transaction was too large to be counted, and the slot was made anew.' : null,
    }),
    read: 0,
  };
}

function mustBe(text: unknown): bigint {
  const position = parseLsn(text);
  if (position === null) throw new ConnectorError('BAD_RESPONSE', 'the server gave no position of its log');
  return position;
}

export const cdcReads: readonly CatalogRead[] = [
  { query: changes, steps: [slot, create, advance, drop], read: readCdc, also: ['cdc_tables'] },
];
