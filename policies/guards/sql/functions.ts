/**
 * The functions of pg_catalog that a template may call. On no list, and why: volatility says nothing about safety
 * (`database_to_xml` is STABLE and dumps every table), so each name here was judged by what it does.
 *
 * Refused although tempting: everything that opens a relation and so waits for its lock (`pg_relation_size`,
 * `pg_table_size`, `pg_get_viewdef`, `pg_get_expr`, `pg_partition_tree`, `pg_sequence_last_value`,
 * `pg_get_object_address`, `pg_get_replica_identity_index`); definitions and comments (`pg_get_functiondef`,
 * `pg_get_constraintdef`, `obj_description`); readers of files; functions that run SQL given as text
 * (`query_to_xml`, `ts_stat`, `ts_rewrite`); those that assign or change anything (`nextval`, `set_config`,
 * `pg_current_xact_id`, `setseed`, advisory locks, signals); query texts (`pg_stat_get_activity`,
 * `pg_stat_get_backend_activity`, `current_query`); and those whose cost is a number in their arguments (`repeat`,
 * `lpad`, `rpad`, `array_fill`, `power`, `pg_sleep`).
 */
export type FunctionKind = 'scalar' | 'aggregate' | 'window' | 'set';

/** What is checked of the arguments beyond walking them; see `arguments.ts`. */
export type ArgumentRule =
  | 'setting'
  | 'pattern'
  | 'replacement'
  | 'format'
  | 'template'
  | 'series'
  | 'name'
  | 'listed'
  | 'logSetting';

export interface FunctionRule {
  readonly kind: FunctionKind;
  /** The result is at most this many times as long as the arguments together. */
  readonly growth: number;
  readonly argument?: ArgumentRule;
  /** Output columns when called in FROM; a function without them has one column, named after it. */
  readonly columns?: readonly string[];
  /** Rows per call, at most; of functions that take a value apart, at least this many are reckoned with. */
  readonly rows?: number;
  /** Takes its argument apart: as many rows as it has elements. */
  readonly elements?: true;
  /** Reads the file system or stops every lock partition: not for each row of a large relation. */
  readonly costly?: true;
}

const TEXT = `ascii btrim char_length character_length initcap left length lower ltrim octet_length overlay position
  reverse right rtrim split_part starts_with strpos substr translate upper concat
  concat_ws like_escape`;

const NUMBERS = `abs ceil ceiling div floor mod round sign sqrt trunc width_bucket ln log
  to_hex bit_count`;

const TIME = `age clock_timestamp date_bin date_part date_trunc extract isfinite justify_days justify_hours
  justify_interval make_date make_interval make_timestamptz mxid_age now statement_timestamp timezone to_timestamp
  transaction_timestamp`;

/** Who and where we are; state of the server as numbers, positions and names. */
const SERVER = `current_database current_schema current_schemas version pg_backend_pid pg_postmaster_start_time
  pg_conf_load_time pg_is_in_recovery pg_is_wal_replay_paused pg_get_wal_replay_pause_state pg_current_wal_lsn
  pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn
  pg_last_xact_replay_timestamp pg_wal_lsn_diff pg_walfile_name pg_current_snapshot pg_snapshot_xmin
  pg_snapshot_xmax txid_current_snapshot txid_snapshot_xmin txid_snapshot_xmax pg_current_xact_id_if_assigned
  txid_current_if_assigned pg_xact_commit_timestamp pg_notification_queue_usage pg_jit_available
  getdatabaseencoding pg_encoding_to_char pg_char_to_encoding inet_server_addr inet_server_port inet_client_addr
  inet_client_port pg_stat_get_snapshot_timestamp pg_client_encoding`;

/** Sessions and locks; none of them waits for a lock of another session. */
const SESSIONS = `pg_stat_get_backend_pid pg_stat_get_backend_start
  pg_stat_get_backend_xact_start pg_stat_get_backend_wait_event pg_stat_get_backend_wait_event_type`;

/** "Frequent calls to this function could have some impact on database performance" (PostgreSQL manual). */
const COSTLY = 'pg_blocking_pids pg_safe_snapshot_blocking_pids pg_database_size pg_tablespace_size';

/** Sizes that need no opened relation. */
const SIZES = `pg_size_pretty pg_size_bytes pg_column_size pg_relation_filenode
  pg_relation_filepath pg_filenode_relation`;

/** Names and properties of objects, all from the system caches. */
const CATALOG = `format_type pg_get_userbyid pg_tablespace_location pg_describe_object pg_partition_root
  pg_get_function_result pg_get_function_identity_arguments oidvectortypes pg_table_is_visible pg_type_is_visible
  pg_function_is_visible pg_operator_is_visible pg_opclass_is_visible pg_opfamily_is_visible
  pg_collation_is_visible pg_statistics_obj_is_visible pg_index_column_has_property pg_index_has_property
  pg_indexam_has_property pg_collation_actual_version pg_database_collation_actual_version
  pg_is_other_temp_schema pg_my_temp_schema pg_has_role has_any_column_privilege has_column_privilege
  has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
  has_parameter_privilege has_schema_privilege has_sequence_privilege has_server_privilege
  has_table_privilege has_tablespace_privilege has_type_privilege row_security_active acldefault`;

