import type { Observation } from '../../../connectors/sdk/index.ts';
import { queryText, serverLog } from './free-text.ts';
import { DIGITS, type Random } from './random.ts';
import type { RecordKind } from './record-kind.ts';
import { DATABASES, milliseconds, pod, queryId, RELATIONS, SERVICES, time } from './values.ts';

export const POSTGRESQL_RECORDS: readonly RecordKind[] = [
  {
    connector: 'postgresql',
    stream: 'transactions',
    share: 14,
    texts: ['query'],
    names: ['database'],
    make(random) {
      const [database, pid] = [random.pick(DATABASES), random.between(900, 32_000)];
      const seen = time(random);
      return {
        class: 'state',
        entity: `postgresql://orders-db/${database}/pg_backend/${pid}`,
        related: [`postgresql://orders-db/${database}`],
        key: `transaction/${pid}/seen/${seen}`,
        occurredAt: time(random),
        scope: { database },
        body: {
          pid,
          database,
          state: random.pick(['active', 'idle_in_transaction']),
          transaction_ms: random.int(90_000),
          state_ms: random.int(90_000),
          seen_at: seen,
          writes: random.chance(0.5),
          xmin_age: random.int(900),
          wait_event_type: 'Lock',
          wait_event: random.pick(['transactionid', 'relation', 'tuple']),
          query_id: queryId(random),
          user: `app_${random.pick(SERVICES)}`,
          application_name: pod(random),
          query: queryText(random),
        },
      };
    },
  },
  {
    connector: 'postgresql',
    stream: 'server_log',
    share: 8,
    texts: ['message', 'detail'],
    names: ['database'],
    make(random) {
      const database = random.pick(DATABASES);
      return {
        class: 'symptom',
        entity: `postgresql://orders-db/${database}`,
        related: [],
        key: `log/${random.text(DIGITS, 12)}`,
        occurredAt: time(random),
        scope: { database },
        body: {
          database,
          pid: random.between(900, 32_000),
          severity: random.pick(['ERROR', 'LOG', 'FATAL']),
          sqlstate: random.pick(['23505', '57014', '40P01', '00000']),
          ...serverLog(random),
        },
      };
    },
  },
  {
    connector: 'postgresql',
    stream: 'tables',
    share: 6,
    texts: [],
    names: ['relation', 'schema'],
    make: (random) => table(random),
  },
];

function table(random: Random): Omit<Observation, 'stream'> {
  const [database, relation] = [random.pick(DATABASES), random.pick(RELATIONS)];
  const counters = [
    'live_rows',
    'dead_rows',
    'modified_since_analyze',
    'seq_scans',
    'index_scans',
    'inserted',
  ];
  const runs = ['updated', 'deleted', 'hot_updated', 'vacuum_count', 'autovacuum_count', 'analyze_count'];
  return {
    class: 'state',
    entity: `postgresql://orders-db/${database}/public/${relation}`,
    related: [],
    key: 'table',
    occurredAt: time(random),
    scope: { database },
    body: {
      database,
      schema: 'public',
      relation,
      ...Object.fromEntries([...counters, ...runs].map((name) => [name, random.int(9_000_000)])),
      exec_ms: milliseconds(random, 900),
      last_autovacuum: time(random),
      last_autoanalyze: time(random),
    },
  };
}
