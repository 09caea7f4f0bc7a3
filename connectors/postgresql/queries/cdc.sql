-- exhibit:cdc
-- What the slot holds up to a position, left in place. Of inserts and deletes only the head leaves the server, of updates
-- the values only where the old ones are among them, to be compared and forgotten. Rows of a transaction that look the
-- same are one row with their number; what is no row (begin, commit, relation, truncate, type, origin) keeps its place.
SELECT g.message,
       pg_catalog.count(*) AS times
FROM (SELECT m.message,
             m.place,
             pg_catalog.count(*) FILTER (WHERE pg_catalog.substr(m.message, 1, 2) NOT IN ('44', '49', '55'))
               OVER (ORDER BY m.place) AS segment
      FROM (SELECT pg_catalog.encode(
                     CASE WHEN pg_catalog.substr(c.data, 1, 1) IN ('\x44'::pg_catalog.bytea, '\x49'::pg_catalog.bytea)
                               THEN pg_catalog.substr(c.data, 1, 5)
                          WHEN pg_catalog.substr(c.data, 1, 1) = '\x55'::pg_catalog.bytea
                               AND (pg_catalog.substr(c.data, 6, 1) = '\x4e'::pg_catalog.bytea
                                    OR pg_catalog.octet_length(c.data) > 65536)
                               THEN pg_catalog.substr(c.data, 1, 6)
                          ELSE c.data END, 'hex') AS message,
                   c.ordinality AS place
            FROM pg_catalog.pg_logical_slot_peek_binary_changes(
                   $1, $2::pg_catalog.pg_lsn, 50000, 'proto_version', '1', 'publication_names', $3)
                 WITH ORDINALITY AS c) AS m) AS g
GROUP BY g.segment, g.message
ORDER BY g.segment, pg_catalog.min(g.place)
LIMIT 20001