/** Counters of the statistics system, by oid. */
const COUNTERS = `pg_stat_get_live_tuples pg_stat_get_dead_tuples pg_stat_get_mod_since_analyze
  pg_stat_get_ins_since_vacuum pg_stat_get_numscans pg_stat_get_tuples_returned pg_stat_get_tuples_fetched
  pg_stat_get_tuples_inserted pg_stat_get_tuples_updated pg_stat_get_tuples_deleted
  pg_stat_get_tuples_hot_updated pg_stat_get_blocks_fetched pg_stat_get_blocks_hit pg_stat_get_last_vacuum_time
  pg_stat_get_last_autovacuum_time pg_stat_get_last_analyze_time pg_stat_get_last_autoanalyze_time
  pg_stat_get_vacuum_count pg_stat_get_autovacuum_count pg_stat_get_analyze_count
  pg_stat_get_autoanalyze_count pg_stat_get_db_numbackends pg_stat_get_db_xact_commit
  pg_stat_get_db_xact_rollback pg_stat_get_db_deadlocks pg_stat_get_db_temp_files pg_stat_get_db_temp_bytes
  pg_stat_get_db_stat_reset_time pg_stat_get_function_calls`;

const ARRAYS = `array_append array_cat array_dims array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_to_string array_upper cardinality string_to_array
  trim_array`;

const NETWORK = 'abbrev broadcast family host hostmask masklen netmask network set_masklen';

const HASHES = 'hashoid hashtext encode decode sha256 sha512';

/** JSON escapes what it quotes, and does so again when nested. */
const JSON_SCALARS = `json_array_length json_build_array json_build_object json_extract_path json_extract_path_text
  json_object json_strip_nulls json_typeof jsonb_array_length jsonb_build_array jsonb_build_object
  jsonb_extract_path jsonb_extract_path_text jsonb_object jsonb_strip_nulls jsonb_typeof row_to_json to_json
  to_jsonb array_to_json`;

const QUOTES = 'quote_ident quote_literal quote_nullable';

const NUMBER_AGGREGATES = `avg bit_and bit_or bool_and bool_or corr count every max min mode percentile_cont
  percentile_disc regr_count regr_slope stddev stddev_pop stddev_samp sum var_pop var_samp variance any_value`;

/** One value per row goes into one. */
const COLLECTING_AGGREGATES = 'array_agg string_agg';
const JSON_AGGREGATES = 'json_agg json_object_agg jsonb_agg jsonb_object_agg';

const WINDOW = `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`;

/** Rows of a generated series, at most. */
export const MAX_SERIES = 10_000;

/** What an aggregate that collects may take in. */
export const COLLECTED_ROWS = 1_000;

function listed(names: string, rule: FunctionRule): [string, FunctionRule][] {
  return names.split(/\s+/).map((name) => [name, rule]);
}

const scalar = (growth = 1): FunctionRule => ({ kind: 'scalar', growth });
const checked = (argument: ArgumentRule): FunctionRule => ({ kind: 'scalar', growth: 1, argument });
const rows = (columns: string, count: number, more: Partial<FunctionRule> = {}): FunctionRule => ({
  kind: 'set',
  growth: 1,
  columns: columns.split(' '),
  rows: count,
  ...more,
});

/** @param bytes of the arguments. An element and its separator take at least a character, which counts as three. */
export function rowsOf(rule: FunctionRule, bytes: number): number {
  const rows = rule.rows ?? 1;
  return rule.elements === true ? Math.max(rows, Math.ceil(bytes / 3)) : rows;
}

