-- exhibit:slru
SELECT s.name,
       s.blks_zeroed,
       s.blks_hit,
       s.blks_read,
       s.blks_written,
       s.blks_exists,
       s.flushes,
       s.truncates,
       pg_catalog.date_part('epoch', s.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_stat_slru AS s
ORDER BY s.name
LIMIT 51
