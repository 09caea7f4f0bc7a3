-- exhibit:replication
SELECT r.pid,
       r.usename,
       r.application_name,
       r.state,
       r.sync_state,
       r.sync_priority,
       pg_catalog.date_part('epoch', r.backend_start) * 1000 AS started,
       pg_catalog.pg_wal_lsn_diff(p.lsn, r.sent_lsn) AS sent_lag_bytes,
       pg_catalog.pg_wal_lsn_diff(p.lsn, r.write_lsn) AS write_lag_bytes,
       pg_catalog.pg_wal_lsn_diff(p.lsn, r.flush_lsn) AS flush_lag_bytes,
       pg_catalog.pg_wal_lsn_diff(p.lsn, r.replay_lsn) AS replay_lag_bytes,
       pg_catalog.date_part('epoch', r.write_lag) * 1000 AS write_lag_ms,
       pg_catalog.date_part('epoch', r.flush_lag) * 1000 AS flush_lag_ms,
       pg_catalog.date_part('epoch', r.replay_lag) * 1000 AS replay_lag_ms,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - r.reply_time) * 1000 AS reply_ms,
       pg_catalog.age(r.backend_xmin) AS xmin_age
FROM pg_catalog.pg_stat_replication AS r
CROSS JOIN (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                        ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) AS p
ORDER BY r.pid
LIMIT 201
