-- exhibit:checkpoints
-- Since this version one write may be of several buffers.
SELECT c.num_timed AS timed,
       c.num_requested AS requested,
       c.num_done AS done,
       c.restartpoints_timed,
       c.restartpoints_req AS restartpoints_requested,
       c.restartpoints_done,
       c.write_time AS write_ms,
       c.sync_time AS sync_ms,
       c.buffers_written,
       c.slru_written,
       b.buffers_clean,
       b.maxwritten_clean,
       (SELECT (pg_catalog.sum(i.write_bytes) + pg_catalog.sum(i.extend_bytes)) / 8192 FROM pg_catalog.pg_stat_io AS i
        WHERE i.object = 'relation' AND i.backend_type <> 'checkpointer'
          AND i.backend_type <> 'background writer') AS buffers_backend,
       (SELECT pg_catalog.sum(i.fsyncs) FROM pg_catalog.pg_stat_io AS i
        WHERE i.object = 'relation' AND i.backend_type <> 'checkpointer'
          AND i.backend_type <> 'background writer') AS backend_fsyncs,
       b.buffers_alloc,
       pg_catalog.date_part('epoch', c.stats_reset) * 1000 AS stats_reset,
       pg_catalog.date_part('epoch', b.stats_reset) * 1000 AS bgwriter_reset
FROM pg_catalog.pg_stat_checkpointer AS c
CROSS JOIN pg_catalog.pg_stat_bgwriter AS b
LIMIT 2
