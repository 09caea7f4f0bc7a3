import type { JsonObject } from '../../connectors/sdk/index.ts';
import { number, text, texts } from './body.ts';
import { bracket, bytes, counted, flag, listed, moved, relation, words } from './phrases.ts';

type Headline = (body: JsonObject, subject: string) => string;

/** A value that waits for a restart is not known, and of some settings none is told. */
function settingMoved(body: JsonObject): string {
  if (text(body, 'change').startsWith('pending_restart')) return '';
  if (body['value_hidden'] === true) return text(body, 'change') === 'value_changed' ? 'changed' : '';
  return `${moved(body)} ${text(body, 'unit')}`;
}

/** By stream of the PostgreSQL connector. Each names the object that it is about: an entity is often the whole server. */
export const POSTGRESQL_HEADLINES: Readonly<Record<string, Headline>> = {
  setting_changes: (body, subject) =>
    `${subject}: setting ${text(body, 'name')} ${settingMoved(body)} ${flag(body, 'pending_restart', 'waits for a restart')}`,
  setting_override_changes: (body, subject) =>
    `${subject}: ${words(body, 'change')} ${text(body, 'name')} ${moved(body)} ${bracket(holderOfOverride(body))}`,
  schema_changes: (body, subject) =>
    `${subject}: ${words(body, 'change')} ${text(body, 'part') || text(body, 'option')} ${schemaMoved(body)} ${body['valid'] === false ? '(not valid)' : ''}`,
  grant_changes: (body, subject) =>
    `${subject}: ${words(body, 'change')} ${text(body, 'part')} ${privileges(body)} ${onMany(body)} ${grantee(body)}`,
  role_changes: (body, subject) =>
    `${subject}: ${words(body, 'change')} ${text(body, 'attribute') || text(body, 'predefined')} ${moved(body)} ${bracket(text(body, 'role'))}`,
  server_changes: (body, subject) =>
    `${subject}: ${SERVER_CHANGES[text(body, 'change')] ?? words(body, 'change')} ${moved(body)}`,
  blocking_tree: (body, subject) => `${subject} waits for ${awaited(body)} ${behind(body)}`,
  pulse: (body, subject) =>
    `${subject}: ${text(body, 'used_percent') || '?'} % of the connections in use, ${text(body, 'waiting_on_lock') || '?'} wait for a lock`,
  connections: (body, subject) =>
    `${subject}: ${text(body, 'used')} of ${text(body, 'usable')} connections in use ${bracket(byState(body))}`,
  connection_limits: (body, subject) => `${subject}: ${limited(body)} ${bracket(reasons(body))}`,
  transactions: (body, subject) => `${subject}: long transaction ${bracket(words(body, 'state'))}`,
  prepared_transactions: (body, subject) =>
    `${subject}: prepared transaction ${text(body, 'xid')} was never ended ${bracket(reasons(body))}`,
  locked_relations: (body, subject) =>
    `${subject}: ${body['granted'] === true ? 'held' : 'waited for'} in ${text(body, 'lock_mode')} mode ${holder(body)}`,
  catalog_locks: (body, subject) =>
    `${subject}: ${body['granted'] === true ? 'held' : 'waited for'} in ${text(body, 'lock_mode')} mode ${holder(body)}`,
  wait_events: (body, subject) =>
    `${subject}: ${text(body, 'waiting_on_lock') || '?'} of ${text(body, 'busy') || '?'} busy backends wait for locks, ${text(body, 'waiting_on_lwlock') || '?'} for lightweight locks`,
  database_counters: (body, subject) =>
    `${subject}: ${counters(body) || `counters ${bracket(reasons(body))}`}`,
  replication_slots: (body, subject) =>
    `${subject}: replication slot ${text(body, 'slot_name')} ${slotState(body)}`,
  horizon: (body, subject) =>
    `${subject}: ${holdingBack(body)} keeps dead rows from being removed ${bracket(listed([reasons(body), words(body, 'state')]))}`,
  sequences: (body, subject) =>
    `${subject}: ${text(body, 'used_percent_at_least') || '?'} % used up ${bracket(column(body))}`,
  tables: (body, subject) =>
    text(body, 'reason') === 'sequential_scans'
      ? `${subject}: read from end to end ${text(body, 'seq_scans_step') || '?'} times, ${text(body, 'seq_rows_read_step') || '?'} rows, where indexes were used before`
      : `${subject}: ${text(body, 'dead_rows') || '?'} dead rows beside ${text(body, 'live_rows') || '?'} live ones`,
  statements: (body, subject) =>
    `${subject}: statement ${text(body, 'query_id')} ${slowness(body)} ${share(body)}`,
  checkpoints: (body, subject) =>
    `${subject}: checkpoints ${bracket(listed([reasons(body), counted(body, 'window_requested', 'requested'), counted(body, 'window_timed', 'timed')]))}`,
  wal: (body, subject) =>
    `${subject}: ${listed([reasons(body), counted(body, 'failed_count_step', 'new failures'), counted(body, 'archive_pending', 'segments wait')])}`,
  subscriptions: (body, subject) =>
    `${subject}: subscription ${text(body, 'subscription')} ${bracket(listed([reasons(body), ...conflicts(body)]))}`,
  pgbouncer_pools: (body, subject) =>
    `${subject}: ${listed([counted(body, 'cl_waiting', 'clients wait'), counted(body, 'servers', 'servers')])} in the pool of ${text(body, 'database') || '?'} ${bracket(words(body, 'pool_mode'))}`,
  indexes: (body, subject) => `${subject}: index ${text(body, 'index')} is ${words(body, 'problem')}`,
  progress: (body, subject) =>
    `${subject}: ${words(body, 'kind')} ${text(body, 'index')} ${bracket(listed([reasons(body), words(body, 'phase'), text(body, 'locker_pid') && `behind backend ${text(body, 'locker_pid')}`]))}`,
};

