-- exhibit:autovacuum
-- A table is due by the thresholds of the server; its own storage options are not reckoned with.
WITH settings AS (
  SELECT pg_catalog.max(CASE s.name WHEN 'autovacuum_vacuum_threshold' THEN s.setting::double precision END) AS base,
         pg_catalog.max(CASE s.name WHEN 'autovacuum_vacuum_scale_factor' THEN s.setting::double precision END) AS scale,
         pg_catalog.max(CASE s.name WHEN 'autovacuum_max_workers' THEN s.setting::integer END) AS max_workers,
         pg_catalog.max(CASE s.name WHEN 'autovacuum_freeze_max_age' THEN s.setting::integer END) AS freeze_max_age
  FROM pg_catalog.pg_settings AS s
  WHERE s.name IN ('autovacuum_vacuum_threshold', 'autovacuum_vacuum_scale_factor', 'autovacuum_max_workers',
                   'autovacuum_freeze_max_age')
)
SELECT (SELECT s.setting = 'on' FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum') AS enabled,
       (SELECT s.setting = 'on' FROM pg_catalog.pg_settings AS s WHERE s.name = 'track_counts') AS counting,
       g.max_workers,
       w.workers,
       w.oldest_ms,
       w.waiting,
       t.tables,
       t.tables_due,
       t.tables_past_freeze_age,
       t.tables_off,
       t.dead_rows
FROM settings AS g
CROSS JOIN (
  SELECT pg_catalog.count(*) AS workers,
         pg_catalog.max(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000) AS oldest_ms,
         pg_catalog.count(*) FILTER (WHERE a.wait_event_type = 'Lock') AS waiting
  FROM pg_catalog.pg_stat_activity AS a
  WHERE a.backend_type = 'autovacuum worker'
) AS w
CROSS JOIN (
  SELECT pg_catalog.count(*) AS tables,
         pg_catalog.count(*) FILTER (WHERE c.dead > o.base + o.scale * greatest(c.reltuples, 0)) AS tables_due,
         pg_catalog.count(*) FILTER (WHERE c.xid_age > o.freeze_max_age) AS tables_past_freeze_age,
         pg_catalog.count(*) FILTER (WHERE c.off) AS tables_off,
         pg_catalog.sum(c.dead) AS dead_rows
  FROM (SELECT r.reltuples, pg_catalog.pg_stat_get_dead_tuples(r.oid) AS dead, pg_catalog.age(r.relfrozenxid) AS xid_age,
               'autovacuum_enabled=false' = ANY (r.reloptions) AS off
        FROM pg_catalog.pg_class AS r
        WHERE r.relkind IN ('r', 'm', 't') AND r.relpersistence <> 't') AS c
  CROSS JOIN settings AS o
) AS t
LIMIT 2
