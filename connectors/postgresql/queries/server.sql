-- exhibit:server
SELECT (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'server_version_num') AS version_num,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()) * 1000 AS started,
       pg_catalog.date_part('epoch', pg_catalog.pg_conf_load_time()) * 1000 AS configuration_loaded,
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
