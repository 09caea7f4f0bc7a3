-- exhibit:io
-- pg_stat_io exists since PostgreSQL 16: nothing is to be had before.
SELECT NULL::text AS backend_type,
       NULL::text AS object,
       NULL::text AS context,
       NULL::bigint AS reads,
       NULL::bigint AS read_bytes,
       NULL::double precision AS read_ms,
       NULL::bigint AS writes,
       NULL::bigint AS write_bytes,
       NULL::double precision AS write_ms,
       NULL::bigint AS writebacks,
       NULL::double precision AS writeback_ms,
       NULL::bigint AS extends,
       NULL::bigint AS extend_bytes,
       NULL::double precision AS extend_ms,
       NULL::bigint AS hits,
       NULL::bigint AS evictions,
       NULL::bigint AS reuses,
       NULL::bigint AS fsyncs,
       NULL::double precision AS fsync_ms,
       NULL::double precision AS stats_reset
FROM pg_catalog.pg_stat_bgwriter AS b
WHERE b.stats_reset IS NULL AND b.stats_reset IS NOT NULL
LIMIT 201
