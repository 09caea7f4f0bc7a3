-- exhibit:schema
-- One row per object outside the system schemas, extensions' own objects left out, with its parts as JSON arrays (the
-- order of their elements is that of schema-model.ts). One scan per catalog, and no sort but that of the rows: a
-- database of ten thousand tables has to fit into one statement timeout. Code is read only inside
-- hashtextextended(): the text itself never leaves the server, and unlike md5() it is there in FIPS mode too. No
-- function here opens a relation, so an ACCESS EXCLUSIVE lock on a user table can not hold this up.
WITH schemas AS (
  SELECT n.oid, n.nspname, n.nspowner, n.xmin
  FROM pg_catalog.pg_namespace AS n
  WHERE pg_catalog.left(n.nspname::text, 3) <> 'pg_' AND n.nspname <> 'information_schema'
),
-- pg_xact_commit_timestamp() fails where commits are not stamped, and a standby may not know that they are not.
clock AS (
  SELECT s.setting = 'on' AND NOT pg_catalog.pg_is_in_recovery() AS stamped
  FROM pg_catalog.pg_settings AS s
  WHERE s.name = 'track_commit_timestamp'
),
-- 1259 is pg_class, 1255 pg_proc, 1247 pg_type and 2615 pg_namespace: the same in every database of every version.
extended AS MATERIALIZED (
  SELECT e.classid, e.objid
  FROM pg_catalog.pg_depend AS e
  WHERE e.deptype = 'e' AND e.classid IN (1259, 1255, 1247, 2615)
),
relations AS MATERIALIZED (
  SELECT c.oid, c.xmin, c.relname, c.relkind, c.relowner, c.relpersistence, c.relreplident, c.relrowsecurity,
         c.relforcerowsecurity, c.reloptions, c.reltablespace, c.relam, c.relfilenode, c.reltuples,
         pg_catalog.hashtextextended(c.relpartbound::text, 0)::text AS bound, s.nspname
  FROM pg_catalog.pg_class AS c
  JOIN schemas AS s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
    AND NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 1259 AND e.objid = c.oid)
),
columns AS (
  SELECT a.attrelid,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           a.attnum, a.attname,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(a.xmin)) END,
           pg_catalog.format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
           pg_catalog.hashtextextended(v.adbin::text, 0)::text,
           pg_catalog.concat(a.attidentity, a.attgenerated),
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', a.attcollation, a.attstorage, a.attcompression), 0)::text,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', coalesce(a.attstattarget, -1), a.attoptions::text),
             0)::text
         )::text, ',') AS list
  FROM pg_catalog.pg_attribute AS a
  JOIN relations AS r ON r.oid = a.attrelid
  LEFT JOIN pg_catalog.pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
  CROSS JOIN clock AS k
  WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'S'
  GROUP BY a.attrelid
),
indexes AS (
  SELECT i.indrelid,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           i.indexrelid, c.relname,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(i.xmin)) END,
           i.indisvalid AND i.indisready AND i.indislive,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', i.indkey::text, i.indclass::text,
             i.indcollation::text, i.indoption::text, i.indisexclusion, i.indimmediate, i.indnkeyatts, c.relam,
             i.indexprs::text, i.indpred::text), 0)::text,
           i.indisunique IS TRUE, i.indisprimary IS TRUE,
           c.reloptions, t.spcname,
           CASE WHEN r.relkind = 'r' THEN c.relfilenode END,
           i.indisclustered OR i.indisreplident
         )::text, ',') AS list
  FROM pg_catalog.pg_index AS i
  JOIN relations AS r ON r.oid = i.indrelid
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  LEFT JOIN pg_catalog.pg_tablespace AS t ON t.oid = c.reltablespace
  CROSS JOIN clock AS k
  GROUP BY i.indrelid
),
constraints AS (
  SELECT n.conrelid,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           n.oid, n.conname,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(n.xmin)) END,
           n.contype, n.convalidated,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', n.conkey::text, n.confrelid, n.confkey::text,
             n.confupdtype, n.confdeltype, n.confmatchtype, n.conbin::text), 0)::text,
           n.condeferrable OR n.condeferred
         )::text, ',') AS list
  FROM pg_catalog.pg_constraint AS n
  JOIN relations AS r ON r.oid = n.conrelid
  CROSS JOIN clock AS k
  -- NOT NULL has rows of its own since PostgreSQL 18; the column says it already.
  WHERE n.contype <> 'n'
  GROUP BY n.conrelid
),
triggers AS (
  SELECT t.tgrelid,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           t.oid, t.tgname,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(t.xmin)) END,
           t.tgenabled,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', t.tgfoid, t.tgtype, t.tgattr::text, t.tgdeferrable,
             t.tginitdeferred, t.tgqual::text), 0)::text
         )::text, ',') AS list
  FROM pg_catalog.pg_trigger AS t
  JOIN relations AS r ON r.oid = t.tgrelid
  CROSS JOIN clock AS k
  WHERE NOT t.tgisinternal
  GROUP BY t.tgrelid
),
policies AS (
  SELECT p.polrelid,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           p.oid, p.polname,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(p.xmin)) END,
           p.polcmd, p.polpermissive,
           pg_catalog.hashtextextended(p.polroles::text, 0)::text,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', p.polqual::text, p.polwithcheck::text), 0)::text
         )::text, ',') AS list
  FROM pg_catalog.pg_policy AS p
  JOIN relations AS r ON r.oid = p.polrelid
  CROSS JOIN clock AS k
  GROUP BY p.polrelid
),
-- What a view says is a rule as well.
rules AS (
  SELECT w.ev_class,
         pg_catalog.string_agg(pg_catalog.json_build_array(
           w.oid, w.rulename,
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(w.xmin)) END,
           w.ev_enabled,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', w.ev_type, w.is_instead, w.ev_qual::text,
             w.ev_action::text), 0)::text
         )::text, ',') AS list
  FROM pg_catalog.pg_rewrite AS w
  JOIN relations AS r ON r.oid = w.ev_class
  CROSS JOIN clock AS k
  GROUP BY w.ev_class
),
parents AS (
  SELECT h.inhrelid,
         pg_catalog.string_agg(h.inhparent::text, ',' ORDER BY h.inhparent) AS list,
         pg_catalog.bool_or(h.inhdetachpending) AS detaching
  FROM pg_catalog.pg_inherits AS h
  JOIN relations AS r ON r.oid = h.inhrelid
  GROUP BY h.inhrelid
)
SELECT x.kind, x.id::text AS id, x.schema, x.object, x.part, x.facts, x.columns, x.indexes, x.constraints, x.triggers, x.policies,
       x.rules
