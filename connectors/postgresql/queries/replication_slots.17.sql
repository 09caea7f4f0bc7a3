-- exhibit:replication_slots
SELECT l.slot_name,
       l.slot_type,
       l.plugin,
       l.database,
       l.active,
       l.temporary,
       l.two_phase,
       l.wal_status,
       l.safe_wal_size AS safe_wal_bytes,
       pg_catalog.pg_wal_lsn_diff(p.lsn, l.restart_lsn) AS retained_wal_bytes,
       pg_catalog.pg_wal_lsn_diff(p.lsn, l.confirmed_flush_lsn) AS unconfirmed_bytes,
       pg_catalog.age(l.xmin) AS xmin_age,
       pg_catalog.age(l.catalog_xmin) AS catalog_xmin_age,
       s.spill_txns AS spilled_transactions,
       s.spill_bytes AS spilled_bytes,
       s.stream_bytes AS streamed_bytes,
       s.total_bytes AS decoded_bytes,
       l.conflicting AS conflicting,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - l.inactive_since) * 1000 AS inactive_ms,
       l.invalidation_reason AS invalidation_reason,
       l.failover AS failover,
       l.synced AS synced
FROM pg_catalog.pg_replication_slots AS l
LEFT JOIN pg_catalog.pg_stat_replication_slots AS s ON s.slot_name = l.slot_name
CROSS JOIN (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                        ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) AS p
ORDER BY l.slot_name
LIMIT 201
