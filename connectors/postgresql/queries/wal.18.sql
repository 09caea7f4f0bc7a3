-- exhibit:wal
SELECT w.wal_records,
       w.wal_fpi,
       w.wal_bytes,
       w.wal_buffers_full,
       (SELECT pg_catalog.sum(i.writes) FROM pg_catalog.pg_stat_io AS i WHERE i.object = 'wal') AS wal_writes,
       (SELECT pg_catalog.sum(i.fsyncs) FROM pg_catalog.pg_stat_io AS i WHERE i.object = 'wal') AS wal_syncs,
       (SELECT pg_catalog.sum(i.write_time) FROM pg_catalog.pg_stat_io AS i WHERE i.object = 'wal') AS wal_write_ms,
       (SELECT pg_catalog.sum(i.fsync_time) FROM pg_catalog.pg_stat_io AS i WHERE i.object = 'wal') AS wal_sync_ms,
       a.archived_count,
       a.failed_count,
       pg_catalog.date_part('epoch', a.last_archived_time) * 1000 AS last_archived,
       pg_catalog.date_part('epoch', a.last_failed_time) * 1000 AS last_failed,
       (SELECT s.setting <> 'off' FROM pg_catalog.pg_settings AS s WHERE s.name = 'archive_mode') AS archiving,
       (SELECT s.setting::bigint FROM pg_catalog.pg_settings AS s WHERE s.name = 'wal_segment_size') AS segment_bytes,
       a.last_archived_wal AS archived_segment,
       CASE WHEN NOT pg_catalog.pg_is_in_recovery()
            THEN pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()) END AS current_segment,
       pg_catalog.date_part('epoch', w.stats_reset) * 1000 AS stats_reset,
       pg_catalog.date_part('epoch', a.stats_reset) * 1000 AS archiver_reset
FROM pg_catalog.pg_stat_wal AS w
CROSS JOIN pg_catalog.pg_stat_archiver AS a
LIMIT 2
