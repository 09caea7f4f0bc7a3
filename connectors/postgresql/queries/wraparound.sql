-- exhibit:wraparound
SELECT d.datname AS database,
       pg_catalog.age(d.datfrozenxid) AS xid_age,
       pg_catalog.mxid_age(d.datminmxid) AS mxid_age,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum_freeze_max_age')
         AS freeze_max_age,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum_multixact_freeze_max_age')
         AS multixact_freeze_max_age,
       (SELECT pg_catalog.max(pg_catalog.age(a.backend_xmin)) FROM pg_catalog.pg_stat_activity AS a)
         AS oldest_backend_age,
       (SELECT pg_catalog.max(pg_catalog.age(r.backend_xmin)) FROM pg_catalog.pg_stat_replication AS r)
         AS oldest_standby_age,
       (SELECT pg_catalog.max(pg_catalog.age(p.transaction)) FROM pg_catalog.pg_prepared_xacts AS p)
         AS oldest_prepared_age,
       (SELECT pg_catalog.max(pg_catalog.age(l.xmin)) FROM pg_catalog.pg_replication_slots AS l)
         AS oldest_slot_age,
       (SELECT pg_catalog.max(pg_catalog.age(l.catalog_xmin)) FROM pg_catalog.pg_replication_slots AS l)
         AS oldest_slot_catalog_age
FROM pg_catalog.pg_database AS d
ORDER BY d.datname
LIMIT 501
