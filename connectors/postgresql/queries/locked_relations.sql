-- exhibit:locked_relations
-- Whoever holds or waits for a strong lock has a row of its own; those who wait for a weak one are counted. A lock on
-- the parent of partitions also keeps out whoever reads them through it: they follow, with that parent. The lock table
-- is copied once, and pg_inherits says who is whose partition: no relation is opened.
WITH locks AS MATERIALIZED (
  SELECT l.locktype, l.relation, l.mode, l.granted, l.pid, l.virtualtransaction, l.transactionid, l.waitstart,
         l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                    'AccessExclusiveLock') AS strong
  FROM pg_catalog.pg_locks AS l
  WHERE (l.locktype IN ('relation', 'extend', 'page', 'tuple')
         AND l.database IN (0, (SELECT d.oid FROM pg_catalog.pg_database AS d
                                WHERE d.datname = pg_catalog.current_database()))
         AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid())
     OR (l.locktype = 'transactionid' AND l.pid IS NULL)
),
-- A prepared transaction has no backend; the lock on its own number leads to it.
prepared AS (
  SELECT k.virtualtransaction, p.transaction, p.owner, p.prepared
  FROM pg_catalog.pg_prepared_xacts AS p
  JOIN locks AS k ON k.transactionid = p.transaction
  WHERE k.locktype = 'transactionid'
  LIMIT 500
),
queues AS (
  SELECT k.relation, pg_catalog.count(*) AS waiting
  FROM locks AS k
  WHERE NOT k.granted AND k.relation IS NOT NULL
  GROUP BY k.relation
  ORDER BY waiting DESC
  LIMIT 500
),
locked AS (
  SELECT k.relation, k.mode, k.granted,
         CASE WHEN k.strong THEN k.pid END AS pid,
         CASE WHEN k.strong AND k.pid IS NULL THEN k.virtualtransaction END AS prepared,
         pg_catalog.count(*) AS locks,
         pg_catalog.min(k.waitstart) AS waitstart
  FROM locks AS k
  WHERE k.locktype <> 'transactionid' AND (k.strong OR NOT k.granted)
  GROUP BY 1, 2, 3, 4, 5
  ORDER BY k.granted, locks DESC, k.relation, k.mode
  LIMIT 501
),
children AS (
  SELECT i.inhrelid AS relation, k.relation AS parent, k.mode, k.granted, k.pid, k.prepared, k.waitstart
  FROM locked AS k
  JOIN pg_catalog.pg_inherits AS i ON i.inhparent = k.relation
  WHERE k.mode = 'AccessExclusiveLock'
  LIMIT 500
),
grandchildren AS (
  SELECT i.inhrelid AS relation, k.parent, k.mode, k.granted, k.pid, k.prepared, k.waitstart
  FROM children AS k
  JOIN pg_catalog.pg_inherits AS i ON i.inhparent = k.relation
  LIMIT 500
),
reached AS (
  SELECT k.relation, NULL::oid AS parent, k.mode, k.granted, k.pid, k.prepared, k.locks, k.waitstart
  FROM locked AS k
  UNION ALL
  SELECT k.relation, k.parent, k.mode, k.granted, k.pid, k.prepared, 1, k.waitstart FROM children AS k
  UNION ALL
  SELECT k.relation, k.parent, k.mode, k.granted, k.pid, k.prepared, 1, k.waitstart FROM grandchildren AS k
)
SELECT r.relation AS relation_oid,
       n.nspname AS schema,
       c.relname AS relation,
       c.relkind AS kind,
       pn.nspname AS parent_schema,
       pc.relname AS parent_relation,
       r.mode,
       r.granted,
       r.locks,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - r.waitstart) * 1000 AS wait_ms,
       coalesce(q.waiting, 0) AS waiting,
       r.pid,
       a.usename,
       a.backend_type,
       a.state,
       pg_catalog.date_part('epoch', a.xact_start) * 1000 AS xact_started,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.xact_start) * 1000 AS xact_ms,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.state_change) * 1000 AS state_ms,
       p.transaction AS prepared_xid,
       p.owner AS prepared_by,
       pg_catalog.date_part('epoch', p.prepared) * 1000 AS prepared_at,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared) * 1000 AS prepared_ms
FROM reached AS r
LEFT JOIN queues AS q ON q.relation = coalesce(r.parent, r.relation)
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = r.relation
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_class AS pc ON pc.oid = r.parent
LEFT JOIN pg_catalog.pg_namespace AS pn ON pn.oid = pc.relnamespace
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = r.pid
LEFT JOIN prepared AS p ON p.virtualtransaction = r.prepared
ORDER BY r.granted, r.parent IS NOT NULL, waiting DESC, r.locks DESC, n.nspname, c.relname, r.mode, r.pid
LIMIT 501
