-- exhibit:cdc/drop
SELECT true AS dropped
FROM pg_catalog.pg_drop_replication_slot($1) AS d
LIMIT 2
