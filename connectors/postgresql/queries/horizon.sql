-- exhibit:horizon
-- Everything that keeps vacuum from removing dead rows, oldest first: rows that died after these are kept.
SELECT h.holder, h.pid, h.name, h.database, h.usename, h.state, h.backend_type, h.active, h.xmin_age,
       h.catalog_xmin_age, h.held_ms, h.state_ms,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum_freeze_max_age') AS freeze_max_age
FROM (
  SELECT 'backend'::text AS holder, a.pid, NULL::text AS name, a.datname::text AS database, a.usename::text AS usename,
         a.state, a.backend_type, NULL::boolean AS active, pg_catalog.age(a.backend_xmin) AS xmin_age,
         NULL::integer AS catalog_xmin_age,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000 AS held_ms,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.state_change) * 1000 AS state_ms
  FROM pg_catalog.pg_stat_activity AS a
  WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid() AND a.backend_type <> 'walsender'
  UNION ALL
  SELECT 'prepared_transaction', NULL, p.transaction::text, p.database::text, p.owner::text, NULL, NULL, NULL,
         pg_catalog.age(p.transaction), NULL,
         pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared) * 1000, NULL
  FROM pg_catalog.pg_prepared_xacts AS p
  UNION ALL
  SELECT 'replication_slot', NULL, l.slot_name::text, l.database::text, NULL, l.wal_status, l.slot_type, l.active,
         pg_catalog.age(l.xmin), pg_catalog.age(l.catalog_xmin), NULL, NULL
  FROM pg_catalog.pg_replication_slots AS l
  WHERE l.xmin IS NOT NULL OR l.catalog_xmin IS NOT NULL
  UNION ALL
  SELECT 'standby', r.pid, NULL, NULL, r.usename::text, r.state, 'walsender', NULL, pg_catalog.age(r.backend_xmin), NULL,
         NULL, NULL
  FROM pg_catalog.pg_stat_replication AS r
  WHERE r.backend_xmin IS NOT NULL
) AS h
ORDER BY greatest(h.xmin_age, h.catalog_xmin_age) DESC, h.holder, h.pid, h.name
LIMIT 101
