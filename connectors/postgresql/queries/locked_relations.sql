-- exhibit:locked_relations
SELECT l.relation AS relation_oid,
       n.nspname AS schema,
       c.relname AS relation,
       c.relkind AS kind,
       l.mode,
       l.granted,
       pg_catalog.count(*) AS locks,
       pg_catalog.max(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - l.waitstart) * 1000) AS wait_ms
FROM pg_catalog.pg_locks AS l
JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.locktype IN ('relation', 'extend', 'page', 'tuple')
  AND l.database IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d
                         WHERE d.datname = pg_catalog.current_database()))
  AND (NOT l.granted OR l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                                   'AccessExclusiveLock'))
GROUP BY l.relation, n.nspname, c.relname, c.relkind, l.mode, l.granted
ORDER BY l.granted, locks DESC, n.nspname, c.relname, l.mode
LIMIT 501
