-- exhibit:subscriptions
-- The shared catalog shows those of every database; the tables of a subscription only those of this one.
-- subconninfo and subpublications are never named.
SELECT b.subname AS subscription,
       d.datname AS database,
       b.subenabled AS enabled,
       b.subdisableonerr AS disable_on_error,
       b.subslotname AS slot_name,
       w.apply_workers,
       w.sync_workers,
       NULL::bigint AS parallel_workers,
       w.message_ms,
       w.confirmed_ms,
       w.received_lag_bytes,
       t.tables,
       t.tables_not_ready,
       s.apply_error_count AS apply_errors,
       s.sync_error_count AS sync_errors,
       NULL::bigint AS insert_exists,
       NULL::bigint AS update_origin_differs,
       NULL::bigint AS update_exists,
       NULL::bigint AS update_missing,
       NULL::bigint AS delete_origin_differs,
       NULL::bigint AS delete_missing,
       NULL::bigint AS multiple_unique_conflicts,
       pg_catalog.date_part('epoch', s.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_subscription AS b
JOIN pg_catalog.pg_database AS d ON d.oid = b.subdbid
LEFT JOIN (
  SELECT a.subid,
         pg_catalog.count(a.pid) FILTER (WHERE a.relid IS NULL) AS apply_workers,
         pg_catalog.count(a.pid) FILTER (WHERE a.relid IS NOT NULL) AS sync_workers,
         pg_catalog.min(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.last_msg_receipt_time) * 1000)
           AS message_ms,
         pg_catalog.min(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.latest_end_time) * 1000)
           AS confirmed_ms,
         pg_catalog.max(pg_catalog.pg_wal_lsn_diff(a.received_lsn, a.latest_end_lsn)) AS received_lag_bytes
  FROM pg_catalog.pg_stat_subscription AS a
  GROUP BY a.subid
) AS w ON w.subid = b.oid
LEFT JOIN (
  SELECT r.srsubid,
         pg_catalog.count(*) AS tables,
         pg_catalog.count(*) FILTER (WHERE r.srsubstate <> 'r') AS tables_not_ready
  FROM pg_catalog.pg_subscription_rel AS r
  GROUP BY r.srsubid
) AS t ON t.srsubid = b.oid
LEFT JOIN pg_catalog.pg_stat_subscription_stats AS s ON s.subid = b.oid
ORDER BY d.datname, b.subname
LIMIT 201
