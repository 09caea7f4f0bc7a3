-- exhibit:settings
-- By name, and only numbers, switches and closed vocabularies: a setting can hold a connection string, a command or
-- a password. Of some that do, only whether they differ: the value is read inside hashtextextended() alone. reset_val and
-- not setting: this session pins some of them for itself. After a change of the first list: `npm run generate`, which
-- takes it over into setting_overrides.sql.
SELECT s.name,
       s.reset_val AS value,
       NULL AS fingerprint,
       s.unit,
       s.vartype,
       s.source,
       s.context,
       s.pending_restart,
       s.reset_val IS DISTINCT FROM s.boot_val AS changed
FROM pg_catalog.pg_settings AS s
WHERE s.vartype IN ('bool', 'integer', 'real', 'enum')
  AND s.name IN (
    'allow_system_table_mods', 'archive_mode', 'archive_timeout', 'array_nulls', 'authentication_timeout', 'autovacuum',
    'autovacuum_analyze_scale_factor', 'autovacuum_analyze_threshold', 'autovacuum_freeze_max_age',
    'autovacuum_max_workers', 'autovacuum_multixact_freeze_max_age', 'autovacuum_naptime',
    'autovacuum_vacuum_cost_delay', 'autovacuum_vacuum_cost_limit', 'autovacuum_vacuum_insert_scale_factor',
    'autovacuum_vacuum_insert_threshold', 'autovacuum_vacuum_max_threshold', 'autovacuum_vacuum_scale_factor',
    'autovacuum_vacuum_threshold', 'autovacuum_work_mem', 'autovacuum_worker_slots', 'backend_flush_after',
    'bgwriter_delay', 'bgwriter_flush_after', 'bgwriter_lru_maxpages', 'bgwriter_lru_multiplier', 'block_size',
    'checkpoint_completion_target', 'checkpoint_flush_after', 'checkpoint_timeout', 'checkpoint_warning',
    'client_connection_check_interval', 'commit_delay', 'commit_siblings', 'constraint_exclusion', 'cpu_index_tuple_cost',
    'cpu_operator_cost', 'cpu_tuple_cost', 'cursor_tuple_fraction', 'data_checksums', 'data_sync_retry',
    'deadlock_timeout', 'default_statistics_target', 'default_toast_compression', 'default_transaction_deferrable',
    'default_transaction_isolation', 'effective_cache_size', 'effective_io_concurrency', 'enable_async_append',
    'enable_bitmapscan', 'enable_hashagg', 'enable_hashjoin', 'enable_indexonlyscan', 'enable_indexscan',
    'enable_material', 'enable_memoize', 'enable_mergejoin', 'enable_nestloop', 'enable_parallel_append',
    'enable_parallel_hash', 'enable_partition_pruning', 'enable_partitionwise_aggregate', 'enable_partitionwise_join',
    'enable_seqscan', 'enable_sort', 'event_triggers', 'exit_on_error', 'from_collapse_limit', 'fsync',
    'full_page_writes', 'geqo', 'geqo_threshold', 'gin_pending_list_limit', 'hash_mem_multiplier', 'hot_standby',
    'hot_standby_feedback', 'huge_pages', 'idle_in_transaction_session_timeout', 'idle_replication_slot_timeout',
    'idle_session_timeout', 'ignore_checksum_failure', 'ignore_system_indexes', 'io_combine_limit', 'io_max_combine_limit',
    'io_max_concurrency', 'io_method', 'io_workers', 'jit', 'jit_above_cost', 'join_collapse_limit', 'lock_timeout',
    'log_autovacuum_min_duration', 'log_checkpoints', 'log_duration', 'log_lock_waits', 'log_min_duration_statement',
    'log_statement', 'log_temp_files', 'logging_collector', 'logical_decoding_work_mem', 'maintenance_io_concurrency',
    'maintenance_work_mem', 'max_active_replication_origins', 'max_connections', 'max_files_per_process',
    'max_locks_per_transaction', 'max_logical_replication_workers', 'max_parallel_apply_workers_per_subscription',
    'max_parallel_maintenance_workers', 'max_parallel_workers', 'max_parallel_workers_per_gather',
    'max_pred_locks_per_page', 'max_pred_locks_per_relation', 'max_pred_locks_per_transaction',
    'max_prepared_transactions', 'max_replication_slots', 'max_slot_wal_keep_size', 'max_stack_depth',
    'max_standby_archive_delay', 'max_standby_streaming_delay', 'max_sync_workers_per_subscription', 'max_wal_senders',
    'max_wal_size', 'max_worker_processes', 'min_wal_size', 'old_snapshot_threshold', 'parallel_leader_participation',
    'parallel_setup_cost', 'parallel_tuple_cost', 'password_encryption', 'plan_cache_mode', 'random_page_cost',
    'recovery_min_apply_delay', 'recovery_prefetch', 'reserved_connections', 'restart_after_crash', 'row_security',
    'seq_page_cost', 'server_version_num', 'session_replication_role', 'shared_buffers', 'shared_memory_type', 'ssl',
    'statement_timeout', 'superuser_reserved_connections', 'synchronize_seqscans', 'synchronous_commit',
    'tcp_keepalives_count', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_user_timeout', 'temp_buffers',
    'temp_file_limit', 'track_activities', 'track_activity_query_size', 'track_commit_timestamp', 'track_counts',
    'track_functions', 'track_io_timing', 'track_wal_io_timing', 'transaction_timeout', 'vacuum_cost_delay',
    'vacuum_cost_limit', 'vacuum_failsafe_age', 'vacuum_freeze_min_age', 'vacuum_freeze_table_age',
    'vacuum_multixact_failsafe_age', 'wal_buffers', 'wal_compression', 'wal_keep_size', 'wal_level', 'wal_log_hints',
    'wal_receiver_status_interval', 'wal_receiver_timeout', 'wal_recycle', 'wal_segment_size', 'wal_sender_timeout',
    'wal_skip_threshold', 'wal_sync_method', 'wal_writer_delay', 'wal_writer_flush_after', 'work_mem'
  )
