-- exhibit:advisory_locks
SELECT d.datname AS database,
       l.classid AS key_high,
       l.objid AS key_low,
       l.objsubid AS key_kind,
       l.mode,
       l.granted,
       pg_catalog.count(*) AS backends,
       pg_catalog.min(l.pid) AS pid,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - pg_catalog.min(l.waitstart)) * 1000 AS wait_ms
FROM pg_catalog.pg_locks AS l
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = l.database
WHERE l.locktype = 'advisory'
GROUP BY d.datname, l.classid, l.objid, l.objsubid, l.mode, l.granted
ORDER BY l.granted, backends DESC, d.datname, l.classid, l.objid, l.objsubid, l.mode
LIMIT 1001
