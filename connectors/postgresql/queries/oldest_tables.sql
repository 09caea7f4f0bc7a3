-- exhibit:oldest_tables
-- TOAST tables age on their own and are named after the table that they belong to.
SELECT n.nspname AS schema,
       coalesce(m.relname, c.relname) AS relation,
       m.oid IS NOT NULL AS toast,
       pg_catalog.age(c.relfrozenxid) AS xid_age,
       pg_catalog.mxid_age(c.relminmxid) AS mxid_age,
       c.relpages AS pages,
       pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead_rows,
       pg_catalog.date_part('epoch', pg_catalog.pg_stat_get_last_vacuum_time(c.oid)) * 1000 AS last_vacuum,
       pg_catalog.date_part('epoch', pg_catalog.pg_stat_get_last_autovacuum_time(c.oid)) * 1000 AS last_autovacuum,
       'autovacuum_enabled=false' = ANY (c.reloptions) AS autovacuum_off,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum_freeze_max_age')
         AS freeze_max_age,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'autovacuum_multixact_freeze_max_age')
         AS multixact_freeze_max_age
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_class AS m ON m.reltoastrelid = c.oid AND c.relkind = 't'
JOIN pg_catalog.pg_namespace AS n ON n.oid = coalesce(m.relnamespace, c.relnamespace)
WHERE c.relkind IN ('r', 'm', 't') AND c.relfrozenxid <> '0'::xid
ORDER BY pg_catalog.age(c.relfrozenxid) DESC, c.relpages DESC, n.nspname, c.relname
LIMIT 51
