-- exhibit:schema
-- One snapshot of every object outside the system schemas, extensions' own objects left out. Definitions are read
-- only inside pg_catalog.md5(): the text itself never leaves the server. No function here opens a relation, so an
-- ACCESS EXCLUSIVE lock on a user table can not hold this up.
WITH schemas AS (
  SELECT n.oid, n.nspname
  FROM pg_catalog.pg_namespace AS n
  WHERE pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
),
-- 1259 is pg_class and 1255 pg_proc: the same number in every database of every version.
relations AS (
  SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relispartition, c.relreplident, c.reloptions,
         c.relacl, s.nspname
  FROM pg_catalog.pg_class AS c
  JOIN schemas AS s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS e
                    WHERE e.classid = 1259 AND e.objid = c.oid AND e.deptype = 'e')
)
SELECT x.kind, x.schema, x.object, x.part, x.type, x.nullable, x.valid, x.definition, x.default_value, x.privileges
FROM (
  SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'f' THEN 'foreign_table'
                        WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
         r.nspname AS schema, r.relname AS object, NULL::text AS part, NULL::text AS type,
         NULL::boolean AS nullable, NULL::boolean AS valid,
         pg_catalog.md5(pg_catalog.concat_ws('|', r.relkind, r.relpersistence, r.relrowsecurity, r.relispartition,
           r.relreplident, r.reloptions::text,
           (SELECT pg_catalog.string_agg(pg_catalog.md5(w.ev_action::text), ',' ORDER BY w.rulename)
            FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class = r.oid))) AS definition,
         NULL::text AS default_value,
         pg_catalog.md5(r.relacl::text) AS privileges
  FROM relations AS r
  UNION ALL
  SELECT 'column', r.nspname, r.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
         NOT a.attnotnull, NULL,
         pg_catalog.md5(pg_catalog.concat_ws('|', a.attidentity, a.attgenerated, a.attcollation::text)),
         pg_catalog.md5(v.adbin::text), pg_catalog.md5(a.attacl::text)
  FROM relations AS r
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
  WHERE r.relkind <> 'S'
  UNION ALL
  SELECT 'index', r.nspname, r.relname, c.relname, NULL, NULL, i.indisvalid AND i.indisready,
         pg_catalog.md5(pg_catalog.concat_ws('|', i.indkey::text, i.indclass::text, i.indcollation::text,
           i.indoption::text, i.indisunique, i.indisprimary, i.indnkeyatts, c.relam::text, c.reloptions::text,
           i.indexprs::text, i.indpred::text)),
         NULL, NULL
  FROM relations AS r
  JOIN pg_catalog.pg_index AS i ON i.indrelid = r.oid
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  UNION ALL
  SELECT 'constraint', r.nspname, r.relname, k.conname, k.contype::text, NULL, k.convalidated,
         pg_catalog.md5(pg_catalog.concat_ws('|', k.conkey::text, k.confrelid::text, k.confkey::text, k.confupdtype,
           k.confdeltype, k.confmatchtype, k.condeferrable, k.condeferred, k.conbin::text)),
         NULL, NULL
  FROM relations AS r
  JOIN pg_catalog.pg_constraint AS k ON k.conrelid = r.oid
  -- NOT NULL has rows of its own since PostgreSQL 18; the column says it already.
  WHERE k.contype <> 'n'
  UNION ALL
  SELECT 'trigger', r.nspname, r.relname, t.tgname, NULL, NULL, t.tgenabled <> 'D',
         pg_catalog.md5(pg_catalog.concat_ws('|', t.tgfoid::text, t.tgtype,
           CASE t.tgenabled WHEN 'D' THEN 'O' ELSE t.tgenabled END, t.tgattr::text,
           t.tgdeferrable, t.tgqual::text)),
         NULL, NULL
  FROM relations AS r
  JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal
  UNION ALL
  SELECT 'function', s.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes),
         pg_catalog.format_type(p.prorettype, NULL), NULL, NULL,
         pg_catalog.md5(pg_catalog.concat_ws('|', p.prosrc, p.prosqlbody::text, p.prolang::text, p.prokind,
           p.prosecdef, p.provolatile, p.proparallel, p.proisstrict, p.proretset)),
         NULL, pg_catalog.md5(p.proacl::text)
  FROM schemas AS s
  JOIN pg_catalog.pg_proc AS p ON p.pronamespace = s.oid
  WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS e
                    WHERE e.classid = 1255 AND e.objid = p.oid AND e.deptype = 'e')
  UNION ALL
  SELECT 'enum', s.nspname, t.typname, NULL, NULL, NULL, NULL,
         pg_catalog.md5(pg_catalog.string_agg(m.enumlabel::text, ',' ORDER BY m.enumsortorder)), NULL, NULL
  FROM schemas AS s
  JOIN pg_catalog.pg_type AS t ON t.typnamespace = s.oid AND t.typtype = 'e'
  JOIN pg_catalog.pg_enum AS m ON m.enumtypid = t.oid
  GROUP BY s.nspname, t.typname
) AS x
ORDER BY x.schema, x.object, x.kind, x.part
LIMIT 50001
