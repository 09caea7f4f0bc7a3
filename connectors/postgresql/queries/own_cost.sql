-- exhibit:own_cost
-- What the statements of our own role have cost the server, by query id. See statements.sql for the schema.
SELECT s.queryid,
       pg_catalog.sum(s.calls) AS calls,
       pg_catalog.sum(s.total_exec_time + s.total_plan_time) AS server_ms
FROM public.pg_stat_statements(false) AS s
JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
WHERE r.rolname = CURRENT_USER AND s.queryid IS NOT NULL
GROUP BY s.queryid
ORDER BY server_ms DESC, s.queryid
LIMIT 501
