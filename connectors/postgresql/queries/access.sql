-- exhibit:access
-- has_…_privilege() look at the catalog only and open no table. What an extension brought along is not counted.
SELECT r.rolname AS role,
       r.rolsuper,
       r.rolcreatedb,
       r.rolcreaterole,
       r.rolreplication,
       r.rolbypassrls,
       m.member_of,
       m.other_memberships,
       t.writable_tables,
       t.readable_tables,
       t.readable_views,
       t.owned_tables + n.owned_schemas + f.owned_functions AS owned_objects,
       n.creatable_schemas,
       pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CREATE') AS creates_schemas,
       f.dangerous_functions,
       f.definer_functions
FROM pg_catalog.pg_roles AS r
CROSS JOIN (
  SELECT pg_catalog.array_to_string(
           pg_catalog.array_agg(o.rolname::text ORDER BY o.rolname)
             FILTER (WHERE pg_catalog.left(o.rolname::text, 3) = 'pg_'), ',') AS member_of,
         pg_catalog.count(*) FILTER (WHERE pg_catalog.left(o.rolname::text, 3) <> 'pg_' AND o.rolname <> CURRENT_USER)
           AS other_memberships
  FROM pg_catalog.pg_roles AS o
  WHERE pg_catalog.pg_has_role(o.oid, 'MEMBER')
) AS m
CROSS JOIN (
  SELECT pg_catalog.count(*) FILTER (
           WHERE c.relkind IN ('r', 'p', 'f')
             AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                  OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))) AS writable_tables,
         pg_catalog.count(*) FILTER (
           WHERE c.relkind IN ('r', 'p', 'f') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
           AS readable_tables,
         pg_catalog.array_to_string(
           (pg_catalog.array_agg(n.nspname::text || '.' || c.relname::text ORDER BY n.nspname, c.relname)
             FILTER (WHERE c.relkind IN ('v', 'm') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')))[1:50],
           ',') AS readable_views,
         pg_catalog.count(*) FILTER (WHERE own.rolname = CURRENT_USER) AS owned_tables
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_roles AS own ON own.oid = c.relowner
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
    AND pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    -- 1259 is the oid of pg_class on every server.
                    WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e')
) AS t
CROSS JOIN (
  SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.has_schema_privilege(s.oid, 'CREATE')) AS creatable_schemas,
         pg_catalog.count(*) FILTER (WHERE own.rolname = CURRENT_USER) AS owned_schemas
  FROM pg_catalog.pg_namespace AS s
  LEFT JOIN pg_catalog.pg_roles AS own ON own.oid = s.nspowner
  WHERE pg_catalog.left(s.nspname::text, 3) <> 'pg_' AND s.nspname <> 'information_schema'
) AS n
CROSS JOIN (
  SELECT pg_catalog.array_to_string(
           pg_catalog.array_agg(DISTINCT p.proname::text ORDER BY p.proname::text) FILTER (
             WHERE s.nspname = 'pg_catalog'
               AND p.proname IN ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'lo_import',
                                 'lo_export', 'pg_reload_conf', 'pg_rotate_logfile', 'pg_switch_wal',
                                 'pg_create_restore_point', 'pg_promote', 'pg_wal_replay_pause',
                                 'pg_wal_replay_resume', 'pg_stat_reset', 'pg_stat_reset_shared', 'pg_current_logfile',
                                 'pg_ls_logdir')
               AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')), ',') AS dangerous_functions,
         pg_catalog.count(*) FILTER (
           WHERE p.prosecdef AND pg_catalog.left(s.nspname::text, 3) <> 'pg_' AND s.nspname <> 'information_schema'
             AND pg_catalog.has_schema_privilege(s.oid, 'USAGE')
             AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')) AS definer_functions,
         pg_catalog.count(*) FILTER (WHERE own.rolname = CURRENT_USER) AS owned_functions
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS s ON s.oid = p.pronamespace
  LEFT JOIN pg_catalog.pg_roles AS own ON own.oid = p.proowner
) AS f
WHERE r.rolname = CURRENT_USER
LIMIT 2
