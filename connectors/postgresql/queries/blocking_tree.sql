-- exhibit:blocking_tree
-- The lock table is copied once. pg_blocking_pids() holds up all lock partitions while it looks, so it is asked only
-- for backends that wait, and for no more than 100 of them.
WITH locks AS MATERIALIZED (
  SELECT l.pid, l.locktype, l.mode, l.granted, l.database, l.relation, l.waitstart
  FROM pg_catalog.pg_locks AS l
),
waiting AS (
  SELECT l.pid, l.locktype, l.mode, l.database, l.relation, l.waitstart
  FROM locks AS l
  WHERE NOT l.granted AND l.pid IS NOT NULL
  ORDER BY l.waitstart, l.pid
  LIMIT 100
)
SELECT w.pid,
       w.locktype,
       w.mode,
       d.datname AS database,
       -- Somebody who waits for a row waits for a transaction; the tuple lock he holds says in which table.
       coalesce(w.relation, (SELECT pg_catalog.min(t.relation) FROM locks AS t
                             WHERE t.pid = w.pid AND t.granted AND t.locktype = 'tuple')) AS relation_oid,
       pg_catalog.date_part('epoch', w.waitstart) * 1000 AS wait_started,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - w.waitstart) * 1000 AS wait_ms,
       a.usename,
       a.application_name,
       a.backend_type,
       a.query_id,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000 AS xact_ms,
       b.pid AS blocker_pid,
       ba.datname AS blocker_database,
       ba.usename AS blocker_usename,
       ba.application_name AS blocker_application_name,
       ba.backend_type AS blocker_backend_type,
       ba.state AS blocker_state,
       ba.wait_event_type AS blocker_wait_event_type,
       ba.wait_event AS blocker_wait_event,
       ba.query_id AS blocker_query_id,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - ba.xact_start) * 1000 AS blocker_xact_ms,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - ba.state_change) * 1000 AS blocker_state_ms,
       (SELECT pg_catalog.count(*) FROM locks AS t WHERE NOT t.granted) AS waiting_total
FROM waiting AS w
LEFT JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b (pid) ON true
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = w.pid
LEFT JOIN pg_catalog.pg_stat_activity AS ba ON ba.pid = b.pid
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = coalesce(a.datid, w.database)
ORDER BY w.waitstart, w.pid, b.pid
LIMIT 2001
