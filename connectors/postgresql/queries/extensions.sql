-- exhibit:extensions
SELECT e.oid::text AS id,
       e.extname AS name,
       e.extversion AS version,
       n.nspname AS schema
FROM pg_catalog.pg_extension AS e
JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
ORDER BY e.extname
LIMIT 201
