import { type JsonValue, type Observed, observe } from '../../sdk/index.ts';
import {
  bool,
  boolOrNull,
  instantOrNull,
  integerOrNull,
  query,
  type RowOf,
  text,
  textOrNull,
} from '../columns.ts';
import {
  type Asked,
  asObject,
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  statsGap,
  truncationGap,
} from './reader.ts';
import { intervalOf, remember, type Steps, stepsOf } from './steps.ts';

const subscriptions = query('subscriptions', 200, {
  subscription: text,
  database: text,
  enabled: bool,
  disable_on_error: boolOrNull, // since PostgreSQL 15, like errors
  slot_name: textOrNull,
  apply_workers: integerOrNull,
  sync_workers: integerOrNull,
  parallel_workers: integerOrNull, // since PostgreSQL 16
  message_ms: integerOrNull,
  confirmed_ms: integerOrNull,
  received_lag_bytes: integerOrNull,
  tables: integerOrNull,
  tables_not_ready: integerOrNull,
  apply_errors: integerOrNull,
  sync_errors: integerOrNull,
  insert_exists: integerOrNull, // conflicts by kind since PostgreSQL 18
  update_origin_differs: integerOrNull,
  update_exists: integerOrNull,
  update_missing: integerOrNull,
  delete_origin_differs: integerOrNull,
  delete_missing: integerOrNull,
  multiple_unique_conflicts: integerOrNull,
  stats_reset: instantOrNull,
});

type Subscription = RowOf<typeof subscriptions>;

const ERRORS = ['apply_errors', 'sync_errors'] as const;
const CONFLICTS = [
  'insert_exists',
  'update_origin_differs',
  'update_exists',
  'update_missing',
  'delete_origin_differs',
  'delete_missing',
  'multiple_unique_conflicts',
] as const;
const COUNTED = [...ERRORS, ...CONFLICTS] as const;

/** A publisher that lives says something every half of wal_sender_timeout, which is 30 s by default. */
const SILENT_MS = 60_000;
const STATE = 'subscriptions';

/** Logical subscriptions of this server: whether they run, how far they are, and what they could not apply. */
const readSubscriptions: Reader = async (context) => {
  const asked = await context.ask(subscriptions);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  const previous = asObject(context.state.get(STATE));
  const remembered: Record<string, JsonValue> = {};
  const records = rows.map((row) => {
    const key = `subscription/${context.digest([row.database, row.subscription])}`;
    remembered[key] = remember(COUNTED, row, row.stats_reset, asked.facts.now);
    return subscriptionRecord(context, asked, row, key, previous[key]);
  });
  return {
    records: [...records, ...statsGap(asked, 'subscriptions'), ...truncationGap(asked, 'subscriptions')],
    state: { set: { [STATE]: remembered } },
    read: asked.rows.length,
  };
};

function subscriptionRecord(
  context: ReadContext,
  { facts }: Asked<Subscription>,
  row: Subscription,
  key: string,
  previous: JsonValue | undefined,
): Observed {
  const steps = stepsOf(COUNTED, row, row.stats_reset, previous);
  const reason = reasonFor(row, steps);
  return observe({
    stream: 'subscriptions',
    class: reason === undefined ? 'state' : 'symptom',
    entity: databaseEntity(context, row.database),
    key,
    occurredAt: facts.now,
    ...scopeOf(row.database),
    body: known({ ...row, ...steps, interval_ms: intervalOf(previous, facts.now), reason }),
  });
}

function reasonFor(row: Subscription, steps: Steps<(typeof COUNTED)[number]>): string | undefined {
  const grew = (names: readonly (typeof COUNTED)[number][]): boolean =>
    names.some((name) => (steps[`${name}_step`] ?? 0) > 0);
  // The server disables it by itself after an error where disable_on_error says so.
  if (!row.enabled)
    return row.disable_on_error === true && (row.apply_errors ?? 0) > 0 ? 'disabled_after_error' : 'disabled';
  if (grew(ERRORS)) return 'errors';
  if (grew(CONFLICTS)) return 'conflicts';
  // Between two attempts of a worker that fails again and again there is none.
  if ((row.apply_workers ?? 0) === 0) return 'not_running';
  return (row.message_ms ?? 0) >= SILENT_MS ? 'silent' : undefined;
}

export const subscriptionsReads: readonly CatalogRead[] = [{ query: subscriptions, read: readSubscriptions }];
