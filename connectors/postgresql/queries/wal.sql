-- exhibit:wal
SELECT w.wal_records,
       w.wal_fpi,
       w.wal_bytes,
       w.wal_buffers_full,
       a.archived_count,
       a.failed_count,
       pg_catalog.date_part('epoch', a.last_archived_time) * 1000 AS last_archived,
       pg_catalog.date_part('epoch', a.last_failed_time) * 1000 AS last_failed,
       pg_catalog.date_part('epoch', w.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_stat_wal AS w
CROSS JOIN pg_catalog.pg_stat_archiver AS a
LIMIT 2
