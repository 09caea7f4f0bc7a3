-- exhibit:connections
SELECT a.datname AS database,
       a.usename AS usename,
       a.application_name,
       a.backend_type,
       a.state,
       a.wait_event_type,
       pg_catalog.count(*) AS backends,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'max_connections') AS max_connections,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'superuser_reserved_connections')
         AS superuser_reserved,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'reserved_connections') AS reserved
FROM pg_catalog.pg_stat_activity AS a
GROUP BY a.datname, a.usename, a.application_name, a.backend_type, a.state, a.wait_event_type
ORDER BY backends DESC, a.datname, a.backend_type, a.state, a.usename, a.application_name, a.wait_event_type
LIMIT 1001
