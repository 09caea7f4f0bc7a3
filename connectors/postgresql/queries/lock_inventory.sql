-- exhibit:lock_inventory
SELECT d.datname AS database,
       l.locktype,
       l.mode,
       l.granted,
       pg_catalog.count(*) AS locks,
       pg_catalog.count(*) FILTER (WHERE l.fastpath) AS fastpath,
       pg_catalog.max(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - l.waitstart) * 1000) AS wait_ms
FROM pg_catalog.pg_locks AS l
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
WHERE l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
GROUP BY d.datname, l.locktype, l.mode, l.granted
ORDER BY l.granted, locks DESC, d.datname, l.locktype, l.mode
LIMIT 501
