-- exhibit:server
SELECT (SELECT s.setting::int4 FROM pg_catalog.pg_settings AS s WHERE s.name = 'server_version_num') AS version_num,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()) * 1000 AS started,
       -- The postmaster survives a crash of any other process and starts them all anew.
       (SELECT pg_catalog.date_part('epoch', pg_catalog.max(a.backend_start)) * 1000
        FROM pg_catalog.pg_stat_activity AS a
        WHERE a.backend_type = 'checkpointer') AS processes_started,
       pg_catalog.date_part('epoch', pg_catalog.pg_conf_load_time()) * 1000 AS configuration_loaded,
       CASE WHEN NOT pg_catalog.pg_is_in_recovery()
            THEN pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8)
            ELSE (SELECT pg_catalog.right(pg_catalog.concat('0000000', pg_catalog.to_hex(w.received_tli)), 8)
                  FROM pg_catalog.pg_stat_wal_receiver AS w) END AS timeline,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()
         - pg_catalog.pg_last_xact_replay_timestamp()) * 1000 AS replay_delay_ms,
       (SELECT pg_catalog.count(*) FROM pg_catalog.pg_settings AS s WHERE s.pending_restart) AS pending_restart,
       (SELECT CASE pg_catalog.min(r.rolname::text)
                 WHEN 'alloydbsuperuser' THEN 'alloydb'
                 WHEN 'azure_pg_admin' THEN 'azure'
                 WHEN 'cloudsqlsuperuser' THEN 'cloudsql'
                 WHEN 'neon_superuser' THEN 'neon'
                 WHEN 'rds_superuser' THEN 'rds'
                 WHEN 'supabase_admin' THEN 'supabase'
               END
        FROM pg_catalog.pg_roles AS r
        WHERE r.rolname IN ('alloydbsuperuser', 'azure_pg_admin', 'cloudsqlsuperuser', 'neon_superuser', 'rds_superuser',
                            'supabase_admin')) AS provider
LIMIT 2
