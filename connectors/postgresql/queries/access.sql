-- exhibit:access
-- has_table_privilege() looks at the catalog only and opens no table.
SELECT r.rolname AS role,
       r.rolsuper,
       r.rolcreatedb,
       r.rolcreaterole,
       r.rolreplication,
       r.rolbypassrls,
       (SELECT pg_catalog.array_to_string(pg_catalog.array_agg(m.rolname::text ORDER BY m.rolname), ',')
        FROM pg_catalog.pg_roles AS m
        WHERE pg_catalog.left(m.rolname::text, 3) = 'pg_'
          AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER')) AS member_of,
       t.writable_tables,
       t.readable_tables
FROM pg_catalog.pg_roles AS r
CROSS JOIN (
  SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
           AS writable_tables,
         pg_catalog.count(*) FILTER (WHERE pg_catalog.has_table_privilege(c.oid, 'SELECT')) AS readable_tables
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'f')
    AND pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
) AS t
WHERE r.rolname = CURRENT_USER
LIMIT 2
