-- exhibit:wait_events
-- Whoever works: statements under way, and processes of the server that are not merely waiting for work.
SELECT a.datname AS database,
       a.backend_type,
       a.wait_event_type,
       a.wait_event,
       pg_catalog.count(*) AS backends
FROM pg_catalog.pg_stat_activity AS a
WHERE a.pid <> pg_catalog.pg_backend_pid()
  AND a.wait_event_type IS DISTINCT FROM 'Activity'
  AND (a.state IN ('active', 'fastpath function call')
    OR (a.state IS NULL AND a.backend_type <> 'client backend'))
GROUP BY a.datname, a.backend_type, a.wait_event_type, a.wait_event
ORDER BY backends DESC, a.datname, a.backend_type, a.wait_event_type, a.wait_event
LIMIT 501
