-- exhibit:statements
-- The function and not the view, with false: the file of the query texts is not even opened. public is written out,
-- and the reader makes sure first that the extension lives there: beside an extension's own function nothing else there
-- can answer to this name. All statements are read, because what took most time since the last read can only be told
-- from the counters of all.
SELECT s.queryid,
       s.toplevel,
       d.datname AS database,
       r.rolname AS usename,
       s.calls,
       s.plans,
       s.rows,
       s.total_exec_time AS exec_ms,
       s.mean_exec_time AS mean_exec_ms,
       s.max_exec_time AS max_exec_ms,
       s.stddev_exec_time AS stddev_exec_ms,
       s.total_plan_time AS plan_ms,
       s.shared_blks_hit,
       s.shared_blks_read,
       s.shared_blks_dirtied,
       s.shared_blks_written,
       s.temp_blks_read,
       s.temp_blks_written,
       s.wal_records,
       s.wal_bytes,
       s.shared_blk_read_time + s.local_blk_read_time AS block_read_ms,
       s.shared_blk_write_time + s.local_blk_write_time AS block_write_ms,
       pg_catalog.date_part('epoch', s.stats_since) * 1000 AS counted_since,
       i.dealloc AS evictions,
       pg_catalog.date_part('epoch', i.stats_reset) * 1000 AS statistics_reset
FROM public.pg_stat_statements(false) AS s
CROSS JOIN public.pg_stat_statements_info AS i
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
WHERE s.queryid IS NOT NULL
ORDER BY s.total_exec_time DESC, s.queryid, s.userid
LIMIT 5001
