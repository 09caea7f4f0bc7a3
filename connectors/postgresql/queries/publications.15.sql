-- exhibit:publications
-- What logical replication sends out: one row for each publication, and one for each table or schema in it.
SELECT x.kind, x.id, x.publication, x.schema, x.object, x.operations, x.all_tables, x.via_root, x.fingerprint
FROM (
  SELECT 'publication' AS kind, p.oid::text AS id, p.pubname AS publication, NULL::text AS schema, NULL::text AS object,
         pg_catalog.concat_ws('_', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
           CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations,
         p.puballtables AS all_tables, p.pubviaroot AS via_root, NULL::text AS fingerprint
  FROM pg_catalog.pg_publication AS p
  UNION ALL
  SELECT 'table', pg_catalog.concat(r.prpubid, '.', r.prrelid), p.pubname, n.nspname, c.relname, NULL, NULL, NULL,
         pg_catalog.hashtextextended(pg_catalog.concat_ws('|', r.prqual::text, r.prattrs::text), 0)::text
  FROM pg_catalog.pg_publication_rel AS r
  JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid
  JOIN pg_catalog.pg_class AS c ON c.oid = r.prrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'schema', pg_catalog.concat(s.pnpubid, '.', s.pnnspid), p.pubname, n.nspname, NULL, NULL, NULL, NULL, NULL
  FROM pg_catalog.pg_publication_namespace AS s
  JOIN pg_catalog.pg_publication AS p ON p.oid = s.pnpubid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = s.pnnspid
) AS x
LIMIT 20001
