-- exhibit:statement_texts
-- Off unless a policy's flag names statement-texts. Only statements whose constants the server replaces by $1, $2, …:
-- utility statements (CREATE ROLE … PASSWORD) keep theirs and stay out.
SELECT s.queryid,
       s.toplevel,
       d.datname AS database,
       s.query AS query_text
FROM public.pg_stat_statements AS s
LEFT JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
WHERE s.queryid IS NOT NULL
  AND pg_catalog.upper(pg_catalog.left(pg_catalog.ltrim(s.query), 6)) IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
ORDER BY s.total_exec_time DESC, s.queryid, s.userid
LIMIT 101
