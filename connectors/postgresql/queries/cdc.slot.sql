-- exhibit:cdc/slot
-- The slot, and whether one may be made: what stands in the way is looked for before anything is tried.
SELECT pg_catalog.current_setting('wal_level') AS wal_level,
       pg_catalog.current_setting('max_slot_wal_keep_size') <> '-1' AS keep_limited,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       r.rolreplication OR r.rolsuper AS may_replicate,
       b.pubname IS NOT NULL AS published,
       CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_flush_lsn()::pg_catalog.text
            END AS flushed,
       s.slot_name IS NOT NULL AS present,
       s.plugin,
       s.database,
       s.active,
       s.wal_status,
       s.confirmed_flush_lsn::pg_catalog.text AS confirmed,
       CASE WHEN NOT pg_catalog.pg_is_in_recovery()
            THEN pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn) END AS retained_wal_bytes,
       s.safe_wal_size AS safe_wal_bytes
FROM pg_catalog.pg_roles AS r
LEFT JOIN pg_catalog.pg_replication_slots AS s ON s.slot_name = $1
LEFT JOIN pg_catalog.pg_publication AS b ON b.pubname = $2
WHERE r.rolname = CURRENT_USER
LIMIT 2
