/**
 * What a log entry may be counted as, and nothing else ever leaves the parser: all of these are closed lists, so no word
 * of a line can be part of them. Those that hurt are symptoms, the rest only says what the log is full of.
 */
export const SYMPTOM_CLASSES = [
  // The server goes down, or a part of it does.
  'crash_terminated_by_signal',
  'crash_reinitializing',
  'crash_recovery',
  'crash_of_another_process',
  'child_process_failed',
  'startup_failed',
  'shutdown_immediate',
  'shutdown_fast',
  'not_accepting_connections',
  'assertion_failed',
  'postmaster_gone',
  // Resources.
  'out_of_memory',
  'out_of_shared_memory',
  'disk_full',
  'could_not_extend',
  'too_many_connections',
  'too_many_files',
  'insufficient_resources',
  'limit_exceeded',
  'stack_depth_exceeded',
  'temp_file_limit',
  'large_temp_file',
  // Data.
  'checksum_failure',
  'invalid_page',
  'data_corrupted',
  'index_corrupted',
  'collation_mismatch',
  'wraparound_warning',
  'wraparound_stopped',
  'io_error',
  'file_error',
  'internal_error',
  // Waiting and cancelling.
  'deadlock_detected',
  'deadlock_avoided',
  'lock_wait',
  'lock_acquired_late',
  'lock_timeout',
  'lock_not_available',
  'statement_timeout',
  'transaction_timeout',
  'idle_in_transaction_timeout',
  'idle_session_timeout',
  'serialization_failure',
  'snapshot_too_old',
  'recovery_conflict',
  'terminated_by_administrator',
  'slow_statement',
  'very_slow_statement',
  // Upkeep.
  'autovacuum_canceled',
  'autovacuum_failed',
  'vacuum_skipped_lock',
  'vacuum_failsafe',
  'checkpoints_too_frequent',
  'checkpoint_failed',
  'archiver_failed',
  'wal_error',
  // Replication.
  'replication_broken',
  'replication_timeout',
  'replication_slot_invalidated',
  'replication_slot_unusable',
  'wal_segment_removed',
  'subscription_failed',
  'subscription_conflict',
  'recovery_halted',
  // Clients.
  'auth_failed',
  'auth_no_hba_entry',
  'auth_timeout',
  'role_not_permitted',
  'ssl_error',
  'connection_lost',
  'configuration_error',
  'clock_or_stats_problem',
  // Whatever else ended a session or the server.
  'other_fatal',
  'other_panic',
] as const;

export const PLAIN_CLASSES = [
  // What statements do wrong.
  'unique_violation',
  'foreign_key_violation',
  'not_null_violation',
  'check_violation',
  'exclusion_violation',
  'restrict_violation',
  'integrity_violation',
  'syntax_error',
  'undefined_table',
  'undefined_column',
  'undefined_function',
  'undefined_object',
  'undefined_database',
  'undefined_schema',
  'undefined_prepared_statement',
  'undefined_cursor',
  'undefined_file',
  'duplicate_object',
  'ambiguous_name',
  'wrong_object_type',
  'invalid_definition',
  'datatype_mismatch',
  'grouping_error',
  'insufficient_privilege',
  'row_security_violation',
  'dependent_objects',
  'division_by_zero',
  'out_of_range',
  'value_too_long',
  'invalid_text_representation',
  'invalid_datetime',
  'invalid_encoding',
  'invalid_json',
  'invalid_xml',
  'invalid_regular_expression',
  'invalid_parameter_value',
  'null_not_allowed',
  'data_exception',
  'cardinality_violation',
  'no_data_found',
  'raise_exception',
  'assert_failure',
  'routine_error',
  'failed_transaction',
  'transaction_state',
  'read_only_transaction',
  'savepoint_error',
  'object_in_use',
  'object_not_ready',
  'feature_not_supported',
  'program_limit',
  'invalid_name',
  'invalid_grant',
  'foreign_data_error',
  'operation_refused',
  'invalid_value',
  'copy_format_error',
  'canceled_by_user',
  'protocol_error',
  // What the server does.
  'statement_logged',
  'duration_logged',
  'statement_statistics',
  'statement_plan',
  'temp_file',
  'server_starting',
  'server_ready',
  'server_stopping',
  'server_stopped',
  'listening',
  'configuration_reloaded',
  'configuration_changed',
  'restart_needed',
  'log_rotation',
  'connection_received',
  'connection_authorized',
  'disconnection',
  'checkpoint_starting',
  'checkpoint_complete',
  'restartpoint',
  'autovacuum_run',
  'vacuum_detail',
  'worker_lifecycle',
  'recovery_progress',
  'recovery_complete',
  'replication_started',
  'replication_command',
  'replication_stopped',
  'logical_decoding',
  'archiver_progress',
  'wal_files',
  'base_backup',
  'deprecated',
  'notice',
  // Nothing here knows it.
  'other_error',
  'other_warning',
  'other_log',
  'unclassified',
] as const;

export type SymptomClass = (typeof SYMPTOM_CLASSES)[number];
export type LogClass = SymptomClass | (typeof PLAIN_CLASSES)[number];

const SYMPTOMS: ReadonlySet<LogClass> = new Set(SYMPTOM_CLASSES);

export function isSymptom(event: LogClass): boolean {
  return SYMPTOMS.has(event);
}

/** `unknown`: a word that is no severity in a language known here. */
export const SEVERITIES = [
  'debug',
  'info',
  'notice',
  'log',
  'warning',
  'error',
  'fatal',
  'panic',
  'unknown',
] as const;
export type Severity = (typeof SEVERITIES)[number];

/** First two characters of an SQLSTATE (PostgreSQL manual, appendix A); `other` for one that it does not list. */
export const SQLSTATE_CLASSES = [
  ...([
    '00',
    '01',
    '02',
    '03',
    '08',
    '09',
    '0A',
    '0B',
    '0F',
    '0L',
    '0P',
    '0Z',
    '10',
    '20',
    '21',
    '22',
  ] as const),
  ...(['23', '24', '25', '26', '27', '28', '2B', '2D', '2F', '34', '38', '39', '3B', '3D', '3F'] as const),
  ...(['40', '42', '44', '53', '54', '55', '57', '58', '72', 'F0', 'HV', 'P0', 'XX'] as const),
  'other',
  'none',
] as const;
export type SqlstateClass = (typeof SQLSTATE_CLASSES)[number];

/** One entry, with all that is ever known of it outside of the parser. */
export interface LogEntry {
  readonly event: LogClass;
  readonly severity: Severity;
  /** `none` where the log does not say it. */
  readonly sqlstate: SqlstateClass;
  /** Milliseconds since the epoch; null where the line has no time that can be read. */
  readonly at: number | null;
}
