-- exhibit:server_log/chunk
-- A piece of one file. The path is made by the server of what it says itself: the directory of its log, and a name that
-- it lists there, so that no parameter can name another file. As bytes, because a piece may end inside a character.
SELECT pg_catalog.encode(
         pg_catalog.pg_read_binary_file(
           pg_catalog.regexp_replace(pg_catalog.pg_current_logfile($3), '[^/]*$', '') || l.name,
           $2::pg_catalog.int8, 1048576, true), 'base64') AS chunk
FROM pg_catalog.pg_ls_logdir() AS l
WHERE l.name = $1
LIMIT 2
