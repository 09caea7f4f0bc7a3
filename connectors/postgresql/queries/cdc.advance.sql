-- exhibit:cdc/advance
-- Lets go of what is kept as evidence already.
SELECT c.end_lsn::pg_catalog.text AS confirmed
FROM pg_catalog.pg_replication_slot_advance($1, $2::pg_catalog.pg_lsn) AS c
LIMIT 2
