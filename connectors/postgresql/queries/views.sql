-- exhibit:views
SELECT o.schema,
       o.object,
       o.kind,
       o.position,
       o.column_name,
       o.type_name
FROM (
  SELECT n.nspname AS schema,
         c.relname AS object,
         c.relkind::text AS kind,
         a.attnum::int4 AS position,
         a.attname AS column_name,
         pg_catalog.format_type(a.atttypid, NULL) AS type_name
  FROM pg_catalog.pg_namespace AS n
  JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
  LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                        AND c.relkind = 'v'
  WHERE n.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL
  SELECT n.nspname, p.proname, 'function', NULL::int4, NULL::name, NULL::text
  FROM pg_catalog.pg_namespace AS n
  JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
  WHERE n.nspname = ANY ($1::text[])
) AS o
ORDER BY o.schema, o.object, o.kind, o.position
LIMIT 2001
