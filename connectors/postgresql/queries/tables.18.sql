-- exhibit:tables
-- The tables with most dead rows, and those that are scanned and written most.
SELECT x.schema, x.relation, x.live_rows, x.dead_rows, x.modified_since_analyze, x.inserted_since_vacuum, x.seq_scans,
       x.seq_rows_read, x.index_scans, x.inserted, x.updated, x.deleted, x.hot_updated, x.newpage_updated,
       x.vacuum_count, x.autovacuum_count, x.analyze_count, x.autoanalyze_count, x.last_vacuum, x.last_autovacuum,
       x.last_analyze, x.last_autoanalyze, x.last_seq_scan, x.last_index_scan, x.vacuum_ms, x.autovacuum_ms
FROM (
  SELECT t.schemaname AS schema,
         t.relname AS relation,
         t.n_live_tup AS live_rows,
         t.n_dead_tup AS dead_rows,
         t.n_mod_since_analyze AS modified_since_analyze,
         t.n_ins_since_vacuum AS inserted_since_vacuum,
         t.seq_scan AS seq_scans,
         t.seq_tup_read AS seq_rows_read,
         t.idx_scan AS index_scans,
         t.n_tup_ins AS inserted,
         t.n_tup_upd AS updated,
         t.n_tup_del AS deleted,
         t.n_tup_hot_upd AS hot_updated,
         t.n_tup_newpage_upd AS newpage_updated,
         t.vacuum_count,
         t.autovacuum_count,
         t.analyze_count,
         t.autoanalyze_count,
         pg_catalog.date_part('epoch', t.last_vacuum) * 1000 AS last_vacuum,
         pg_catalog.date_part('epoch', t.last_autovacuum) * 1000 AS last_autovacuum,
         pg_catalog.date_part('epoch', t.last_analyze) * 1000 AS last_analyze,
         pg_catalog.date_part('epoch', t.last_autoanalyze) * 1000 AS last_autoanalyze,
         pg_catalog.date_part('epoch', t.last_seq_scan) * 1000 AS last_seq_scan,
         pg_catalog.date_part('epoch', t.last_idx_scan) * 1000 AS last_index_scan,
         t.total_vacuum_time AS vacuum_ms,
         t.total_autovacuum_time AS autovacuum_ms,
         pg_catalog.row_number() OVER (ORDER BY t.n_dead_tup DESC, t.relid) AS by_dead,
         pg_catalog.row_number() OVER (ORDER BY t.seq_tup_read DESC, t.relid) AS by_scans,
         pg_catalog.row_number() OVER (ORDER BY t.n_tup_ins + t.n_tup_upd + t.n_tup_del DESC, t.relid) AS by_writes
  FROM pg_catalog.pg_stat_all_tables AS t
  WHERE pg_catalog.left(t.schemaname::text, 3) <> 'pg_' AND t.schemaname <> 'information_schema'
) AS x
WHERE x.by_dead <= 100 OR x.by_scans <= 50 OR x.by_writes <= 50
ORDER BY x.dead_rows DESC, x.schema, x.relation
LIMIT 201
