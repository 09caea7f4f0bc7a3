import { LARGE, ONE, type RelationTable, SMALL, USUAL } from './rows.ts';

/**
 * The views of the SQL standard. `is_updatable` and its like open (and lock) the relation they describe.
 * Union of PostgreSQL 14 to 18; the marks are explained in `rows.ts`.
 */
export const INFORMATION_SCHEMA: RelationTable = {
  administrable_role_authorizations: [USUAL, 'grantee role_name is_grantable'],
  applicable_roles: [SMALL, 'grantee role_name is_grantable'],
  attributes: [
    USUAL,
    `udt_catalog udt_schema udt_name attribute_name ordinal_position attribute_default- is_nullable
    data_type character_maximum_length character_octet_length character_set_catalog character_set_schema
    character_set_name collation_catalog collation_schema collation_name numeric_precision
    numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision
    attribute_udt_catalog attribute_udt_schema attribute_udt_name scope_catalog scope_schema scope_name
    maximum_cardinality dtd_identifier is_derived_reference_attribute`,
  ],
  character_sets: [
    USUAL,
    `character_set_catalog character_set_schema character_set_name character_repertoire form_of_use
    default_collate_catalog default_collate_schema default_collate_name`,
  ],
  collations: [USUAL, 'collation_catalog collation_schema collation_name pad_attribute'],
  column_domain_usage: [
    USUAL,
    `domain_catalog domain_schema domain_name table_catalog table_schema table_name column_name`,
  ],
  column_privileges: [
    LARGE,
    `grantor grantee table_catalog table_schema table_name column_name privilege_type is_grantable`,
  ],
  column_udt_usage: [
    USUAL,
    `udt_catalog udt_schema udt_name table_catalog table_schema table_name column_name`,
  ],
  columns: [
    LARGE,
    `table_catalog table_schema table_name+ column_name ordinal_position column_default- is_nullable
    data_type character_maximum_length character_octet_length numeric_precision numeric_precision_radix
    numeric_scale datetime_precision interval_type interval_precision character_set_catalog
    character_set_schema character_set_name collation_catalog collation_schema collation_name
    domain_catalog domain_schema domain_name udt_catalog udt_schema udt_name scope_catalog scope_schema
    scope_name maximum_cardinality dtd_identifier is_self_referencing is_identity identity_generation
    identity_start identity_increment identity_maximum identity_minimum identity_cycle is_generated
    generation_expression- is_updatable-`,
  ],
  constraint_column_usage: [
    USUAL,
    `table_catalog table_schema table_name+ column_name constraint_catalog constraint_schema
    constraint_name+`,
  ],
  constraint_table_usage: [
    USUAL,
    `table_catalog table_schema table_name constraint_catalog constraint_schema constraint_name`,
  ],
  domain_constraints: [
    USUAL,
    `constraint_catalog constraint_schema constraint_name domain_catalog domain_schema domain_name
    is_deferrable initially_deferred`,
  ],
  domains: [
    USUAL,
    `domain_catalog domain_schema domain_name data_type character_maximum_length character_octet_length
    character_set_catalog character_set_schema character_set_name collation_catalog collation_schema
    collation_name numeric_precision numeric_precision_radix numeric_scale datetime_precision
    interval_type interval_precision domain_default- udt_catalog udt_schema udt_name scope_catalog
    scope_schema scope_name maximum_cardinality dtd_identifier`,
  ],
  enabled_roles: [SMALL, 'role_name!'],
  foreign_data_wrappers: [
    USUAL,
    `foreign_data_wrapper_catalog foreign_data_wrapper_name authorization_identifier library_name
    foreign_data_wrapper_language`,
  ],
  foreign_servers: [
    USUAL,
    `foreign_server_catalog foreign_server_name foreign_data_wrapper_catalog foreign_data_wrapper_name
    foreign_server_type foreign_server_version authorization_identifier`,
  ],
  foreign_tables: [
    USUAL,
    `foreign_table_catalog foreign_table_schema foreign_table_name foreign_server_catalog
    foreign_server_name`,
  ],
  information_schema_catalog_name: [ONE, 'catalog_name'],
  key_column_usage: [
    USUAL,
    `constraint_catalog constraint_schema constraint_name+ table_catalog table_schema table_name+
    column_name ordinal_position position_in_unique_constraint`,
  ],
  parameters: [
    USUAL,
    `specific_catalog specific_schema specific_name+ ordinal_position parameter_mode is_result as_locator
    parameter_name data_type character_maximum_length character_octet_length character_set_catalog
    character_set_schema character_set_name collation_catalog collation_schema collation_name
    numeric_precision numeric_precision_radix numeric_scale datetime_precision interval_type
    interval_precision udt_catalog udt_schema udt_name scope_catalog scope_schema scope_name
    maximum_cardinality dtd_identifier parameter_default-`,
  ],
  referential_constraints: [
    USUAL,
    `constraint_catalog constraint_schema constraint_name+ unique_constraint_catalog
    unique_constraint_schema unique_constraint_name match_option update_rule delete_rule`,
  ],
  role_column_grants: [
    USUAL,
    `grantor grantee table_catalog table_schema table_name column_name privilege_type is_grantable`,
  ],
  role_routine_grants: [
    USUAL,
    `grantor grantee specific_catalog specific_schema specific_name routine_catalog routine_schema
    routine_name privilege_type is_grantable`,
  ],
  role_table_grants: [
    USUAL,
    `grantor grantee table_catalog table_schema table_name privilege_type is_grantable with_hierarchy`,
  ],
  role_usage_grants: [
    USUAL,
    `grantor grantee object_catalog object_schema object_name object_type privilege_type is_grantable`,
  ],
  routine_column_usage: [
    USUAL,
    `specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name
    table_catalog table_schema table_name column_name`,
  ],
  routine_privileges: [
    USUAL,
    `grantor grantee specific_catalog specific_schema specific_name routine_catalog routine_schema
    routine_name privilege_type is_grantable`,
  ],
  routine_table_usage: [
    USUAL,
    `specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name
    table_catalog table_schema table_name`,
  ],
  routines: [
    USUAL,
    `specific_catalog specific_schema specific_name+ routine_catalog routine_schema routine_name+
    routine_type module_catalog module_schema module_name udt_catalog udt_schema udt_name data_type
    character_maximum_length character_octet_length character_set_catalog character_set_schema
    character_set_name collation_catalog collation_schema collation_name numeric_precision
    numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision
    type_udt_catalog type_udt_schema type_udt_name scope_catalog scope_schema scope_name
    maximum_cardinality dtd_identifier routine_body routine_definition- external_name- external_language
    parameter_style is_deterministic sql_data_access is_null_call sql_path schema_level_routine
    max_dynamic_result_sets is_user_defined_cast is_implicitly_invocable security_type
    to_sql_specific_catalog to_sql_specific_schema to_sql_specific_name as_locator created last_altered
    new_savepoint_level is_udt_dependent result_cast_from_data_type result_cast_as_locator
    result_cast_char_max_length result_cast_char_octet_length result_cast_char_set_catalog
    result_cast_char_set_schema result_cast_char_set_name result_cast_collation_catalog
    result_cast_collation_schema result_cast_collation_name result_cast_numeric_precision
    result_cast_numeric_precision_radix result_cast_numeric_scale result_cast_datetime_precision
    result_cast_interval_type result_cast_interval_precision result_cast_type_udt_catalog
    result_cast_type_udt_schema result_cast_type_udt_name result_cast_scope_catalog
    result_cast_scope_schema result_cast_scope_name result_cast_maximum_cardinality
    result_cast_dtd_identifier`,
  ],
  schemata: [
    SMALL,
    `catalog_name schema_name! schema_owner default_character_set_catalog default_character_set_schema
    default_character_set_name sql_path`,
  ],
  sequences: [
    USUAL,
    `sequence_catalog sequence_schema sequence_name+ data_type numeric_precision numeric_precision_radix
    numeric_scale start_value minimum_value maximum_value increment cycle_option`,
  ],
  sql_features: [
    USUAL,
    `feature_id feature_name sub_feature_id sub_feature_name is_supported is_verified_by comments`,
  ],
  sql_implementation_info: [
    USUAL,
    `implementation_info_id implementation_info_name integer_value character_value comments`,
  ],
  sql_sizing: [USUAL, 'sizing_id sizing_name supported_value comments'],
  table_constraints: [
    USUAL,
    `constraint_catalog constraint_schema constraint_name+ table_catalog table_schema table_name+
    constraint_type is_deferrable initially_deferred enforced nulls_distinct`,
  ],
  table_privileges: [
    USUAL,
    `grantor grantee table_catalog table_schema table_name privilege_type is_grantable with_hierarchy`,
  ],
  tables: [
    USUAL,
    `table_catalog table_schema table_name+ table_type self_referencing_column_name reference_generation
    user_defined_type_catalog user_defined_type_schema user_defined_type_name is_insertable_into-
    is_typed commit_action`,
  ],
  triggered_update_columns: [
    USUAL,
    `trigger_catalog trigger_schema trigger_name event_object_catalog event_object_schema
    event_object_table event_object_column`,
  ],
  triggers: [
    USUAL,
    `trigger_catalog trigger_schema trigger_name+ event_manipulation event_object_catalog
    event_object_schema event_object_table action_order action_condition- action_statement-
    action_orientation action_timing action_reference_old_table action_reference_new_table
    action_reference_old_row action_reference_new_row created`,
  ],
  usage_privileges: [
    USUAL,
    `grantor grantee object_catalog object_schema object_name object_type privilege_type is_grantable`,
  ],
  user_defined_types: [
    USUAL,
    `user_defined_type_catalog user_defined_type_schema user_defined_type_name user_defined_type_category
    is_instantiable is_final ordering_form ordering_category ordering_routine_catalog
    ordering_routine_schema ordering_routine_name reference_type data_type character_maximum_length
    character_octet_length character_set_catalog character_set_schema character_set_name
    collation_catalog collation_schema collation_name numeric_precision numeric_precision_radix
    numeric_scale datetime_precision interval_type interval_precision source_dtd_identifier
    ref_dtd_identifier`,
  ],
  user_mappings: [USUAL, 'authorization_identifier foreign_server_catalog foreign_server_name'],
  view_column_usage: [
    USUAL,
    `view_catalog view_schema view_name table_catalog table_schema table_name column_name`,
  ],
  view_routine_usage: [
    USUAL,
    `table_catalog table_schema table_name specific_catalog specific_schema specific_name`,
  ],
  view_table_usage: [USUAL, 'view_catalog view_schema view_name table_catalog table_schema table_name'],
  views: [
    USUAL,
    `table_catalog table_schema table_name+ view_definition- check_option is_updatable-
    is_insertable_into- is_trigger_updatable- is_trigger_deletable- is_trigger_insertable_into-`,
  ],
};
