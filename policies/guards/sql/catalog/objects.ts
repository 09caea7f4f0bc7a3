import { LARGE, type RelationTable, SMALL, USUAL } from './rows.ts';

/**
 * System catalogs and views that describe objects: relations, types, functions, roles, settings.
 * Union of PostgreSQL 14 to 18; the marks are explained in `rows.ts`. `xmin` is the system column: the transaction that
 * wrote the row, by which a change is noticed.
 */
export const OBJECTS: RelationTable = {
  pg_aggregate: [
    SMALL,
    `aggfnoid! aggkind aggnumdirectargs aggtransfn aggfinalfn aggcombinefn aggserialfn aggdeserialfn
    aggmtransfn aggminvtransfn aggmfinalfn aggfinalextra aggmfinalextra aggfinalmodify aggmfinalmodify
    aggsortop aggtranstype aggtransspace aggmtranstype aggmtransspace agginitval- aggminitval-`,
  ],
  pg_am: [SMALL, 'oid! amname! amhandler amtype'],
  pg_amop: [
    SMALL,
    `oid! amopfamily amoplefttype amoprighttype amopstrategy amoppurpose amopopr+ amopmethod
    amopsortfamily`,
  ],
  pg_amproc: [SMALL, 'oid! amprocfamily amproclefttype amprocrighttype amprocnum amproc'],
  pg_attrdef: [USUAL, 'oid! xmin adrelid+ adnum adbin~'],
  pg_attribute: [
    LARGE,
    `attrelid+ xmin attname atttypid attstattarget attlen attnum attndims attcacheoff atttypmod attbyval
    attalign attstorage attcompression attnotnull atthasdef atthasmissing attidentity attgenerated
    attisdropped attislocal attinhcount attcollation attacl attoptions attfdwoptions- attmissingval?`,
  ],
  pg_auth_members: [SMALL, 'roleid xmin member+ grantor admin_option oid! inherit_option set_option'],
  pg_available_extension_versions: [
    USUAL,
    `name+ version installed superuser trusted relocatable schema requires comment-`,
  ],
  pg_available_extensions: [SMALL, 'name! default_version installed_version comment-'],
  pg_cast: [SMALL, 'oid! castsource casttarget castfunc castcontext castmethod'],
  pg_class: [
    USUAL,
    `oid! xmin relname+ relnamespace reltype reloftype relowner relam relfilenode reltablespace relpages
    reltuples relallvisible reltoastrelid relhasindex relisshared relpersistence relkind relnatts
    relchecks relhasrules relhastriggers relhassubclass relrowsecurity relforcerowsecurity
    relispopulated relreplident relispartition relrewrite relfrozenxid relminmxid relacl reloptions
    relpartbound~ relallfrozen`,
  ],
  pg_collation: [
    SMALL,
    `oid! collname+ collnamespace collowner collprovider collisdeterministic collencoding collcollate
    collctype colliculocale collversion colllocale collicurules`,
  ],
  pg_config: [SMALL, 'name setting-'],
  pg_constraint: [
    USUAL,
    `oid! xmin conname+ connamespace contype condeferrable condeferred convalidated conrelid+ contypid
    conindid conparentid confrelid confupdtype confdeltype confmatchtype conislocal coninhcount
    connoinherit conkey confkey conpfeqop conppeqop conffeqop confdelsetcols conexclop conbin~
    conenforced conperiod`,
  ],
  pg_conversion: [
    SMALL,
    `oid! conname connamespace conowner conforencoding contoencoding conproc condefault`,
  ],
  pg_database: [
    SMALL,
    `oid! datname! datdba encoding datlocprovider datistemplate datallowconn datconnlimit datfrozenxid
    datminmxid dattablespace datcollate datctype daticulocale datcollversion datacl dathasloginevt
    datlocale daticurules datlastsysoid`,
  ],
  pg_db_role_setting: [SMALL, 'setdatabase setrole setconfig='],
  pg_default_acl: [SMALL, 'oid! xmin defaclrole defaclnamespace defaclobjtype defaclacl'],
  pg_depend: [LARGE, 'classid objid+ objsubid refclassid refobjid refobjsubid deptype'],
  pg_enum: [USUAL, 'oid! xmin enumtypid+ enumsortorder enumlabel'],
  pg_event_trigger: [SMALL, 'oid! xmin evtname! evtevent evtowner evtfoid evtenabled evttags'],
  pg_extension: [
    SMALL,
    `oid! xmin extname! extowner extnamespace extrelocatable extversion extconfig extcondition-`,
  ],
  pg_file_settings: [SMALL, 'sourcefile- sourceline seqno! name setting- applied error-'],
  pg_foreign_data_wrapper: [SMALL, 'oid! fdwname! fdwowner fdwhandler fdwvalidator fdwacl fdwoptions-'],
  pg_foreign_server: [SMALL, 'oid! srvname! srvowner srvfdw srvtype srvversion srvacl srvoptions-'],
  pg_foreign_table: [USUAL, 'ftrelid! ftserver ftoptions-'],
  pg_group: [SMALL, 'groname! grosysid! grolist'],
  pg_index: [
    USUAL,
    `indexrelid! xmin indrelid+ indnatts indnkeyatts indisunique indnullsnotdistinct indisprimary
    indisexclusion indimmediate indisclustered indisvalid indcheckxmin indisready indislive
    indisreplident indkey indcollation indclass indoption indexprs~ indpred~`,
  ],
  pg_indexes: [USUAL, 'schemaname tablename+ indexname+ tablespace indexdef-'],
  pg_inherits: [USUAL, 'inhrelid+ xmin inhparent inhseqno inhdetachpending'],
  pg_init_privs: [USUAL, 'objoid classoid objsubid privtype initprivs'],
  pg_language: [
    SMALL,
    `oid! lanname! lanowner lanispl lanpltrusted lanplcallfoid laninline lanvalidator lanacl`,
  ],
  pg_matviews: [USUAL, 'schemaname matviewname+ matviewowner tablespace hasindexes ispopulated definition-'],
  pg_namespace: [SMALL, 'oid! xmin nspname! nspowner nspacl'],
  pg_opclass: [
    USUAL,
    `oid! opcmethod opcname+ opcnamespace opcowner opcfamily opcintype opcdefault opckeytype`,
  ],
  pg_operator: [
    USUAL,
    `oid! oprname+ oprnamespace oprowner oprkind oprcanmerge oprcanhash oprleft oprright oprresult oprcom
    oprnegate oprcode oprrest oprjoin`,
  ],
  pg_opfamily: [SMALL, 'oid! opfmethod opfname opfnamespace opfowner'],
  pg_parameter_acl: [SMALL, 'oid! parname! paracl'],
  pg_partitioned_table: [
    USUAL,
    `partrelid! xmin partstrat partnatts partdefid partattrs partclass partcollation partexprs~`,
  ],
  pg_policies: [USUAL, 'schemaname tablename+ policyname permissive roles cmd qual- with_check-'],
  pg_policy: [USUAL, 'oid! xmin polname polrelid+ polcmd polpermissive polroles polqual~ polwithcheck~'],
  pg_proc: [
    USUAL,
    `oid! xmin proname+ pronamespace proowner prolang procost prorows provariadic prosupport prokind prosecdef
    proleakproof proisstrict proretset provolatile proparallel pronargs pronargdefaults prorettype
    proargtypes proallargtypes proargmodes proargnames proargdefaults~ protrftypes prosrc~ probin-
    prosqlbody~ proconfig- proacl`,
  ],
  pg_publication: [
    SMALL,
    `oid! xmin pubname! pubowner puballtables pubinsert pubupdate pubdelete pubtruncate pubviaroot pubgencols`,
  ],
  pg_publication_namespace: [SMALL, 'oid! pnpubid pnnspid'],
  pg_publication_rel: [USUAL, 'oid! xmin prpubid prrelid+ prqual~ prattrs'],
  pg_range: [SMALL, 'rngtypid! rngsubtype rngmultitypid! rngcollation rngsubopc rngcanonical rngsubdiff'],
  pg_rewrite: [USUAL, 'oid! xmin rulename ev_class+ ev_type ev_enabled is_instead ev_qual~ ev_action~'],
  pg_roles: [
    SMALL,
    `rolname! rolsuper rolinherit rolcreaterole rolcreatedb rolcanlogin rolreplication rolconnlimit
    rolpassword- rolvaliduntil rolbypassrls rolconfig- oid!`,
  ],
  pg_rules: [USUAL, 'schemaname tablename+ rulename definition-'],
  pg_sequence: [USUAL, 'seqrelid! xmin seqtypid seqstart seqincrement seqmax seqmin seqcache seqcycle'],
  pg_sequences: [
    USUAL,
    `schemaname sequencename+ sequenceowner data_type start_value min_value max_value increment_by cycle
    cache_size last_value-`,
  ],
  pg_settings: [
    SMALL,
    `name! setting@ unit category short_desc extra_desc context vartype source min_val max_val enumvals
    boot_val@ reset_val@ sourcefile- sourceline- pending_restart`,
  ],
  pg_shdepend: [LARGE, 'dbid classid objid+ objsubid refclassid refobjid deptype'],
  pg_subscription: [
    SMALL,
    `oid! subdbid subskiplsn subname! subowner subenabled subbinary substream subtwophasestate
    subdisableonerr subconninfo- subslotname subsynccommit subpublications subpasswordrequired
    subrunasowner subfailover suborigin`,
  ],
  pg_subscription_rel: [USUAL, 'srsubid srrelid+ srsubstate srsublsn'],
  pg_tables: [
    USUAL,
    `schemaname tablename+ tableowner tablespace hasindexes hasrules hastriggers rowsecurity`,
  ],
  pg_tablespace: [SMALL, 'oid! spcname! spcowner spcacl spcoptions'],
  pg_timezone_abbrevs: [SMALL, 'abbrev utc_offset is_dst'],
  pg_timezone_names: [SMALL, 'name! abbrev utc_offset is_dst'],
  pg_transform: [SMALL, 'oid! trftype trflang trffromsql trftosql'],
  pg_trigger: [
    USUAL,
    `oid! xmin tgrelid+ tgparentid tgname+ tgfoid tgtype tgenabled tgisinternal tgconstrrelid tgconstrindid
    tgconstraint tgdeferrable tginitdeferred tgnargs tgattr tgargs- tgqual~ tgoldtable tgnewtable`,
  ],
  pg_ts_config: [SMALL, 'oid! cfgname cfgnamespace cfgowner cfgparser'],
  pg_ts_config_map: [SMALL, 'mapcfg maptokentype mapseqno mapdict'],
  pg_ts_dict: [SMALL, 'oid! dictname dictnamespace dictowner dicttemplate dictinitoption-'],
  pg_ts_parser: [SMALL, 'oid! prsname prsnamespace prsstart prstoken prsend prsheadline prslextype'],
  pg_ts_template: [SMALL, 'oid! tmplname tmplnamespace tmplinit tmpllexize'],
  pg_type: [
    USUAL,
    `oid! xmin typname+ typnamespace typowner typlen typbyval typtype typcategory typispreferred typisdefined
    typdelim typrelid typsubscript typelem typarray typinput typoutput typreceive typsend typmodin
    typmodout typanalyze typalign typstorage typnotnull typbasetype typtypmod typndims typcollation
    typdefaultbin~ typdefault- typacl`,
  ],
  pg_user: [
    SMALL,
    `usename! usesysid! usecreatedb usesuper userepl usebypassrls passwd- valuntil useconfig-`,
  ],
  pg_user_mappings: [SMALL, 'umid! srvid srvname umuser usename umoptions-'],
  pg_views: [USUAL, 'schemaname viewname+ viewowner definition-'],
};