FROM (
  SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'f' THEN 'foreign_table'
                        WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite_type' ELSE 'table' END AS kind,
         r.oid AS id, r.nspname AS schema, r.relname AS object, NULL::text AS part,
         pg_catalog.json_build_array(
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(r.xmin)) END,
           r.relowner, r.relpersistence, r.relreplident, r.relrowsecurity, r.relforcerowsecurity, r.reloptions,
           t.spcname, r.relam, h.list, r.bound, h.detaching,
           CASE WHEN r.relkind = 'r' THEN r.relfilenode END, r.reltuples < 0,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', g.partstrat, g.partattrs::text, g.partexprs::text,
             q.seqtypid, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle), 0)::text
         )::text AS facts,
         a.list AS columns, i.list AS indexes, n.list AS constraints, d.list AS triggers, p.list AS policies,
         w.list AS rules
  FROM relations AS r
  CROSS JOIN clock AS k
  LEFT JOIN pg_catalog.pg_tablespace AS t ON t.oid = r.reltablespace
  LEFT JOIN pg_catalog.pg_partitioned_table AS g ON g.partrelid = r.oid
  LEFT JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = r.oid
  LEFT JOIN parents AS h ON h.inhrelid = r.oid
  LEFT JOIN columns AS a ON a.attrelid = r.oid
  LEFT JOIN indexes AS i ON i.indrelid = r.oid
  LEFT JOIN constraints AS n ON n.conrelid = r.oid
  LEFT JOIN triggers AS d ON d.tgrelid = r.oid
  LEFT JOIN policies AS p ON p.polrelid = r.oid
  LEFT JOIN rules AS w ON w.ev_class = r.oid
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid, s.nspname,
         p.proname, pg_catalog.oidvectortypes(p.proargtypes),
         pg_catalog.json_build_array(
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(p.xmin)) END,
           p.proowner, pg_catalog.format_type(p.prorettype, NULL),
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', p.prosrc, p.prosqlbody::text, p.prolang, p.proretset,
             p.proisstrict, p.proleakproof, p.procost, p.proargdefaults::text), 0)::text,
           p.prosecdef, p.provolatile, p.proparallel
         )::text,
         NULL, NULL, NULL, NULL, NULL, NULL
  FROM schemas AS s
  JOIN pg_catalog.pg_proc AS p ON p.pronamespace = s.oid
  CROSS JOIN clock AS k
  WHERE NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 1255 AND e.objid = p.oid)
  UNION ALL
  SELECT CASE y.typtype WHEN 'e' THEN 'enum' ELSE 'domain' END, y.oid, s.nspname, y.typname, NULL,
         pg_catalog.json_build_array(
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(y.xmin)) END,
           y.typowner, CASE WHEN y.typtype = 'd' THEN pg_catalog.format_type(y.typbasetype, y.typtypmod) END,
           NOT y.typnotnull, pg_catalog.hashtextextended(y.typdefaultbin::text, 0)::text, l.labels,
           coalesce(l.definition, n.definition)
         )::text,
         NULL, NULL, NULL, NULL, NULL, NULL
  FROM schemas AS s
  JOIN pg_catalog.pg_type AS y ON y.typnamespace = s.oid AND y.typtype IN ('e', 'd')
  CROSS JOIN clock AS k
  LEFT JOIN (SELECT m.enumtypid, pg_catalog.count(*) AS labels,
                    pg_catalog.hashtextextended(pg_catalog.string_agg(m.enumlabel::text, ',' ORDER BY m.enumsortorder),
                      0)::text AS definition
             FROM pg_catalog.pg_enum AS m GROUP BY m.enumtypid) AS l ON l.enumtypid = y.oid
  LEFT JOIN (SELECT o.contypid,
                    pg_catalog.hashtextextended(pg_catalog.string_agg(pg_catalog.concat_ws('|', o.conname,
                      o.convalidated, o.conbin::text), ',' ORDER BY o.conname), 0)::text AS definition
             FROM pg_catalog.pg_constraint AS o
             WHERE o.contypid <> 0 GROUP BY o.contypid) AS n ON n.contypid = y.oid
  WHERE NOT EXISTS (SELECT 1 FROM extended AS e WHERE e.classid = 1247 AND e.objid = y.oid)
  UNION ALL
  SELECT 'schema', s.oid, s.nspname, s.nspname, NULL,
         pg_catalog.json_build_array(
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(s.xmin)) END,
           s.nspowner
         )::text,
         NULL, NULL, NULL, NULL, NULL, NULL
  FROM schemas AS s
  CROSS JOIN clock AS k
  UNION ALL
  SELECT 'event_trigger', v.oid, 'pg_catalog', v.evtname, NULL,
         pg_catalog.json_build_array(
           CASE WHEN k.stamped
                THEN pg_catalog.date_part('epoch', pg_catalog.pg_xact_commit_timestamp(v.xmin)) END,
           v.evtowner, v.evtenabled,
           pg_catalog.hashtextextended(pg_catalog.concat_ws('|', v.evtevent, v.evtfoid, v.evttags::text), 0)::text
         )::text,
         NULL, NULL, NULL, NULL, NULL, NULL
  FROM pg_catalog.pg_event_trigger AS v
  CROSS JOIN clock AS k
  UNION ALL
  -- Names of owners: who was it before can not be asked of the object any more.
  SELECT 'role', o.oid, 'pg_catalog', o.rolname, NULL, '[null]', NULL, NULL, NULL, NULL, NULL, NULL
  FROM pg_catalog.pg_roles AS o
  UNION ALL
  SELECT 'database', d.oid, 'pg_catalog', d.datname, NULL,
         pg_catalog.json_build_array(NULL, d.datdba,
           pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()))::text, NULL, NULL, NULL, NULL, NULL, NULL
  FROM pg_catalog.pg_database AS d
  WHERE d.datname = pg_catalog.current_database()
) AS x
LIMIT 50001
