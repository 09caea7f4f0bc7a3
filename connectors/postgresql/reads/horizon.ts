import { type Observed, observe } from '../../sdk/index.ts';
import {
  boolOrNull,
  integer,
  integerOrNull,
  query,
  type RowOf,
  textOrNull,
  token,
  tokenOrNull,
} from '../columns.ts';
import {
  type Asked,
  backendEntity,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
} from './reader.ts';

const horizon = query('horizon', 100, {
  holder: token,
  pid: integerOrNull,
  name: textOrNull,
  database: textOrNull,
  usename: textOrNull,
  state: tokenOrNull,
  backend_type: tokenOrNull,
  active: boolOrNull,
  xmin_age: integerOrNull,
  catalog_xmin_age: integerOrNull,
  held_ms: integerOrNull,
  state_ms: integerOrNull,
  freeze_max_age: integer,
});

type Holder = RowOf<typeof horizon>;

/** Holders that are reported, worst first; those behind them would hold nothing up if these were gone. */
const MAX_HOLDERS = 20;

/** Who keeps vacuum from removing dead rows and from freezing old ones: sessions, two-phase transactions, slots, standbys. */
const readHorizon: Reader = async (context) => {
  const asked = await context.ask(horizon);
  // The rank is that among all, whatever the scope leaves out.
  const holders = asked.rows
    .map((row, index) => ({ row, rank: index + 1 }))
    .filter(({ row }) => inScope(context, row.database))
    .slice(0, MAX_HOLDERS);
  return {
    records: [
      ...holders.map(({ row, rank }) => holderRecord(context, asked, row, rank)),
      ...statsGap(asked, 'horizon'),
    ],
    read: asked.rows.length,
  };
};

function holderRecord(context: ReadContext, { facts }: Asked<Holder>, row: Holder, rank: number): Observed {
  const reason = reasonFor(context, row);
  const { usename, name, freeze_max_age, pid, ...rest } = row;
  return observe({
    stream: 'horizon',
    class: reason === undefined ? 'state' : 'symptom',
    entity: pid === null ? serverEntity(context) : backendEntity(context, row.database, pid),
    ...(row.database === null ? {} : { related: [databaseEntity(context, row.database)] }),
    key: `${row.holder}/${pid ?? context.digest(name)}`,
    occurredAt: facts.now,
    ...scopeOf(row.database),
    body: known({
      ...rest,
      pid,
      rank,
      slot_name: row.holder === 'replication_slot' ? name : null,
      xid: row.holder === 'prepared_transaction' ? Number(name) : null,
      user: usename,
      freeze_max_age,
      reason,
    }),
  });
}

/**
 * By time where a time is known; a slot nobody uses holds on for ever; else by how many transactions have passed. A slot
 * that has lost its log is left out of the reckoning by the server (`ReplicationSlotsComputeRequiredXmin` in slot.c), and
 * one that is as new as the newest transaction holds nothing yet.
 */
function reasonFor(context: ReadContext, row: Holder): string | undefined {
  if (row.holder === 'replication_slot' && row.state === 'lost') return undefined;
  if ((row.held_ms ?? 0) >= context.thresholds.longTransactionSymptom) return 'long';
  const age = Math.max(row.xmin_age ?? 0, row.catalog_xmin_age ?? 0);
  if (row.holder === 'replication_slot' && row.active === false && age > 0) return 'unused_slot';
  return age >= row.freeze_max_age / 2 ? 'old' : undefined;
}

export const horizonReads: readonly CatalogRead[] = [{ query: horizon, read: readHorizon }];