const SERVER_CHANGES: Readonly<Record<string, string>> = {
  reloaded: 'configuration reloaded',
  restarted: 'server restarted',
  crash_recovered: 'server crashed and recovered',
  version_changed: 'server version changed',
  promoted: 'promoted to primary',
  became_standby: 'became a standby',
};

/** Of what is new there is no value before. Constraints are told by the letters of pg_constraint.contype. */
function schemaMoved(body: JsonObject): string {
  if (!text(body, 'change').endsWith('_added') || text(body, 'from') !== '') return moved(body);
  const to = text(body, 'to');
  return bracket(text(body, 'kind') === 'constraint' ? (CONSTRAINTS[to] ?? to) : to);
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  c: 'check',
  f: 'foreign key',
  n: 'not null',
  p: 'primary key',
  t: 'trigger',
  u: 'unique',
  x: 'exclusion',
};

/** Of a session the subject is the session itself. */
function holdingBack(body: JsonObject): string {
  const holder = text(body, 'holder');
  if (holder === 'backend') return '';
  return `${words(body, 'holder')} ${text(body, 'slot_name') || text(body, 'xid')}`;
}

function reasons(body: JsonObject): string {
  return listed([text(body, 'reason'), ...texts(body, 'reasons')].slice(0, 4)).replaceAll('_', ' ');
}

/** Row locks are waited for as locks on a transaction or, further back in the queue, on the row itself. */
function awaited(body: JsonObject): string {
  const [type, of] = [text(body, 'lock_type'), relation(body)];
  if (type === 'transactionid' || type === 'tuple')
    return of === '' ? 'the end of another transaction' : `a row of ${of}`;
  const mode = text(body, 'lock_mode');
  const lock = type === 'advisory' ? 'an advisory lock' : mode === '' ? 'a lock' : mode;
  return of === '' ? lock : `${lock} on ${of}`;
}

/** The root holds everybody up; who stands next in the queue is often the statement that made it one. */
function behind(body: JsonObject): string {
  const root = text(body, 'root_pid');
  const state = words(body, 'root_state');
  if (root === '') return state === '' ? '' : `behind a ${state}`;
  const list = body['blocked_by'];
  const next = Array.isArray(list) && list.length === 1 ? String(list[0]) : root;
  const through = next === root ? '' : `behind backend ${next}, which waits`;
  const type = words(body, 'root_backend_type');
  const who = type === '' || type === 'client backend' ? 'backend' : type;
  return `${through} behind ${who} ${root} ${bracket(state)}`;
}

function byState(body: JsonObject): string {
  return listed([
    counted(body, 'idle_in_transaction', 'idle in transaction'),
    counted(body, 'active', 'active'),
    counted(body, 'idle', 'idle'),
  ]);
}

