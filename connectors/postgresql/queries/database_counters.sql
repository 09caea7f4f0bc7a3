-- exhibit:database_counters
SELECT s.datname AS database,
       s.numbackends AS backends,
       s.xact_commit,
       s.xact_rollback,
       s.blks_read,
       s.blks_hit,
       s.tup_returned,
       s.tup_fetched,
       s.tup_inserted,
       s.tup_updated,
       s.tup_deleted,
       s.conflicts,
       s.temp_files,
       s.temp_bytes,
       s.deadlocks,
       s.checksum_failures,
       pg_catalog.date_part('epoch', s.checksum_last_failure) * 1000 AS checksum_last_failure,
       s.blk_read_time AS blk_read_ms,
       s.blk_write_time AS blk_write_ms,
       s.session_time AS session_ms,
       s.active_time AS active_ms,
       s.idle_in_transaction_time AS idle_in_transaction_ms,
       s.sessions,
       s.sessions_abandoned,
       s.sessions_fatal,
       s.sessions_killed,
       pg_catalog.date_part('epoch', s.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_stat_database AS s
WHERE s.datname IS NOT NULL
ORDER BY s.datname
LIMIT 501
