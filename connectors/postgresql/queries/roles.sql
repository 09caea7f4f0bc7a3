-- exhibit:roles
-- Roles, and who is a member of whom. No password, and no setting that a role has of its own.
SELECT x.kind, x.role, x.member, x.superuser, x.creates_roles, x.creates_databases, x.logs_in, x.replicates,
       x.bypasses_row_security, x.inherits, x.connection_limit, x.valid_until, x.id, x.admin_option, x.set_option
FROM (
  SELECT 'role' AS kind, r.rolname AS role, NULL::text AS member, r.rolsuper AS superuser,
         r.rolcreaterole AS creates_roles, r.rolcreatedb AS creates_databases, r.rolcanlogin AS logs_in,
         r.rolreplication AS replicates, r.rolbypassrls AS bypasses_row_security, r.rolinherit AS inherits,
         r.rolconnlimit AS connection_limit, pg_catalog.date_part('epoch', r.rolvaliduntil) * 1000 AS valid_until,
         r.oid::text AS id, NULL::boolean AS admin_option, NULL::boolean AS set_option
  FROM pg_catalog.pg_roles AS r
  UNION ALL
  -- Since PostgreSQL 16 a membership may come from several grantors.
  SELECT 'membership', g.rolname, o.rolname, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         pg_catalog.concat(m.roleid, '.', m.member), pg_catalog.bool_or(m.admin_option), NULL
  FROM pg_catalog.pg_auth_members AS m
  JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
  JOIN pg_catalog.pg_roles AS o ON o.oid = m.member
  GROUP BY m.roleid, m.member, g.rolname, o.rolname
) AS x
LIMIT 20001
