-- exhibit:schema_versions
-- How many rows each catalog has and which transactions wrote them: both together differ when anything was created,
-- altered or dropped, and cost a fraction of reading it all. Statistics are written in place and leave xmin alone.
SELECT pg_catalog.concat_ws(' ', r.version, a.version, d.version, c.version, t.version, p.version, f.version, y.version,
         e.version, w.version, h.version, n.version, q.version, v.version, o.version, b.version) AS versions
FROM (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(c.xmin::text::int8)) AS version
      FROM pg_catalog.pg_class AS c WHERE c.relpersistence <> 't') AS r
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(a.xmin::text::int8)) AS version
            FROM pg_catalog.pg_attribute AS a
            JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
            WHERE c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0) AS a
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_attrdef AS x
            LEFT JOIN pg_catalog.pg_class AS c ON c.oid = x.adrelid
            WHERE c.relpersistence IS DISTINCT FROM 't') AS d
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_constraint AS x
            LEFT JOIN pg_catalog.pg_class AS c ON c.oid = x.conrelid
            WHERE c.relpersistence IS DISTINCT FROM 't') AS c
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_trigger AS x) AS t
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_policy AS x) AS p
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_proc AS x) AS f
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_type AS x WHERE x.typtype IN ('e', 'd')) AS y
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_enum AS x) AS e
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_rewrite AS x) AS w
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_inherits AS x) AS h
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_namespace AS x) AS n
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_sequence AS x) AS q
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_event_trigger AS x) AS v
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.count(*), ':', pg_catalog.sum(x.xmin::text::int8)) AS version
            FROM pg_catalog.pg_index AS x
            LEFT JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
            WHERE c.relpersistence IS DISTINCT FROM 't') AS o
CROSS JOIN (SELECT pg_catalog.concat(pg_catalog.min(x.oid::int8), ':', pg_catalog.min(x.datdba::int8)) AS version
            FROM pg_catalog.pg_database AS x WHERE x.datname = pg_catalog.current_database()) AS b
LIMIT 2
