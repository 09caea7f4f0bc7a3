-- exhibit:connections
SELECT a.datname AS database,
       a.usename AS usename,
       a.backend_type,
       a.state,
       pg_catalog.count(*) AS backends,
       pg_catalog.count(*) FILTER (WHERE a.wait_event_type = 'Lock') AS waiting_on_lock,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'max_connections') AS max_connections,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'superuser_reserved_connections')
         AS superuser_reserved,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'reserved_connections') AS reserved
FROM pg_catalog.pg_stat_activity AS a
GROUP BY a.datname, a.usename, a.backend_type, a.state
ORDER BY backends DESC, a.datname, a.backend_type, a.state, a.usename
LIMIT 1001
