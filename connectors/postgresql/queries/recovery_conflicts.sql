-- exhibit:recovery_conflicts
-- Counted on standbys only: queries that were cancelled because replay needed what they held.
SELECT c.datname AS database,
       c.confl_tablespace AS tablespace,
       c.confl_lock AS lock,
       c.confl_snapshot AS snapshot,
       c.confl_bufferpin AS bufferpin,
       c.confl_deadlock AS deadlock,
       NULL::bigint AS logical_slot,
       pg_catalog.date_part('epoch', d.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_stat_database_conflicts AS c
JOIN pg_catalog.pg_stat_database AS d ON d.datid = c.datid
WHERE pg_catalog.pg_is_in_recovery()
ORDER BY c.datname
LIMIT 501
