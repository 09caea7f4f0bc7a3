-- exhibit:recovery
-- conninfo and sender_host are never named. On a server that is not in recovery the functions about replay would fail.
SELECT r.in_recovery,
       CASE WHEN r.in_recovery THEN pg_catalog.pg_get_wal_replay_pause_state() END AS pause_state,
       CASE WHEN r.in_recovery THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_receive_lsn(),
                                                               pg_catalog.pg_last_wal_replay_lsn())
       END AS replay_lag_bytes,
       CASE WHEN r.in_recovery THEN pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()
         - pg_catalog.pg_last_xact_replay_timestamp()) * 1000 END AS replay_delay_ms,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_wal_receiver AS n) AS receivers,
       w.status AS receiver_status,
       w.slot_name AS receiver_slot,
       w.received_tli AS receiver_timeline,
       pg_catalog.pg_wal_lsn_diff(w.latest_end_lsn, w.flushed_lsn) AS receive_lag_bytes,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - w.last_msg_receipt_time) * 1000 AS message_ms,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication AS n) AS senders,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication AS n WHERE n.sync_state IN ('sync', 'quorum'))
         AS synchronous_senders,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'max_wal_senders') AS max_senders,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots AS n) AS slots,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'max_replication_slots') AS max_slots,
       (SELECT s.setting <> '' FROM pg_catalog.pg_settings AS s WHERE s.name = 'synchronous_standby_names')
         AS synchronous_wanted,
       (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'synchronous_commit') AS synchronous_commit
FROM (SELECT pg_catalog.pg_is_in_recovery() AS in_recovery) AS r
LEFT JOIN pg_catalog.pg_stat_wal_receiver AS w ON w.pid IS NOT NULL
LIMIT 2
