-- exhibit:cdc/create
-- Makes nothing unless the server bounds what a slot may retain: the condition is settled before the function is called.
SELECT c.lsn::pg_catalog.text AS confirmed
FROM pg_catalog.pg_create_logical_replication_slot($1, 'pgoutput') AS c
WHERE pg_catalog.current_setting('max_slot_wal_keep_size') <> '-1'
LIMIT 2
