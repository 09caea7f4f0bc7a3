-- exhibit:tables
SELECT t.schemaname AS schema,
       t.relname AS relation,
       t.n_live_tup AS live_rows,
       t.n_dead_tup AS dead_rows,
       t.n_mod_since_analyze AS modified_since_analyze,
       t.seq_scan AS seq_scans,
       t.idx_scan AS index_scans,
       t.n_tup_ins AS inserted,
       t.n_tup_upd AS updated,
       t.n_tup_del AS deleted,
       t.n_tup_hot_upd AS hot_updated,
       t.vacuum_count,
       t.autovacuum_count,
       t.analyze_count,
       t.autoanalyze_count,
       pg_catalog.date_part('epoch', t.last_vacuum) * 1000 AS last_vacuum,
       pg_catalog.date_part('epoch', t.last_autovacuum) * 1000 AS last_autovacuum,
       pg_catalog.date_part('epoch', t.last_analyze) * 1000 AS last_analyze,
       pg_catalog.date_part('epoch', t.last_autoanalyze) * 1000 AS last_autoanalyze
FROM pg_catalog.pg_stat_all_tables AS t
WHERE pg_catalog.left(t.schemaname::text, 3) <> 'pg_' AND t.schemaname <> 'information_schema'
ORDER BY t.n_dead_tup DESC, t.schemaname, t.relname
LIMIT 201
