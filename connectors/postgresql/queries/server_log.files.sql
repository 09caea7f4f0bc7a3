-- exhibit:server_log/files
-- The newest files of the log directory, as the server lists it. Their names stay in memory; digests of them are kept.
SELECT l.name AS file,
       l.size,
       pg_catalog.date_part('epoch', l.modification) * 1000 AS modified
FROM pg_catalog.pg_ls_logdir() AS l
ORDER BY l.modification DESC, l.name DESC
LIMIT 101
