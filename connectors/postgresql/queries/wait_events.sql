-- exhibit:wait_events
SELECT a.datname AS database,
       a.backend_type,
       a.wait_event_type,
       a.wait_event,
       pg_catalog.count(*) AS backends
FROM pg_catalog.pg_stat_activity AS a
WHERE a.state IN ('active', 'idle in transaction', 'idle in transaction (aborted)', 'fastpath function call')
  AND a.pid <> pg_catalog.pg_backend_pid()
GROUP BY a.datname, a.backend_type, a.wait_event_type, a.wait_event
ORDER BY backends DESC, a.datname, a.backend_type, a.wait_event_type, a.wait_event
LIMIT 501
