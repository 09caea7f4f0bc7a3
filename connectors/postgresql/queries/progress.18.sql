-- exhibit:progress
-- Every long job that reports how far it is, in one shape. A relation has a name in its own database only.
SELECT g.kind, g.command, g.pid, d.datname AS database, n.nspname AS schema, c.relname AS relation, x.relname AS index,
       g.phase, g.blocks_total, g.blocks_done, g.tuples_total, g.tuples_done, g.bytes_total, g.bytes_done,
       g.parts_total, g.parts_done, g.index_cycles, g.dead_items, g.dead_bytes, g.max_dead_bytes, g.lockers_total,
       g.lockers_done, g.locker_pid, g.delay_ms, a.backend_type, a.wait_event_type, a.wait_event, a.usename,
       pg_catalog.date_part('epoch', a.xact_start) * 1000 AS started,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000 AS running_ms
FROM (
  SELECT 'vacuum'::text AS kind, NULL::text AS command, v.pid AS pid, v.datid AS datid, v.relid AS relid,
         v.phase AS phase, NULL::oid AS index_relid, v.heap_blks_total AS blocks_total,
         v.heap_blks_scanned AS blocks_done, NULL::bigint AS tuples_total, NULL::bigint AS tuples_done,
         NULL::bigint AS bytes_total, NULL::bigint AS bytes_done, v.indexes_total AS parts_total,
         v.indexes_processed AS parts_done, v.index_vacuum_count AS index_cycles,
         v.num_dead_item_ids AS dead_items, v.dead_tuple_bytes AS dead_bytes,
         v.max_dead_tuple_bytes AS max_dead_bytes, NULL::bigint AS lockers_total, NULL::bigint AS lockers_done,
         NULL::bigint AS locker_pid, v.delay_time AS delay_ms
  FROM pg_catalog.pg_stat_progress_vacuum AS v
  UNION ALL
  SELECT 'analyze', NULL::text, y.pid, y.datid, y.relid, y.phase, NULL::oid, y.sample_blks_total,
         y.sample_blks_scanned, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, y.child_tables_total,
         y.child_tables_done, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, y.delay_time
  FROM pg_catalog.pg_stat_progress_analyze AS y
  UNION ALL
  SELECT 'create_index', i.command, i.pid, i.datid, i.relid, i.phase, i.index_relid, i.blocks_total,
         i.blocks_done, i.tuples_total, i.tuples_done, NULL::bigint, NULL::bigint, i.partitions_total,
         i.partitions_done, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, i.lockers_total,
         i.lockers_done, i.current_locker_pid, NULL::double precision
  FROM pg_catalog.pg_stat_progress_create_index AS i
  UNION ALL
  SELECT 'cluster', u.command, u.pid, u.datid, u.relid, u.phase, u.cluster_index_relid, u.heap_blks_total,
         u.heap_blks_scanned, NULL::bigint, u.heap_tuples_written, NULL::bigint, NULL::bigint, NULL::bigint,
         u.index_rebuild_count, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, NULL::double precision
  FROM pg_catalog.pg_stat_progress_cluster AS u
  UNION ALL
  SELECT 'copy', o.command, o.pid, o.datid, o.relid, o.type, NULL::oid, NULL::bigint, NULL::bigint,
         NULL::bigint, o.tuples_processed, o.bytes_total, o.bytes_processed, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
         NULL::double precision
  FROM pg_catalog.pg_stat_progress_copy AS o
  UNION ALL
  SELECT 'basebackup', NULL::text, k.pid, NULL::oid, NULL::oid, k.phase, NULL::oid, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, k.backup_total, k.backup_streamed, k.tablespaces_total,
         k.tablespaces_streamed, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint,
         NULL::bigint, NULL::bigint, NULL::double precision
  FROM pg_catalog.pg_stat_progress_basebackup AS k
) AS g
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = g.datid
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = g.relid AND d.datname = pg_catalog.current_database()
LEFT JOIN pg_catalog.pg_class AS x ON x.oid = g.index_relid AND d.datname = pg_catalog.current_database()
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = g.pid
ORDER BY a.xact_start, g.pid
LIMIT 201
