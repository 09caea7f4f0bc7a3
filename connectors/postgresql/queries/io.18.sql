-- exhibit:io
SELECT i.backend_type,
       i.object,
       i.context,
       i.reads,
       i.read_bytes AS read_bytes,
       i.read_time AS read_ms,
       i.writes,
       i.write_bytes AS write_bytes,
       i.write_time AS write_ms,
       i.writebacks,
       i.writeback_time AS writeback_ms,
       i.extends,
       i.extend_bytes AS extend_bytes,
       i.extend_time AS extend_ms,
       i.hits,
       i.evictions,
       i.reuses,
       i.fsyncs,
       i.fsync_time AS fsync_ms,
       pg_catalog.date_part('epoch', i.stats_reset) * 1000 AS stats_reset
FROM pg_catalog.pg_stat_io AS i
WHERE i.reads > 0 OR i.writes > 0 OR i.extends > 0 OR i.hits > 0 OR i.fsyncs > 0
ORDER BY i.backend_type, i.object, i.context
LIMIT 201
