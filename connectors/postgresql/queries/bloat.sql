-- exhibit:bloat
-- No table and no index is read. Bytes for each row come from pg_class, which vacuum and analyze keep; the least that
-- rows of this shape need comes from the widths of fixed-width columns. pg_stats would know the widths of the others
-- and holds values of users, so it is not asked.
SELECT x.kind, x.schema, x.relation, x.index, x.pages, x.row_count, x.fill_factor, x.fixed_bytes, x.columns,
       x.variable_columns, x.dead_rows, x.analyzed,
       (SELECT s.setting::integer FROM pg_catalog.pg_settings AS s WHERE s.name = 'block_size') AS block_size
FROM (
  SELECT CASE c.relkind WHEN 'i' THEN 'index' WHEN 'm' THEN 'materialized_view' ELSE 'table' END AS kind,
         n.nspname AS schema,
         coalesce(t.relname, c.relname) AS relation,
         CASE c.relkind WHEN 'i' THEN c.relname END AS index,
         c.relpages AS pages,
         c.reltuples AS row_count,
         (SELECT pg_catalog.max(pg_catalog.split_part(o.option, '=', 2)::integer)
          FROM pg_catalog.unnest(c.reloptions) AS o (option)
          WHERE pg_catalog.split_part(o.option, '=', 1) = 'fillfactor') AS fill_factor,
         w.fixed_bytes,
         w.columns,
         w.variable_columns,
         pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead_rows,
         pg_catalog.date_part('epoch', greatest(pg_catalog.pg_stat_get_last_analyze_time(coalesce(t.oid, c.oid)),
           pg_catalog.pg_stat_get_last_autoanalyze_time(coalesce(t.oid, c.oid)),
           pg_catalog.pg_stat_get_last_vacuum_time(coalesce(t.oid, c.oid)),
           pg_catalog.pg_stat_get_last_autovacuum_time(coalesce(t.oid, c.oid)))) * 1000 AS analyzed
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND m.amname IN ('heap', 'btree')
  LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
  JOIN LATERAL (
    SELECT pg_catalog.sum(a.attlen) FILTER (WHERE a.attlen > 0) AS fixed_bytes,
           pg_catalog.count(*) AS columns,
           pg_catalog.count(*) FILTER (WHERE a.attlen < 0) AS variable_columns
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS w ON true
  WHERE c.relkind IN ('r', 'm', 'i') AND c.reltuples > 0 AND c.relpages >= 64
    AND pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
  ORDER BY c.relpages DESC, c.oid
  LIMIT 300
) AS x
ORDER BY x.pages DESC, x.schema, x.relation, x.index
LIMIT 301
