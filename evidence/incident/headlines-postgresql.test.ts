import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../connectors/sdk/index.ts';
import { fakeItem } from '../store/testing/store-fixtures.ts';
import { headline } from './headlines.ts';

function line(stream: string, body: JsonObject, entity = 'postgresql://db'): string {
  return headline(fakeItem('a', { kind: `postgresql.${stream}/v1`, stream, entity, body }));
}

const TABLE = 'postgresql://db/shop/public/orders';
const SESSION = 'postgresql://db/shop/pg_backend/41';

describe('the headline of a queue', () => {
  const waits = { schema: 'public', relation: 'orders', root_pid: 7, root_state: 'idle_in_transaction' };

  it.each([
    [
      { ...waits, lock_type: 'relation', lock_mode: 'AccessExclusiveLock', blocked_by: [7] },
      'AccessExclusiveLock on public.orders behind backend 7 (idle in transaction)',
    ],
    [
      { ...waits, lock_type: 'relation', lock_mode: 'AccessShareLock', blocked_by: [40] },
      'AccessShareLock on public.orders behind backend 40, which waits behind backend 7 (idle in transaction)',
    ],
    [
      { ...waits, lock_type: 'transactionid', lock_mode: 'ShareLock' },
      'a row of public.orders behind backend 7 (idle in transaction)',
    ],
    [{ lock_type: 'transactionid', root_pid: 7 }, 'the end of another transaction behind backend 7'],
    [{ lock_type: 'advisory', lock_mode: 'ExclusiveLock', root_pid: 7 }, 'an advisory lock behind backend 7'],
    [
      { ...waits, lock_mode: 'ShareLock', root_state: 'active', root_backend_type: 'autovacuum_worker' },
      'ShareLock on public.orders behind autovacuum worker 7 (active)',
    ],
    [
      { lock_type: 'tuple', schema: 'public', relation: 'orders', root_state: 'prepared_transaction' },
      'a row of public.orders behind a prepared transaction',
    ],
  ])('says what is waited for, and behind whom: %j', (body, expected) => {
    expect(line('blocking_tree', body, SESSION)).toBe(`backend db/shop/41 waits for ${expected}`);
  });

  it('names who has the lock and how many wait', () => {
    const body = {
      granted: true,
      lock_mode: 'ExclusiveLock',
      holder_pid: 9,
      holder_state: 'idle',
      waiting: 3,
    };
    expect(line('locked_relations', body, TABLE)).toBe(
      'relation db/shop/public/orders: held in ExclusiveLock mode by backend 9 (idle, 3 wait)',
    );
    const prepared = { granted: true, lock_mode: 'RowExclusiveLock', holder_xid: 812 };
    expect(line('locked_relations', prepared, TABLE)).toContain('by prepared transaction 812');
  });
});

