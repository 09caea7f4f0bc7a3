-- exhibit:checkpoints
SELECT b.checkpoints_timed AS timed,
       b.checkpoints_req AS requested,
       NULL::bigint AS done,
       NULL::bigint AS restartpoints_timed,
       NULL::bigint AS restartpoints_requested,
       NULL::bigint AS restartpoints_done,
       b.checkpoint_write_time AS write_ms,
       b.checkpoint_sync_time AS sync_ms,
       b.buffers_checkpoint AS buffers_written,
       NULL::bigint AS slru_written,
       b.buffers_clean,
       b.maxwritten_clean,
       b.buffers_backend,
       b.buffers_backend_fsync AS backend_fsyncs,
       b.buffers_alloc,
       pg_catalog.date_part('epoch', b.stats_reset) * 1000 AS stats_reset,
       pg_catalog.date_part('epoch', b.stats_reset) * 1000 AS bgwriter_reset
FROM pg_catalog.pg_stat_bgwriter AS b
LIMIT 2
