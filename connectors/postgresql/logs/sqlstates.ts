import { type LogClass, SQLSTATE_CLASSES, type SqlstateClass } from './classes.ts';

/** Classes by SQLSTATE (PostgreSQL manual, appendix A): a whole code, or the two characters of its class. */
const CODES: readonly (readonly [LogClass, string])[] = [
  ['out_of_memory', '53200 HV001'],
  ['disk_full', '53100'],
  ['too_many_connections', '53300'],
  ['limit_exceeded', '53400'],
  ['insufficient_resources', '53'],
  ['stack_depth_exceeded', '54001'],
  ['program_limit', '54'],
  ['data_corrupted', 'XX001'],
  ['index_corrupted', 'XX002'],
  ['internal_error', 'XX'],
  ['io_error', '58030'],
  ['undefined_file', '58P01'],
  ['file_error', '58'],
  ['deadlock_detected', '40P01'],
  ['serialization_failure', '40'],
  ['lock_not_available', '55P03'],
  ['object_in_use', '55006'],
  ['object_not_ready', '55'],
  ['canceled_by_user', '57014'],
  ['terminated_by_administrator', '57P01 57P04 57'],
  ['crash_of_another_process', '57P02'],
  ['not_accepting_connections', '57P03'],
  ['idle_session_timeout', '57P05'],
  ['idle_in_transaction_timeout', '25P03'],
  ['transaction_timeout', '25P04'],
  ['failed_transaction', '25P02'],
  ['read_only_transaction', '25006'],
  ['transaction_state', '25 0B 2D'],
  ['snapshot_too_old', '72'],
  ['auth_failed', '28 28P01'],
  ['connection_lost', '08003 08006'],
  ['protocol_error', '08P01 08'],
  ['configuration_error', 'F0'],
  ['unique_violation', '23505'],
  ['foreign_key_violation', '23503'],
  ['not_null_violation', '23502'],
  ['check_violation', '23514'],
  ['exclusion_violation', '23P01'],
  ['restrict_violation', '23001'],
  ['integrity_violation', '23 27 44'],
  ['syntax_error', '42601 42'],
  ['undefined_table', '42P01'],
  ['undefined_column', '42703'],
  ['undefined_function', '42883'],
  ['undefined_object', '42704 42P02'],
  ['undefined_database', '3D'],
  ['undefined_schema', '3F'],
  ['undefined_prepared_statement', '26'],
  ['undefined_cursor', '34 24'],
  ['duplicate_object', '42701 42P03 42P04 42723 42P05 42P06 42P07 42712 42710 58P02'],
  ['ambiguous_name', '42702 42725 42P08 42P09'],
  ['wrong_object_type', '42809'],
  ['invalid_definition', '42P10 42611 42P11 42P12 42P13 42P14 42P15 42P16 42P17 42P19 42830 428C9'],
  ['datatype_mismatch', '42804 42846 42P18 42P21 42P22'],
  ['grouping_error', '42803 42P20'],
  ['invalid_name', '42602 42622 42939'],
  ['insufficient_privilege', '42501'],
  ['dependent_objects', '2B'],
  ['division_by_zero', '22012'],
  ['out_of_range', '22003 22008 22015'],
  ['value_too_long', '22001 22026'],
  ['invalid_text_representation', '22P02 22P03 22018'],
  ['invalid_datetime', '22007 22009'],
  ['invalid_encoding', '22021 22P05'],
  [
    'invalid_json',
    '22030 22031 22032 22033 22034 22035 22036 22037 22038 22039 2203A 2203B 2203C 2203D 2203E 2203F 2203G',
  ],
  ['invalid_xml', '2200L 2200M 2200N 2200S 2200T 10'],
  ['invalid_regular_expression', '2201B'],
  ['invalid_parameter_value', '22023'],
  ['null_not_allowed', '22004 39004'],
  ['copy_format_error', '22P04'],
  ['data_exception', '22'],
  ['cardinality_violation', '21'],
  ['no_data_found', 'P0002 P0003 02 20'],
  ['raise_exception', 'P0001'],
  ['assert_failure', 'P0004'],
  ['routine_error', 'P0 2F 38 39 09 0Z'],
  ['savepoint_error', '3B'],
  ['feature_not_supported', '0A'],
  ['invalid_grant', '0L 0P'],
  ['invalid_value', '03 0F'],
  ['foreign_data_error', 'HV'],
];

const BY_CODE: ReadonlyMap<string, LogClass> = new Map(
  CODES.flatMap(([event, codes]) => codes.split(' ').map((code) => [code, event] as const)),
);

/** Undefined for success, warnings and codes that PostgreSQL does not have: there the words decide. */
export function classOfState(sqlstate: string): LogClass | undefined {
  return BY_CODE.get(sqlstate) ?? BY_CODE.get(sqlstate.slice(0, 2));
}

const KNOWN: ReadonlyMap<string, SqlstateClass> = new Map(SQLSTATE_CLASSES.map((known) => [known, known]));

export function sqlstateClass(sqlstate: string | undefined): SqlstateClass {
  if (sqlstate === undefined) return 'none';
  return KNOWN.get(sqlstate.slice(0, 2)) ?? 'other';
}
