-- exhibit:indexes
-- Sizes are pages as of the last vacuum: asking for the size would wait for a lock on the index. Two indexes are
-- duplicates when columns, operators, collations, order, predicate and uniqueness are the same; expressions and
-- predicates are compared as digests.
SELECT x.schema, x.relation, x.index, x.method, x.is_unique, x.is_primary, x.is_constraint, x.valid, x.building,
       x.twins, x.first_twin, x.scans, x.last_scan, x.pages, x.statistics_reset,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'block_size') AS block_size
FROM (
  SELECT n.nspname AS schema,
         t.relname AS relation,
         c.relname AS index,
         m.amname AS method,
         i.indisunique AS is_unique,
         i.indisprimary AS is_primary,
         k.conindid IS NOT NULL AS is_constraint,
         i.indisvalid AND i.indisready AND i.indislive AS valid,
         b.index_relid IS NOT NULL AS building,
         c.relkind = 'I' AS partitioned,
         pg_catalog.count(*) OVER same AS twins,
         pg_catalog.first_value(c.relname) OVER same AS first_twin,
         pg_catalog.pg_stat_get_numscans(i.indexrelid) AS scans,
         pg_catalog.date_part('epoch', u.last_idx_scan) * 1000 AS last_scan,
         c.relpages AS pages,
         (SELECT pg_catalog.date_part('epoch', d.stats_reset) * 1000 FROM pg_catalog.pg_stat_database AS d
          WHERE d.datname = pg_catalog.current_database()) AS statistics_reset
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
  LEFT JOIN pg_catalog.pg_stat_all_indexes AS u ON u.indexrelid = i.indexrelid
  LEFT JOIN (SELECT o.conindid FROM pg_catalog.pg_constraint AS o WHERE o.contype IN ('p', 'u', 'x') GROUP BY o.conindid)
    AS k ON k.conindid = i.indexrelid
  LEFT JOIN (SELECT g.index_relid FROM pg_catalog.pg_stat_progress_create_index AS g GROUP BY g.index_relid)
    AS b ON b.index_relid = i.indexrelid
  WHERE pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
  WINDOW same AS (PARTITION BY i.indrelid, c.relam, i.indisunique, pg_catalog.hashtextextended(
                    pg_catalog.concat_ws('|', i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
                    i.indnkeyatts, i.indexprs::text, i.indpred::text), 0)
                  ORDER BY i.indexrelid ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
) AS x
WHERE NOT x.valid OR x.twins > 1 OR (x.scans = 0 AND NOT x.is_unique AND NOT x.is_constraint AND NOT x.partitioned)
ORDER BY x.valid, x.twins DESC, x.pages DESC, x.schema, x.index
LIMIT 201
