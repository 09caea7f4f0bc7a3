import pg from 'pg';

/**
 * What a metrics exporter asks for in one scrape with its usual collectors: every row of the statistics views, sizes of
 * databases, all settings. Written for the comparison; the names of views and columns are PostgreSQL's.
 */
const SCRAPE: readonly string[] = [
  'SELECT name, setting, unit, short_desc, vartype FROM pg_settings',
  'SELECT datname, pg_database_size(datname) AS bytes FROM pg_database WHERE datallowconn',
  'SELECT * FROM pg_stat_database',
  'SELECT * FROM pg_stat_database_conflicts',
  'SELECT * FROM pg_stat_bgwriter',
  'SELECT * FROM pg_stat_archiver',
  'SELECT * FROM pg_stat_replication',
  'SELECT slot_name, slot_type, active, restart_lsn FROM pg_replication_slots',
  `SELECT d.datname, l.mode, count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database GROUP BY 1, 2`,
  `SELECT datname, state, usename, application_name, backend_type, wait_event_type, wait_event, count(*),
     max(extract(epoch FROM now() - xact_start)) FROM pg_stat_activity GROUP BY 1, 2, 3, 4, 5, 6, 7`,
  'SELECT current_database(), schemaname, relname, seq_scan, seq_tup_read, idx_scan, idx_tup_fetch, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd, n_live_tup, n_dead_tup, n_mod_since_analyze, last_vacuum, last_autovacuum, last_analyze, last_autoanalyze, vacuum_count, autovacuum_count, analyze_count, autoanalyze_count, pg_table_size(relid) AS total_size FROM pg_stat_user_tables',
  'SELECT current_database(), schemaname, relname, heap_blks_read, heap_blks_hit, idx_blks_read, idx_blks_hit FROM pg_statio_user_tables',
  'SELECT schemaname, relname, indexrelname, idx_scan, idx_tup_read, idx_tup_fetch FROM pg_stat_user_indexes',
  'SELECT * FROM pg_stat_progress_vacuum',
  'SELECT * FROM pg_stat_wal',
];

/** Runs one scrape; rows and an estimate of bytes read. */
export async function scrape(dsn: string): Promise<{ calls: number; bytes: number }> {
  const client = new pg.Client({ connectionString: dsn, application_name: 'scrape', ssl: false });
  await client.connect();
  const stream = (client as unknown as { connection: { stream: { bytesRead: number } } }).connection.stream;
  try {
    for (const statement of SCRAPE) await client.query(statement);
    return { calls: SCRAPE.length, bytes: stream.bytesRead };
  } finally {
    await client.end();
  }
}
