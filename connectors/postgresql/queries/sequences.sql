-- exhibit:sequences
-- pg_sequence_last_value() and pg_sequences open the sequence and would wait for a lock on it. What can be known without
-- is where the column and the sequence end, how many rows the table has and how many were ever inserted: each row took
-- at least one number, so the sequence stands at that number of steps or further.
SELECT x.schema, x.sequence, x.relation, x.part, x.sequence_type, x.column_type, x.first_value, x.last_possible,
       x.increment, x.cycles, x.rows_now, x.rows_inserted
FROM (
  SELECT n.nspname AS schema,
         q.relname AS sequence,
         t.relname AS relation,
         a.attname AS part,
         pg_catalog.format_type(s.seqtypid, NULL) AS sequence_type,
         pg_catalog.format_type(a.atttypid, NULL) AS column_type,
         s.seqstart AS first_value,
         CASE WHEN s.seqincrement < 0 THEN s.seqmin
              ELSE least(s.seqmax, CASE pg_catalog.format_type(a.atttypid, NULL) WHEN 'smallint' THEN 32767
                                        WHEN 'integer' THEN 2147483647 ELSE s.seqmax END) END AS last_possible,
         s.seqincrement AS increment,
         s.seqcycle AS cycles,
         greatest(t.reltuples::bigint, 0) AS rows_now,
         pg_catalog.pg_stat_get_tuples_inserted(t.oid) AS rows_inserted
  FROM pg_catalog.pg_sequence AS s
  JOIN pg_catalog.pg_class AS q ON q.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = q.relnamespace
  JOIN pg_catalog.pg_depend AS o ON o.objid = s.seqrelid AND o.classid = 1259 AND o.refclassid = 1259
                                AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0
  JOIN pg_catalog.pg_class AS t ON t.oid = o.refobjid
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
) AS x
ORDER BY greatest(x.rows_now, x.rows_inserted)::double precision
         / greatest(1, (x.last_possible - x.first_value)::double precision / x.increment) DESC, x.schema, x.sequence
LIMIT 201