describe('the headline of what hurts', () => {
  it.each([
    [
      'database_counters',
      {
        reasons: ['deadlocks', 'checksum_failures', 'rollbacks', 'temp_files'],
        deadlocks_step: 4,
        checksum_failures_step: 2,
        rollback_percent: 31.5,
        temp_bytes_step: 157_286_400,
      },
      '4 deadlocks, 2 pages with a wrong checksum, 31.5 % of the transactions rolled back, 150 MiB spilled to temporary files',
    ],
    ['database_counters', { reasons: ['deadlocks'] }, 'counters (deadlocks)'],
    [
      'connections',
      { used: 22, usable: 25, idle_in_transaction: 17, active: 0, idle: 5 },
      '22 of 25 connections in use (17 idle in transaction, 5 idle)',
    ],
    [
      'connection_limits',
      { kind: 'role', user: 'pseudonym:a:b', used: 3, connection_limit: 4, reasons: ['limit_near'] },
      'role pseudonym:a:b has 3 of 4 connections (limit near)',
    ],
    [
      'replication_slots',
      { slot_name: 'cdc', reason: 'losing', retained_wal_bytes: 5_368_709_120 },
      'replication slot cdc losing (keeps 5 GiB of log)',
    ],
    [
      'horizon',
      { holder: 'replication_slot', slot_name: 'cdc', reason: 'unused_slot', state: 'reserved' },
      'replication slot cdc keeps dead rows from being removed (unused slot, reserved)',
    ],
    [
      'wal',
      { reasons: ['archiver_failed'], failed_count_step: 6, archive_pending: 3 },
      'archiver failed, 6 new failures, 3 segments wait',
    ],
    [
      'checkpoints',
      { reasons: ['requested_checkpoints'], window_requested: 9, window_timed: 1 },
      'checkpoints (requested checkpoints, 9 requested, 1 timed)',
    ],
    [
      'subscriptions',
      { subscription: 's1', reason: 'errors', apply_errors_step: 5 },
      'subscription s1 (errors, 5 errors while applying)',
    ],
    [
      'sequences',
      { used_percent_at_least: 97.2, relation: 'orders', schema: 'public', column: 'id' },
      '97.2 % used up (public.orders.id)',
    ],
    [
      'tables',
      { reason: 'dead_rows', dead_rows: 40_000, live_rows: 900 },
      '40000 dead rows beside 900 live ones',
    ],
    [
      'tables',
      { reason: 'sequential_scans', seq_scans_step: 220, seq_rows_read_step: 8_800_000 },
      'read from end to end 220 times, 8800000 rows, where indexes were used before',
    ],
    [
      'statements',
      { query_id: '-41', reason: 'new_and_heavy', is_new: true, exec_percent: 97.1 },
      'statement -41 is new (97.1 % of the execution time)',
    ],
    [
      'statements',
      {
        query_id: '41',
        reason: 'slower',
        calls: 1_100,
        calls_step: 100,
        exec_ms: 15_000,
        exec_ms_step: 5_000,
      },
      'statement 41 takes 50.0 ms, before 10.0 ms',
    ],
    ['indexes', { index: 'orders_key', problem: 'invalid' }, 'index orders_key is invalid'],
  ])('%s has the figure that matters', (stream, body, expected) => {
    expect(line(stream, body)).toBe(`server db: ${expected}`);
  });

  it('does not name a session twice', () => {
    expect(line('horizon', { holder: 'backend', reason: 'long', state: 'active' }, SESSION)).toBe(
      'backend db/shop/41: keeps dead rows from being removed (long, active)',
    );
  });
});

describe('the headline of a change', () => {
  it.each([
    [
      'schema_changes',
      { change: 'option_changed', option: 'autovacuum_enabled', to: 'off' },
      'option changed autovacuum_enabled (none) → off',
    ],
    [
      'schema_changes',
      { change: 'constraint_added', kind: 'constraint', part: 'orders_check', to: 'c', valid: false },
      'constraint added orders_check (check) (not valid)',
    ],
    [
      'schema_changes',
      { change: 'column_added', kind: 'column', part: 'due', to: 'date' },
      'column added due (date)',
    ],
    [
      'schema_changes',
      { change: 'type_changed', part: 'id', from: 'integer', to: 'text' },
      'type changed id integer → text',
    ],
    [
      'grant_changes',
      { change: 'grant_narrowed', removed: ['UPDATE'], grantee: 'pseudonym:a:b' },
      'grant narrowed -UPDATE (pseudonym:a:b)',
    ],
    [
      'grant_changes',
      {
        change: 'grant_added',
        added: ['EXECUTE'],
        to_public: true,
        objects: 4,
        kind: 'function',
        schema: 'public',
      },
      'grant added +EXECUTE on 4 objects (function) of public (PUBLIC)',
    ],
    [
      'setting_changes',
      { change: 'value_changed', name: 'work_mem', from: 4096, to: 65_536, unit: 'kB' },
      'setting work_mem 4096 → 65536 kB',
    ],
    [
      'setting_changes',
      { change: 'pending_restart_set', name: 'max_connections', from: 100, pending_restart: true },
      'setting max_connections (waits for a restart)',
    ],
    [
      'setting_changes',
      { change: 'value_changed', name: 'archive_command', value_hidden: true, pending_restart: false },
      'setting archive_command changed',
    ],
    [
      'setting_override_changes',
      {
        change: 'override_added',
        name: 'statement_timeout',
        to: '20ms',
        scope: 'database',
        database: 'shop',
      },
      'override added statement_timeout (none) → 20ms (database, database shop)',
    ],
    ['server_changes', { change: 'crash_recovered' }, 'server crashed and recovered'],
    [
      'server_changes',
      { change: 'version_changed', from: 170_001, to: 180_004 },
      'server version changed 170001 → 180004',
    ],
  ])('%s says of which part', (stream, body, expected) => {
    expect(line(stream, body, TABLE)).toBe(`relation db/shop/public/orders: ${expected}`);
  });

  it('calls a role one', () => {
    const body = { change: 'attribute_gained', attribute: 'superuser', role: 'pseudonym:a:b' };
    expect(line('role_changes', body, 'postgresql://db/postgres/pg_role/k4')).toBe(
      'role db/k4: attribute gained superuser (pseudonym:a:b)',
    );
  });
});
