import type { AdmittedView } from '../../sdk/index.ts';

/**
 * What is sent about a view before its rows are read, in this order and in one transaction. But for the lock and the
 * definition these read catalogs only; `$1` is the schema and `$2` the name.
 */

/**
 * Locks the view and every table under it as a SELECT would, or fails at once: whoever holds a stronger lock, or waits
 * for one, is not waited for. A later statement of the transaction finds these locks in its hands.
 */
export function lockStatement({ schema, name }: AdmittedView): string {
  return `LOCK TABLE "${schema}"."${name}" IN ACCESS SHARE MODE NOWAIT`;
}

/** What is not covered by those locks (an index that is being rebuilt) is waited for a thousandth of a second. */
export const HARDLY_WAIT = `SELECT pg_catalog.set_config('lock_timeout', '1', true) AS lock_timeout`;

export const FACTS = `SELECT c.relkind::text AS kind,
       o.rolname AS owner,
       coalesce('security_barrier=true' = ANY (c.reloptions), false) AS security_barrier,
       coalesce('security_invoker=true' = ANY (c.reloptions), false) AS security_invoker,
       pg_catalog.pg_get_viewdef(c.oid) AS definition
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_roles AS o ON o.oid = c.relowner
WHERE n.nspname = $1 AND c.relname = $2`;

const RULE = `FROM pg_catalog.pg_class AS v
JOIN pg_catalog.pg_namespace AS s ON s.oid = v.relnamespace
JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid AND r.ev_type = '1'
JOIN pg_catalog.pg_depend AS d ON d.objid = r.oid AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass`;

/** Tables under the view, with all their columns. System catalogs are no dependency of anything. */
export const TABLES = `SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind,
       c.relrowsecurity AND (c.relforcerowsecurity OR c.relowner <> v.relowner
         OR coalesce('security_invoker=true' = ANY (v.reloptions), false)) AS row_security,
       (SELECT pg_catalog.string_agg(a.attname, ',') FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
${RULE} AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid AND c.oid <> v.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE s.nspname = $1 AND v.relname = $2
GROUP BY n.nspname, c.relname, c.relkind, c.oid, c.relrowsecurity, c.relforcerowsecurity, c.relowner, v.relowner,
         v.reloptions
ORDER BY n.nspname, c.relname`;

/**
 * What else it depends on: functions, operators and types that did not come with the server. A constraint is one where
 * GROUP BY names a primary key.
 */
export const OTHERS = `SELECT coalesce(coalesce(e.typtype, t.typtype) = 'e', false) AS is_enum, n.nspname AS schema,
       coalesce(e.typname, t.typname) AS name
${RULE} AND d.deptype = 'n' AND d.refclassid NOT IN ('pg_catalog.pg_class'::pg_catalog.regclass,
                                                     'pg_catalog.pg_constraint'::pg_catalog.regclass)
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = d.refobjid
                                 AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE s.nspname = $1 AND v.relname = $2`;

/** Who keeps us out: strong locks, held or waited for, on the view, on what is under it, and on the indexes of that. */
export const LOCKS = `WITH under AS (
  SELECT d.refobjid AS oid
  ${RULE} AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  WHERE s.nspname = $1 AND v.relname = $2
), touched AS (
  SELECT u.oid FROM under AS u
  UNION SELECT i.indexrelid FROM pg_catalog.pg_index AS i JOIN under AS u ON u.oid = i.indrelid
  UNION SELECT h.inhrelid FROM pg_catalog.pg_inherits AS h JOIN under AS u ON u.oid = h.inhparent
)
SELECT n.nspname AS schema, c.relname AS name, l.mode, l.granted, l.pid,
       pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - coalesce(l.waitstart, a.xact_start)) * 1000 AS ms
FROM pg_catalog.pg_locks AS l
JOIN touched AS t ON t.oid = l.relation
JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
WHERE l.mode = 'AccessExclusiveLock' AND l.locktype = 'relation'
ORDER BY l.granted DESC, ms DESC
LIMIT 1`;
