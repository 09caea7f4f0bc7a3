-- exhibit:statements
-- The function and not the view: with `false` the server does not even open the file that holds the query texts.
-- Sent only after exhibit:extensions has shown that the extension lives in public, so that nothing else there can
-- answer to this name.
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
       s.wal_bytes
FROM public.pg_stat_statements(false) AS s
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
WHERE s.queryid IS NOT NULL
ORDER BY s.total_exec_time DESC, s.queryid, s.userid
LIMIT 101
