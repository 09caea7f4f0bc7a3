-- exhibit:transactions
SELECT a.pid,
       a.datname AS database,
       a.usename,
       a.application_name,
       a.backend_type,
       a.state,
       a.wait_event_type,
       a.wait_event,
       a.query_id,
       pg_catalog.date_part('epoch', a.xact_start) * 1000 AS xact_started,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000 AS xact_ms,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.state_change) * 1000 AS state_ms,
       a.backend_xid IS NOT NULL AS writes,
       pg_catalog.age(a.backend_xmin) AS xmin_age
FROM pg_catalog.pg_stat_activity AS a
WHERE a.xact_start IS NOT NULL
  AND a.backend_type = 'client backend'
  AND a.pid <> pg_catalog.pg_backend_pid()
  AND a.xact_start < pg_catalog.clock_timestamp() - '1 second'::interval
ORDER BY a.xact_start, a.pid
LIMIT 201