UNION ALL
SELECT s.name,
       NULL,
       pg_catalog.hashtextextended(s.reset_val, 0)::text,
       s.unit,
       s.vartype,
       s.source,
       s.context,
       s.pending_restart,
       NULL
FROM pg_catalog.pg_settings AS s
WHERE s.vartype = 'string'
  AND s.name IN (
    'archive_cleanup_command', 'archive_command', 'archive_library', 'cluster_name', 'createrole_self_grant',
    'data_directory', 'default_table_access_method', 'default_tablespace', 'default_text_search_config',
    'dynamic_library_path', 'extension_control_path', 'hba_file', 'ident_file', 'jit_provider',
    'krb_server_keyfile', 'listen_addresses', 'local_preload_libraries', 'log_destination', 'log_directory',
    'log_filename', 'log_line_prefix', 'log_timezone', 'oauth_validator_libraries', 'primary_conninfo',
    'primary_slot_name', 'promote_trigger_file', 'recovery_end_command', 'recovery_target', 'recovery_target_lsn',
    'recovery_target_name', 'recovery_target_time', 'recovery_target_timeline', 'recovery_target_xid',
    'restore_command', 'restrict_nonsystem_relation_kind', 'search_path', 'session_preload_libraries',
    'shared_preload_libraries', 'ssl_ca_file', 'ssl_cert_file', 'ssl_ciphers', 'ssl_crl_dir', 'ssl_crl_file',
    'ssl_dh_params_file', 'ssl_ecdh_curve', 'ssl_groups', 'ssl_key_file', 'ssl_passphrase_command',
    'ssl_tls13_ciphers', 'synchronized_standby_slots', 'synchronous_standby_names', 'syslog_ident',
    'temp_tablespaces', 'unix_socket_directories', 'unix_socket_group', 'wal_consistency_checking'
  )
ORDER BY name
LIMIT 401
