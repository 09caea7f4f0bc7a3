-- exhibit:catalog_locks
-- The one read that says who holds a system catalog while it is held: it opens none, and gives numbers in place of
-- names. 16384 is the first number of what is not part of PostgreSQL itself.
SELECT l.relation AS relation_oid,
       l.database = '0'::oid AS shared,
       l.mode,
       l.granted,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - l.waitstart) * 1000 AS wait_ms,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks AS w
        WHERE w.locktype = 'relation' AND w.relation = l.relation AND w.database = l.database
          AND NOT w.granted) AS waiting,
       l.pid,
       pg_catalog.date_part('epoch', b.xact_start) * 1000 AS xact_started,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - b.xact_start) * 1000 AS xact_ms,
       b.wait_event_type,
       b.wait_event
FROM pg_catalog.pg_locks AS l
LEFT JOIN (
  SELECT pg_catalog.pg_stat_get_backend_pid(i.i) AS pid,
         pg_catalog.pg_stat_get_backend_xact_start(i.i) AS xact_start,
         pg_catalog.pg_stat_get_backend_wait_event_type(i.i) AS wait_event_type,
         pg_catalog.pg_stat_get_backend_wait_event(i.i) AS wait_event
  FROM pg_catalog.pg_stat_get_backend_idset() AS i
) AS b ON b.pid = l.pid
WHERE l.locktype = 'relation'
  AND l.relation < '16384'::oid
  AND l.mode = 'AccessExclusiveLock'
  AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
ORDER BY l.granted, waiting DESC, l.relation, l.pid
LIMIT 201