export const FUNCTIONS: ReadonlyMap<string, FunctionRule> = new Map<string, FunctionRule>([
  ...listed(
    `${TEXT} ${NUMBERS} ${TIME} ${SERVER} ${SESSIONS} ${SIZES} ${CATALOG} ${COUNTERS} ${NETWORK}`,
    scalar(),
  ),
  ...listed(COSTLY, { kind: 'scalar', growth: 1, costly: true }),
  ...listed(ARRAYS, scalar(8)),
  ...listed(HASHES, scalar(4)),
  ...listed(QUOTES, scalar(2)),
  ...listed(JSON_SCALARS, scalar(6)),
  ...listed(NUMBER_AGGREGATES, { kind: 'aggregate', growth: 1 }),
  ...listed(COLLECTING_AGGREGATES, { kind: 'aggregate', growth: COLLECTED_ROWS }),
  ...listed(JSON_AGGREGATES, { kind: 'aggregate', growth: 6 * COLLECTED_ROWS }),
  ...listed(WINDOW, { kind: 'window', growth: 1 }),
  // 32 characters whatever goes in.
  ['md5', scalar(0)],
  // Eight bytes; unlike md5() it is there in FIPS mode too.
  ['hashtextextended', scalar(0)],
  ['current_setting', checked('setting')],
  ['substring', checked('pattern')],
  ['regexp_count', checked('pattern')],
  ['regexp_match', checked('pattern')],
  ['regexp_like', checked('pattern')],
  ['regexp_substr', checked('pattern')],
  ['regexp_split_to_array', { kind: 'scalar', growth: 8, argument: 'pattern' }],
  ['regexp_replace', checked('replacement')],
  ['replace', checked('replacement')],
  ['format', checked('format')],
  ['to_char', checked('template')],
  ['to_regclass', checked('name')],
  ['to_regnamespace', checked('name')],
  ['to_regrole', checked('name')],
  ['to_regtype', checked('name')],
  ['to_regproc', checked('name')],
  ['generate_series', rows('generate_series', MAX_SERIES, { argument: 'series' })],
  ['generate_subscripts', rows('generate_subscripts', 100, { elements: true })],
  ['unnest', rows('unnest', 100, { elements: true })],
  ['regexp_matches', rows('regexp_matches', 100, { argument: 'pattern', elements: true })],
  ['regexp_split_to_table', rows('regexp_split_to_table', 100, { argument: 'pattern', elements: true })],
  ['string_to_table', rows('string_to_table', 100, { elements: true })],
  ['json_array_elements_text', rows('value', 100, { elements: true })],
  ['jsonb_array_elements_text', rows('value', 100, { elements: true })],
  ['json_each_text', rows('key value', 100, { elements: true })],
  ['jsonb_each_text', rows('key value', 100, { elements: true })],
  ['aclexplode', rows('grantor grantee privilege_type is_grantable', 100, { elements: true })],
  ['pg_partition_ancestors', rows('relid', 32)],
  ['pg_identify_object', rows('type schema name identity', 1)],
  ['pg_identify_object_as_address', rows('type object_names object_args', 1)],
  ['pg_last_committed_xact', rows('xid timestamp roident', 1)],
  ['pg_walfile_name_offset', rows('file_name file_offset', 1)],
  ['pg_stat_get_backend_idset', rows('pg_stat_get_backend_idset', 1_000)],
  [
    'pg_control_checkpoint',
    rows(
      `checkpoint_lsn redo_lsn redo_wal_file timeline_id prev_timeline_id full_page_writes next_xid next_oid ` +
        `next_multixact_id next_multi_offset oldest_xid oldest_xid_dbid oldest_active_xid oldest_multi_xid ` +
        `oldest_multi_dbid oldest_commit_ts_xid newest_commit_ts_xid checkpoint_time`,
      1,
    ),
  ],
  [
    'pg_control_system',
    rows('pg_control_version catalog_version_no system_identifier pg_control_last_modified', 1),
  ],
  [
    'pg_control_recovery',
    rows(
      'min_recovery_end_lsn min_recovery_end_timeline backup_start_lsn backup_end_lsn end_of_backup_record_required',
      1,
    ),
  ],
]);

/** Tempting names that are refused, with what to do instead. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  pg_relation_size: 'it waits for a lock on the relation; use pg_class.relpages',
  pg_table_size: 'it waits for a lock on the relation; use pg_class.relpages',
  pg_indexes_size: 'it waits for a lock on the relation; use pg_class.relpages',
  pg_total_relation_size: 'it waits for a lock on the relation; use pg_class.relpages',
  pg_get_viewdef: 'definitions are code',
  pg_get_expr: 'definitions are code; ask whether the column IS NOT NULL',
  pg_get_indexdef: 'definitions are code; use the columns of pg_index',
  pg_get_constraintdef: 'definitions are code; use the columns of pg_constraint',
  pg_get_functiondef: 'definitions are code',
  pg_get_partkeydef: 'definitions are code; use pg_partitioned_table.partattrs',
  obj_description: 'comments are free text',
  col_description: 'comments are free text',
  shobj_description: 'comments are free text',
  txid_current: 'it assigns a transaction id; use txid_current_if_assigned',
  pg_current_xact_id: 'it assigns a transaction id; use pg_current_xact_id_if_assigned',
  pg_stat_get_activity: 'it returns query texts; read pg_stat_activity',
  pg_stat_get_backend_activity: 'it returns query texts; read pg_stat_activity',
  pg_partition_tree: 'it locks every partition; read pg_inherits',
  pg_sequence_last_value: 'it waits for a lock on the sequence',
};

/** Listed functions that pg_proc calls volatile: harmless in a read of ours, and refused in the definition of a view. */
export const VOLATILE_FUNCTIONS: ReadonlySet<string> = new Set(
  `clock_timestamp pg_blocking_pids pg_collation_actual_version pg_control_checkpoint pg_control_recovery
  pg_control_system pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn
  pg_database_collation_actual_version pg_database_size pg_get_wal_replay_pause_state pg_is_in_recovery
  pg_is_wal_replay_paused pg_jit_available pg_last_committed_xact pg_last_wal_receive_lsn pg_last_wal_replay_lsn
  pg_last_xact_replay_timestamp pg_notification_queue_usage pg_partition_ancestors pg_safe_snapshot_blocking_pids
  pg_tablespace_size pg_xact_commit_timestamp`.split(/\s+/),
);
