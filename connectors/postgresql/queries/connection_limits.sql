-- exhibit:connection_limits
-- Only those that have a limit, are closed, or whose password runs out about now.
WITH backends AS MATERIALIZED (
  SELECT a.datid, a.usesysid, pg_catalog.count(*) AS used
  FROM pg_catalog.pg_stat_activity AS a
  WHERE a.backend_type = 'client backend' OR (a.backend_type IS NULL AND a.datid IS NOT NULL)
  GROUP BY a.datid, a.usesysid
)
SELECT x.kind,
       x.database,
       x.usename,
       x.connection_limit,
       x.is_open,
       coalesce(x.used, 0) AS used,
       x.password_valid_until
FROM (
  SELECT 'database' AS kind,
         d.datname AS database,
         NULL::name AS usename,
         d.datconnlimit AS connection_limit,
         d.datallowconn AS is_open,
         (SELECT pg_catalog.sum(b.used) FROM backends AS b WHERE b.datid = d.oid) AS used,
         NULL::double precision AS password_valid_until
  FROM pg_catalog.pg_database AS d
  WHERE NOT d.datistemplate AND (d.datconnlimit <> -1 OR NOT d.datallowconn)
  UNION ALL
  SELECT 'role', NULL::name, r.rolname, r.rolconnlimit, r.rolconnlimit <> 0,
         (SELECT pg_catalog.sum(b.used) FROM backends AS b WHERE b.usesysid = r.oid),
         pg_catalog.date_part('epoch', r.rolvaliduntil) * 1000
  FROM pg_catalog.pg_roles AS r
  WHERE r.rolcanlogin
    AND ((r.rolconnlimit >= 0 AND NOT r.rolsuper)
      OR (r.rolvaliduntil > pg_catalog.clock_timestamp() - '1 day'::interval
        AND r.rolvaliduntil < pg_catalog.clock_timestamp() + '1 day'::interval))
) AS x
ORDER BY used DESC, x.kind, x.database, x.usename
LIMIT 501
