-- exhibit:prepared_transactions
SELECT p.transaction AS xid,
       p.database,
       p.owner AS usename,
       pg_catalog.date_part('epoch', p.prepared) * 1000 AS prepared_at,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - p.prepared) * 1000 AS prepared_ms,
       pg_catalog.age(p.transaction) AS xid_age
FROM pg_catalog.pg_prepared_xacts AS p
ORDER BY p.prepared, p.transaction::text
LIMIT 201