function limited(body: JsonObject): string {
  const whose = listed([text(body, 'kind'), text(body, 'user')]).replace(', ', ' ');
  const limit = text(body, 'connection_limit');
  return limit === '' ? whose : `${whose} has ${text(body, 'used')} of ${limit} connections`;
}

function holder(body: JsonObject): string {
  const pid = text(body, 'holder_pid');
  const xid = text(body, 'holder_xid');
  const by = pid === '' ? (xid === '' ? '' : `by prepared transaction ${xid}`) : `by backend ${pid}`;
  return `${by} ${bracket(listed([words(body, 'holder_state'), counted(body, 'waiting', 'wait')]))}`;
}

function counters(body: JsonObject): string {
  const share = number(body, 'rollback_percent');
  const told: Readonly<Record<string, string>> = {
    deadlocks: counted(body, 'deadlocks_step', 'deadlocks'),
    conflicts: counted(body, 'conflicts_step', 'queries cancelled by replay'),
    checksum_failures: counted(body, 'checksum_failures_step', 'pages with a wrong checksum'),
    sessions_fatal: counted(body, 'sessions_fatal_step', 'sessions ended by fatal errors'),
    sessions_killed: counted(body, 'sessions_killed_step', 'sessions ended by an administrator'),
    sessions_abandoned: counted(body, 'sessions_abandoned_step', 'sessions lost by their clients'),
    rollbacks: share === null ? '' : `${share} % of the transactions rolled back`,
    temp_files: `${bytes(number(body, 'temp_bytes_step'))} spilled to temporary files`,
  };
  return listed(texts(body, 'reasons').map((reason) => told[reason] ?? reason.replaceAll('_', ' ')));
}

function slotState(body: JsonObject): string {
  const kept = bytes(number(body, 'retained_wal_bytes'));
  const facts = [words(body, 'invalidation_reason'), kept === '' ? '' : `keeps ${kept} of log`];
  return `${reasons(body)} ${bracket(listed(facts))}`;
}

function column(body: JsonObject): string {
  const of = relation(body);
  return of === '' ? '' : `${of}.${text(body, 'column')}`;
}

/** Means of its executions, before the last read and since. */
function slowness(body: JsonObject): string {
  if (body['is_new'] === true) return 'is new';
  const [calls, ms] = [number(body, 'calls_step'), number(body, 'exec_ms_step')];
  const [allCalls, allMs] = [number(body, 'calls'), number(body, 'exec_ms')];
  if (!calls || ms === null || allMs === null || allCalls === null || allCalls <= calls) return reasons(body);
  const [before, now] = [(allMs - ms) / (allCalls - calls), ms / calls];
  return `takes ${now.toPrecision(3)} ms, before ${before.toPrecision(3)} ms`;
}

function share(body: JsonObject): string {
  const percent = text(body, 'exec_percent');
  return percent === '' ? '' : `(${percent} % of the execution time)`;
}

function conflicts(body: JsonObject): readonly string[] {
  return [
    counted(body, 'apply_errors_step', 'errors while applying'),
    counted(body, 'sync_errors_step', 'errors while copying'),
    counted(body, 'insert_exists_step', 'inserted rows existed already'),
    counted(body, 'update_missing_step', 'updated rows were missing'),
    counted(body, 'delete_missing_step', 'deleted rows were missing'),
  ];
}

function holderOfOverride(body: JsonObject): string {
  const [scope, role, database] = [words(body, 'scope'), text(body, 'role'), text(body, 'database')];
  return listed([scope, role === '' ? '' : `role ${role}`, database === '' ? '' : `database ${database}`]);
}

function privileges(body: JsonObject): string {
  return listed([
    ...texts(body, 'added').map((name) => `+${name}`),
    ...texts(body, 'removed').map((name) => `-${name}`),
  ]);
}

/** What happened alike to many objects is told of the schema or database. */
function onMany(body: JsonObject): string {
  const count = text(body, 'objects');
  if (count === '') return '';
  const schema = text(body, 'schema');
  return `on ${count} objects (${words(body, 'kind')})${schema === '' ? '' : ` of ${schema}`}`;
}

function grantee(body: JsonObject): string {
  if (body['to_public'] === true) return '(PUBLIC)';
  return bracket(text(body, 'grantee'));
}
