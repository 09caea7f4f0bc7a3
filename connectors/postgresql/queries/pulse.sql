-- exhibit:pulse
-- One pass over the backends in shared memory: no lock table is copied and nobody is held up.
SELECT pg_catalog.count(*) FILTER (WHERE a.backend_type = 'client backend') AS used,
       pg_catalog.count(*) FILTER (WHERE a.wait_event_type = 'Lock') AS waiting,
       pg_catalog.max(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.query_start) * 1000)
         FILTER (WHERE a.wait_event_type = 'Lock') AS waiting_ms,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'max_connections') AS max_connections,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'superuser_reserved_connections')
         AS superuser_reserved,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'reserved_connections') AS reserved
FROM pg_catalog.pg_stat_activity AS a
LIMIT 2
