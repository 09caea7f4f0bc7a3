import { LARGE, ONE, type RelationTable, SMALL, USUAL } from './rows.ts';

/**
 * Views of what the server is doing: sessions, locks, replication, counters.
 * Union of PostgreSQL 14 to 18; the marks are explained in `rows.ts`.
 */
export const STATISTICS: RelationTable = {
  pg_backend_memory_contexts: [
    SMALL,
    `name ident- parent level total_bytes total_nblocks free_bytes free_chunks used_bytes type path`,
  ],
  pg_cursors: [SMALL, 'name! statement- is_holdable is_binary is_scrollable creation_time'],
  pg_locks: [
    USUAL,
    `locktype database relation+ page tuple virtualxid+ transactionid+ classid objid+ objsubid
    virtualtransaction+ pid+ mode granted fastpath waitstart`,
  ],
  pg_prepared_statements: [
    SMALL,
    `name! statement- prepare_time parameter_types from_sql generic_plans custom_plans result_types`,
  ],
  pg_prepared_xacts: [SMALL, 'transaction! gid! prepared owner database'],
  pg_replication_origin: [SMALL, 'roident! roname!'],
  pg_replication_origin_status: [SMALL, 'local_id! external_id! remote_lsn local_lsn'],
  pg_replication_slots: [
    SMALL,
    `slot_name! plugin slot_type datoid database temporary active active_pid! xmin catalog_xmin
    restart_lsn confirmed_flush_lsn wal_status safe_wal_size two_phase two_phase_at inactive_since
    conflicting invalidation_reason failover synced`,
  ],
  pg_shmem_allocations: [SMALL, 'name off size allocated_size'],
  pg_stat_activity: [
    SMALL,
    `datid datname pid! leader_pid+ usesysid usename application_name client_addr client_hostname
    client_port backend_start xact_start query_start state_change wait_event_type wait_event state
    backend_xid+ backend_xmin query_id query- backend_type`,
  ],
  pg_stat_all_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_scan idx_tup_read idx_tup_fetch last_idx_scan`,
  ],
  pg_stat_all_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_live_tup n_dead_tup n_mod_since_analyze n_ins_since_vacuum last_vacuum
    last_autovacuum last_analyze last_autoanalyze vacuum_count autovacuum_count analyze_count
    autoanalyze_count last_seq_scan last_idx_scan n_tup_newpage_upd total_vacuum_time
    total_autovacuum_time total_analyze_time total_autoanalyze_time`,
  ],
  pg_stat_archiver: [
    ONE,
    `archived_count last_archived_wal last_archived_time failed_count last_failed_wal last_failed_time
    stats_reset`,
  ],
  pg_stat_bgwriter: [
    ONE,
    `checkpoints_timed checkpoints_req checkpoint_write_time checkpoint_sync_time buffers_checkpoint
    buffers_clean maxwritten_clean buffers_backend buffers_backend_fsync buffers_alloc stats_reset`,
  ],
  pg_stat_checkpointer: [
    ONE,
    `num_timed num_requested num_done restartpoints_timed restartpoints_req restartpoints_done write_time
    sync_time buffers_written slru_written stats_reset`,
  ],
  pg_stat_database: [
    SMALL,
    `datid! datname! numbackends xact_commit xact_rollback blks_read blks_hit tup_returned tup_fetched
    tup_inserted tup_updated tup_deleted conflicts temp_files temp_bytes deadlocks checksum_failures
    checksum_last_failure blk_read_time blk_write_time session_time active_time idle_in_transaction_time
    sessions sessions_abandoned sessions_fatal sessions_killed stats_reset parallel_workers_to_launch
    parallel_workers_launched`,
  ],
  pg_stat_database_conflicts: [
    SMALL,
    `datid! datname! confl_tablespace confl_lock confl_snapshot confl_bufferpin confl_deadlock
    confl_active_logicalslot`,
  ],
  pg_stat_gssapi: [SMALL, 'pid! gss_authenticated principal- encrypted credentials_delegated'],
  pg_stat_io: [
    SMALL,
    `backend_type object context reads read_bytes read_time writes write_bytes write_time writebacks
    writeback_time extends extend_bytes extend_time hits evictions reuses fsyncs fsync_time stats_reset
    op_bytes`,
  ],
  pg_stat_progress_analyze: [
    SMALL,
    `pid! datid datname relid phase sample_blks_total sample_blks_scanned ext_stats_total
    ext_stats_computed child_tables_total child_tables_done current_child_table_relid delay_time`,
  ],
  pg_stat_progress_basebackup: [
    SMALL,
    `pid! phase backup_total backup_streamed tablespaces_total tablespaces_streamed`,
  ],
  pg_stat_progress_cluster: [
    SMALL,
    `pid! datid datname relid command phase cluster_index_relid heap_tuples_scanned heap_tuples_written
    heap_blks_total heap_blks_scanned index_rebuild_count`,
  ],
  pg_stat_progress_copy: [
    SMALL,
    `pid! datid datname relid command type bytes_processed bytes_total tuples_processed tuples_excluded
    tuples_skipped`,
  ],
  pg_stat_progress_create_index: [
    SMALL,
    `pid! datid datname relid index_relid command phase lockers_total lockers_done current_locker_pid
    blocks_total blocks_done tuples_total tuples_done partitions_total partitions_done`,
  ],
  pg_stat_progress_vacuum: [
    SMALL,
    `pid! datid datname relid phase heap_blks_total heap_blks_scanned heap_blks_vacuumed
    index_vacuum_count max_dead_tuples num_dead_tuples max_dead_tuple_bytes dead_tuple_bytes
    num_dead_item_ids indexes_total indexes_processed delay_time`,
  ],
  pg_stat_recovery_prefetch: [
    ONE,
    `stats_reset prefetch hit skip_init skip_new skip_fpw skip_rep wal_distance block_distance io_depth`,
  ],
  pg_stat_replication: [
    SMALL,
    `pid! usesysid usename application_name client_addr client_hostname client_port backend_start
    backend_xmin state sent_lsn write_lsn flush_lsn replay_lsn write_lag flush_lag replay_lag
    sync_priority sync_state reply_time`,
  ],
  pg_stat_replication_slots: [
    SMALL,
    `slot_name! spill_txns spill_count spill_bytes stream_txns stream_count stream_bytes total_txns
    total_bytes stats_reset`,
  ],
  pg_stat_slru: [
    SMALL,
    `name blks_zeroed blks_hit blks_read blks_written blks_exists flushes truncates stats_reset`,
  ],
  pg_stat_ssl: [SMALL, 'pid! ssl version cipher bits client_dn- client_serial- issuer_dn-'],
  pg_stat_subscription: [
    SMALL,
    `subid+ subname pid! relid+ received_lsn last_msg_send_time last_msg_receipt_time latest_end_lsn
    latest_end_time worker_type leader_pid`,
  ],
  pg_stat_subscription_stats: [
    SMALL,
    `subid! subname! apply_error_count sync_error_count stats_reset confl_insert_exists
    confl_update_origin_differs confl_update_exists confl_update_missing confl_delete_origin_differs
    confl_delete_missing confl_multiple_unique_conflicts`,
  ],
  pg_stat_sys_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_scan idx_tup_read idx_tup_fetch last_idx_scan`,
  ],
  pg_stat_sys_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_live_tup n_dead_tup n_mod_since_analyze n_ins_since_vacuum last_vacuum
    last_autovacuum last_analyze last_autoanalyze vacuum_count autovacuum_count analyze_count
    autoanalyze_count last_seq_scan last_idx_scan n_tup_newpage_upd total_vacuum_time
    total_autovacuum_time total_analyze_time total_autoanalyze_time`,
  ],
  pg_stat_user_functions: [USUAL, 'funcid! schemaname funcname calls total_time self_time'],
  pg_stat_user_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_scan idx_tup_read idx_tup_fetch last_idx_scan`,
  ],
  pg_stat_user_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_live_tup n_dead_tup n_mod_since_analyze n_ins_since_vacuum last_vacuum
    last_autovacuum last_analyze last_autoanalyze vacuum_count autovacuum_count analyze_count
    autoanalyze_count last_seq_scan last_idx_scan n_tup_newpage_upd total_vacuum_time
    total_autovacuum_time total_analyze_time total_autoanalyze_time`,
  ],
  pg_stat_wal: [
    ONE,
    `wal_records wal_fpi wal_bytes wal_buffers_full wal_write wal_sync wal_write_time wal_sync_time
    stats_reset`,
  ],
  pg_stat_wal_receiver: [
    ONE,
    `pid status receive_start_lsn receive_start_tli written_lsn flushed_lsn received_tli
    last_msg_send_time last_msg_receipt_time latest_end_lsn latest_end_time slot_name sender_host
    sender_port conninfo-`,
  ],
  pg_stat_xact_all_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_tup_newpage_upd`,
  ],
  pg_stat_xact_sys_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_tup_newpage_upd`,
  ],
  pg_stat_xact_user_functions: [USUAL, 'funcid! schemaname funcname calls total_time self_time'],
  pg_stat_xact_user_tables: [
    USUAL,
    `relid! schemaname relname+ seq_scan seq_tup_read idx_scan idx_tup_fetch n_tup_ins n_tup_upd
    n_tup_del n_tup_hot_upd n_tup_newpage_upd`,
  ],
  pg_statio_all_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_blks_read idx_blks_hit`,
  ],
  pg_statio_all_sequences: [USUAL, 'relid! schemaname relname+ blks_read blks_hit'],
  pg_statio_all_tables: [
    USUAL,
    `relid! schemaname relname+ heap_blks_read heap_blks_hit idx_blks_read idx_blks_hit toast_blks_read
    toast_blks_hit tidx_blks_read tidx_blks_hit`,
  ],
  pg_statio_sys_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_blks_read idx_blks_hit`,
  ],
  pg_statio_sys_sequences: [USUAL, 'relid! schemaname relname+ blks_read blks_hit'],
  pg_statio_sys_tables: [
    USUAL,
    `relid! schemaname relname+ heap_blks_read heap_blks_hit idx_blks_read idx_blks_hit toast_blks_read
    toast_blks_hit tidx_blks_read tidx_blks_hit`,
  ],
  pg_statio_user_indexes: [
    USUAL,
    `relid+ indexrelid! schemaname relname+ indexrelname+ idx_blks_read idx_blks_hit`,
  ],
  pg_statio_user_sequences: [USUAL, 'relid! schemaname relname+ blks_read blks_hit'],
  pg_statio_user_tables: [
    USUAL,
    `relid! schemaname relname+ heap_blks_read heap_blks_hit idx_blks_read idx_blks_hit toast_blks_read
    toast_blks_hit tidx_blks_read tidx_blks_hit`,
  ],
  pg_statistic_ext: [
    USUAL,
    `oid! stxrelid+ stxname stxnamespace stxowner stxstattarget stxkeys stxkind stxexprs~`,
  ],
  pg_stats: [
    LARGE,
    `schemaname tablename+ attname inherited null_frac avg_width n_distinct most_common_vals-
    most_common_freqs histogram_bounds- correlation most_common_elems- most_common_elem_freqs
    elem_count_histogram range_length_histogram- range_empty_frac range_bounds_histogram-`,
  ],
  pg_stats_ext: [
    USUAL,
    `schemaname tablename+ statistics_schemaname statistics_name statistics_owner attnames exprs- kinds
    inherited n_distinct dependencies most_common_vals- most_common_val_nulls- most_common_freqs
    most_common_base_freqs`,
  ],
  pg_wait_events: [SMALL, 'type name! description'],
};
