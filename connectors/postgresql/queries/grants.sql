-- exhibit:grants
-- Privileges as the catalogs keep them, of everything that has any beyond the owner's; the names in them are those of
-- roles. System objects are here too: what is granted on them is news as well. And the names of all roles, since who
-- lost a privilege is no longer named where it was.
SELECT x.kind, x.id, x.schema, x.object, x.part, x.owner, x.acl
FROM (
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view'
                        WHEN 'f' THEN 'foreign_table' ELSE 'table' END AS kind,
         c.oid::text AS id, n.nspname AS schema, c.relname AS object, NULL::text AS part,
         pg_catalog.pg_get_userbyid(c.relowner) AS owner, c.relacl::text AS acl
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relacl IS NOT NULL AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'column', pg_catalog.concat(a.attrelid, '.', a.attnum), n.nspname, c.relname, a.attname,
         pg_catalog.pg_get_userbyid(c.relowner), a.attacl::text
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'function', p.oid::text, n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes),
         pg_catalog.pg_get_userbyid(p.proowner), p.proacl::text
  FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  WHERE p.proacl IS NOT NULL
  UNION ALL
  SELECT 'type', t.oid::text, n.nspname, t.typname, NULL, pg_catalog.pg_get_userbyid(t.typowner), t.typacl::text
  FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  WHERE t.typacl IS NOT NULL
  UNION ALL
  SELECT 'schema', n.oid::text, n.nspname, n.nspname, NULL, pg_catalog.pg_get_userbyid(n.nspowner), n.nspacl::text
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspacl IS NOT NULL
  UNION ALL
  SELECT 'database', d.oid::text, NULL, d.datname, NULL, pg_catalog.pg_get_userbyid(d.datdba), d.datacl::text
  FROM pg_catalog.pg_database AS d
  WHERE d.datacl IS NOT NULL
  UNION ALL
  SELECT 'tablespace', t.oid::text, NULL, t.spcname, NULL, pg_catalog.pg_get_userbyid(t.spcowner), t.spcacl::text
  FROM pg_catalog.pg_tablespace AS t
  WHERE t.spcacl IS NOT NULL
  UNION ALL
  SELECT 'language', l.oid::text, NULL, l.lanname, NULL, pg_catalog.pg_get_userbyid(l.lanowner), l.lanacl::text
  FROM pg_catalog.pg_language AS l
  WHERE l.lanacl IS NOT NULL
  UNION ALL
  SELECT 'foreign_data_wrapper', w.oid::text, NULL, w.fdwname, NULL, pg_catalog.pg_get_userbyid(w.fdwowner),
         w.fdwacl::text
  FROM pg_catalog.pg_foreign_data_wrapper AS w
  WHERE w.fdwacl IS NOT NULL
  UNION ALL
  SELECT 'foreign_server', f.oid::text, NULL, f.srvname, NULL, pg_catalog.pg_get_userbyid(f.srvowner), f.srvacl::text
  FROM pg_catalog.pg_foreign_server AS f
  WHERE f.srvacl IS NOT NULL
  UNION ALL
  -- What objects still to be made by that role will be granted.
  SELECT 'default_privileges', d.oid::text, n.nspname,
         CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                              WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large_objects' END,
         NULL, pg_catalog.pg_get_userbyid(d.defaclrole), d.defaclacl::text
  FROM pg_catalog.pg_default_acl AS d
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = d.defaclnamespace
  UNION ALL
  SELECT 'role', r.oid::text, NULL, r.rolname, NULL, r.rolname, NULL
  FROM pg_catalog.pg_roles AS r
) AS x
LIMIT 50001
