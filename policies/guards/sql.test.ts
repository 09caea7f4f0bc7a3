import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSqlGuard, MAX_SQL_BYTES, SAFE_SETTINGS, type SqlGuard } from './sql.ts';

let guard: SqlGuard;

beforeAll(async () => {
  guard = await loadSqlGuard();
});

const code = (sql: string, options = {}) => guard.template(sql, options).code;

describe('what a verdict says', () => {
  it('names what is read, resolved and sorted', () => {
    const sql = `SELECT n.nspname, count(*) AS tables FROM pg_class c JOIN pg_catalog.pg_namespace n
      ON n.oid = c.relnamespace WHERE c.relkind = 'r' GROUP BY n.nspname`;
    expect(guard.template(sql)).toEqual({
      verdict: 'allow',
      code: null,
      reason: null,
      relations: ['pg_catalog.pg_class', 'pg_catalog.pg_namespace'],
      functions: ['pg_catalog.count'],
      statements: 1,
      columns: [
        'pg_catalog.pg_class.relkind',
        'pg_catalog.pg_class.relnamespace',
        'pg_catalog.pg_namespace.nspname',
        'pg_catalog.pg_namespace.oid',
      ],
      outputs: ['nspname', 'tables'],
    });
  });

  it('says what a refused statement would have touched, as written', () => {
    expect(guard.template('SELECT lower(o.card) FROM shop.orders o; SELECT 2')).toMatchObject({
      verdict: 'deny',
      code: 'MULTIPLE_STATEMENTS',
      relations: ['shop.orders'],
      functions: ['lower'],
      statements: 2,
    });
  });

  it('points to the way out', () => {
    expect(guard.template('SELECT pg_relation_size(c.oid) FROM pg_class c').hint).toContain('relpages');
    expect(guard.template('SELECT s.setting FROM pg_settings s').hint).toContain('WHERE name IN');
  });

  it('refuses free-form text whatever it says', () => {
    expect(guard.freeform('SELECT 1')).toMatchObject({ verdict: 'deny', code: 'FREEFORM', statements: 1 });
    expect(guard.freeform('no sql')).toMatchObject({ verdict: 'deny', code: 'FREEFORM', statements: 0 });
  });
});

describe('text', () => {
  it.each([
    ['SELECT 1\0; DROP TABLE x', 'BAD_TEXT'],
    [`SELECT '\ud800'`, 'BAD_TEXT'],
    [`SELECT '\ufffd'`, 'BAD_TEXT'],
    ['SELECT 1 \u0001', 'BAD_TEXT'],
    [`SELECT '${'x'.repeat(MAX_SQL_BYTES)}'`, 'TOO_LONG'],
    [`SELECT '${'ä'.repeat(MAX_SQL_BYTES / 2)}'`, 'TOO_LONG'],
    ['', 'PARSE_ERROR'],
    [';', 'PARSE_ERROR'],
    ['SELEC 1', 'PARSE_ERROR'],
    [`SELECT ${'1 + '.repeat(2_000)}1`, 'TOO_DEEP'],
  ])('%j is %s', (sql, expected) => {
    expect(code(sql)).toBe(expected);
  });
});

describe('names', () => {
  it.each([
    // A column of the query itself, of one around it, of a CTE, of a subquery, through USING.
    'SELECT relname FROM pg_class',
    'SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class',
    'SELECT (SELECT n.nspname FROM pg_namespace n WHERE n.oid = c.relnamespace) FROM pg_class c',
    'WITH pg_class AS (SELECT k.oid AS query FROM pg_class k) SELECT query FROM pg_class',
    'SELECT x.b FROM (SELECT c.oid, c.relname FROM pg_class c) AS x (a, b)',
    'SELECT pid, a.state FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)',
    'SELECT g FROM generate_series(1, 3) AS g',
    'SELECT u.item, u.place FROM unnest($1::text[]) WITH ORDINALITY AS u (item, place)',
    'SELECT count(*) AS c, relkind AS kind FROM pg_class GROUP BY kind ORDER BY c DESC',
    'SELECT k.v FROM pg_class c, LATERAL (SELECT c.relname AS v) k',
  ])('resolves %s', (sql) => {
    expect(guard.template(sql)).toMatchObject({ verdict: 'allow' });
  });

  it.each([
    ['SELECT a.nope FROM pg_class a', 'COLUMN'],
    ['SELECT x.relname FROM pg_class a', 'COLUMN'],
    ['SELECT b.relname FROM pg_class a, (SELECT a.relname) b', 'COLUMN'],
    ['SELECT x.c FROM (SELECT 1 AS a) AS x (b)', 'COLUMN'],
    ['SELECT relname FROM pg_class a JOIN pg_class b ON a.oid = b.oid', 'AMBIGUOUS'],
    ['SELECT c.relname FROM pg_class c, pg_class c', 'AMBIGUOUS'],
    // Not found in the inner query, PostgreSQL would look further out; on another version it may be found.
    ['SELECT (SELECT relname FROM pg_namespace LIMIT 1) FROM pg_class', 'COLUMN'],
    // On a server without the column this name is the whole row of the item.
    ['SELECT query_id FROM pg_stat_activity AS query_id', 'AMBIGUOUS'],
    // The name is a hidden column of the query, not the output column.
    ['SELECT count(*), a.state AS query FROM pg_stat_activity a GROUP BY query', 'SENSITIVE_COLUMN'],
    ['WITH w AS (SELECT relname FROM w) SELECT w.relname FROM w', 'RELATION'],
  ])('refuses %s', (sql, expected) => {
    expect(code(sql)).toBe(expected);
  });

  it('wants schemas where asked to', () => {
    const options = { requireQualified: true };
    expect(code('SELECT c.relname FROM pg_class c', options)).toBe('UNQUALIFIED');
    expect(code('SELECT now()', options)).toBe('UNQUALIFIED');
    expect(code('WITH w AS (SELECT 1 AS a) SELECT w.a, pg_catalog.now() FROM w', options)).toBeNull();
  });

  it('finds extension views in the schemas it was told, and nowhere else', () => {
    const sql = 'SELECT s.queryid FROM monitoring.pg_stat_statements s';
    expect(code(sql)).toBe('RELATION');
    expect(code(sql, { extensionSchemas: ['monitoring'] })).toBeNull();
    expect(code('SELECT s.calls FROM public.pg_stat_statements(showtext => false) s')).toBeNull();
    expect(code('SELECT s.query FROM public.pg_stat_statements(false) s')).toBe('SENSITIVE_COLUMN');
  });
});

describe('settings', () => {
  const read = (where: string) => code(`SELECT s.name, s.setting FROM pg_settings s WHERE ${where}`);

  it.each([
    `s.name = 'work_mem'`,
    `s.name IN ('work_mem', 'max_connections')`,
    `s.name = ANY (ARRAY['work_mem', 'max_connections'])`,
    `s.name = ANY ('{work_mem,max_connections}'::text[])`,
    `s.vartype IN ('bool', 'integer', 'real', 'enum')`,
    `s.setting <> s.boot_val AND s.name = 'work_mem'`,
  ])('are read under %s', (where) => {
    expect(read(where)).toBeNull();
  });

  it.each([
    'true',
    `s.name = 'primary_conninfo'`,
    `s.name IN ('work_mem', 'primary_conninfo')`,
    `s.name = 'work_mem' OR s.name = 'port'`,
    `NOT s.name = 'work_mem'`,
    `s.name <> 'work_mem'`,
    `s.name NOT IN ('work_mem')`,
    `s.name LIKE 'work_mem'`,
    `s.name = $1`,
    `s.name = ANY ($1)`,
    `lower(s.name) = 'work_mem'`,
    `s.unit = 'work_mem'`,
    `s.vartype = 'string'`,
    `EXISTS (SELECT 1 FROM pg_settings s WHERE s.name = 'work_mem')`,
  ])('are refused under %s', (where) => {
    expect(read(where)).toBe('SETTING');
  });

  it.each([
    `SELECT md5(s.reset_val) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `SELECT hashtextextended(s.setting, 0)::text FROM pg_settings s WHERE s.name IN ('primary_conninfo', 'work_mem')`,
    `SELECT md5(concat_ws('|', s.name, s.setting)) FROM pg_settings s WHERE s.name = 'ssl_key_file'`,
  ])('of text may be digested: %s', (sql) => {
    expect(code(sql)).toBeNull();
  });

  it.each([
    `s.setting FROM pg_settings s WHERE s.name = 'archive_command'`,
    `s.boot_val FROM pg_settings s WHERE s.name = 'restore_command'`,
    `md5(s.setting), s.setting FROM pg_settings s WHERE s.name = 'archive_command'`,
    `md5(left(s.setting, 1)) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `md5(s.setting::varchar(1)) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `md5(concat(s.setting > 'm')) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `concat(s.setting) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `length(s.setting) FROM pg_settings s WHERE s.name = 'archive_command'`,
    `s.setting IS NULL FROM pg_settings s WHERE s.name = 'archive_command'`,
    `1 FROM pg_settings s WHERE s.name = 'archive_command' AND s.setting LIKE 'x%'`,
    `1 FROM pg_settings s WHERE s.name = 'archive_command' ORDER BY s.setting`,
    `md5(s.setting) FROM pg_settings s`,
    `md5(s.setting) FROM pg_settings s WHERE s.name = 'acme.token'`,
    `md5(s.setting) FROM pg_settings s WHERE s.name IN ('archive_command', 'acme.token')`,
    `md5(s.setting) FROM pg_settings s WHERE s.name = 'archive_command' OR true`,
    `md5(s.setting) FROM pg_settings s WHERE s.vartype = 'string'`,
    `md5(s.setting) FROM pg_settings s WHERE s.vartype = 'archive_command'`,
    `md5(s.setting) FROM pg_settings s LEFT JOIN pg_settings t ON s.name = t.name AND s.name = 'archive_command'`,
    `md5(o.option_value) FROM pg_db_role_setting d CROSS JOIN LATERAL pg_catalog.pg_options_to_table(d.setconfig) o
      WHERE o.option_name = 'archive_command'`,
    `md5(current_setting('archive_command'))`,
  ])('of text go nowhere else: %s', (text) => {
    expect(code(`SELECT ${text}`)).toBe('SETTING');
  });

  it('of text are no more to be digested by a view: nobody does it again under a key', () => {
    const options = {
      relations: [],
      catalogs: new Set(['pg_catalog.pg_settings']),
      enums: new Set<string>(),
    };
    const digested = (name: string) =>
      guard.view(`SELECT md5(s.setting) AS d FROM pg_settings s WHERE s.name = '${name}'`, options).code;
    expect(digested('archive_command')).toBe('SETTING');
    expect(digested('work_mem')).toBeNull();
  });

  it('looks at the side of a join that the condition restricts', () => {
    const join = (type: string, side: string) =>
      code(`SELECT ${side}.setting FROM pg_settings a ${type} JOIN pg_settings b
        ON a.name = b.name AND a.name = 'port' AND b.name = 'port'`);
    expect(join('INNER', 'a')).toBeNull();
    expect(join('LEFT', 'b')).toBeNull();
    expect(join('LEFT', 'a')).toBe('SETTING');
    expect(join('RIGHT', 'b')).toBe('SETTING');
    expect(join('FULL', 'a')).toBe('SETTING');
  });

  it('holds no connection strings, commands or paths', () => {
    // Switches with such names hold no text; the search path names schemas.
    const harmless = ['log_replication_commands', 'ssl_passphrase_command_supports_reload', 'search_path'];
    const suspect = /conninfo|_command|_file$|directory$|directories$|_path$|preload|prefix/;
    const names = [...SAFE_SETTINGS].filter((name) => suspect.test(name) && !harmless.includes(name));
    expect(names).toEqual(['shared_preload_libraries']);
    expect(code(`SELECT current_setting('work_mem')`)).toBeNull();
    expect(code(`SELECT current_setting('archive_command')`)).toBe('SETTING');
  });
});

describe('code', () => {
  it.each([
    'SELECT md5(p.prosrc) FROM pg_proc p',
    `SELECT md5(concat_ws('|', p.prosrc, p.prosqlbody::text, p.provolatile)) FROM pg_proc p`,
    `SELECT md5(string_agg(w.ev_action::text, ',' ORDER BY w.rulename)) FROM pg_rewrite w`,
    'SELECT i.indpred IS NOT NULL AS is_partial FROM pg_index i',
  ])('may be digested or asked for: %s', (sql) => {
    expect(code(sql)).toBeNull();
  });

  it.each([
    'SELECT p.prosrc FROM pg_proc p',
    'SELECT md5(left(p.prosrc, 1)) FROM pg_proc p',
    'SELECT md5(p.prosrc::varchar(1)) FROM pg_proc p',
    `SELECT md5(concat('x', p.prosrc > 'm')) FROM pg_proc p`,
    'SELECT md5(CASE WHEN true THEN p.prosrc END) FROM pg_proc p',
    `SELECT md5(replace(p.prosrc, 'a', 'b')) FROM pg_proc p`,
    'SELECT concat(p.prosrc) FROM pg_proc p',
    'SELECT md5(a.query) FROM pg_stat_activity a',
    'SELECT md5(s.setting) FROM pg_settings s',
    'SELECT p.prosrc = $1 IS NULL FROM pg_proc p',
    'SELECT 1 FROM pg_proc p ORDER BY p.prosrc',
  ])('goes nowhere else: %s', (sql) => {
    expect(['SENSITIVE_COLUMN', 'SETTING']).toContain(code(sql));
  });
});

describe('cost', () => {
  it.each([
    'SELECT 1 FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_index i ON i.indrelid = c.oid',
    'SELECT 1 FROM pg_locks a JOIN pg_locks b ON a.relation = b.relation AND a.pid <> b.pid',
    'SELECT 1 FROM pg_stat_wal w CROSS JOIN pg_stat_archiver a',
    'SELECT 1 FROM pg_class c CROSS JOIN (SELECT count(*) AS n FROM pg_namespace) x',
    'SELECT 1 FROM pg_class c WHERE NOT EXISTS (SELECT 1 FROM pg_type t WHERE t.typelem = c.oid)',
    'SELECT (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid) FROM pg_class c',
    'SELECT a.pid, pg_blocking_pids(a.pid) FROM pg_stat_activity a',
  ])('is bounded in %s', (sql) => {
    expect(guard.template(sql)).toMatchObject({ verdict: 'allow' });
  });

  it.each([
    ['SELECT 1 FROM pg_class a, pg_class b', 'CROSS_JOIN'],
    ['SELECT 1 FROM pg_class a JOIN pg_class b ON a.oid = a.oid', 'CROSS_JOIN'],
    ['SELECT 1 FROM pg_class a JOIN pg_class b ON a.oid > b.oid', 'CROSS_JOIN'],
    ['SELECT 1 FROM pg_class a JOIN pg_class b ON a.oid = b.oid OR true', 'CROSS_JOIN'],
    [
      'SELECT 1 FROM (SELECT 1 AS k FROM pg_class) a JOIN (SELECT 1 AS k FROM pg_class) b ON a.k = b.k',
      'TOO_COSTLY',
    ],
    ['SELECT 1 FROM pg_class a JOIN pg_class b ON a.relkind = b.relkind', 'TOO_COSTLY'],
    ['SELECT 1 FROM pg_class a JOIN pg_class b ON a.oid::text::"char" = b.oid::text::"char"', 'CROSS_JOIN'],
    ['SELECT (SELECT count(*) FROM pg_class b WHERE b.relname < a.relname) FROM pg_class a', 'TOO_COSTLY'],
    [
      'SELECT 1 FROM unnest($1::int[]) a, unnest($1::int[]) b, unnest($1::int[]) c, unnest($1::int[]) d',
      'TOO_COSTLY',
    ],
    ['SELECT pg_database_size(1) FROM pg_attribute a', 'TOO_COSTLY'],
    ['SELECT 1 FROM pg_attribute a, LATERAL unnest(pg_blocking_pids(a.attnum)) b', 'TOO_COSTLY'],
    [doubling(30), 'TOO_LARGE'],
    [
      'SELECT json_agg(x.j) FROM (SELECT json_agg(c.relname) AS j FROM pg_class c GROUP BY c.relkind) x',
      'TOO_LARGE',
    ],
  ])('is refused in %s', (sql, expected) => {
    expect(code(sql)).toBe(expected);
  });
});

/** Each CTE is twice as long as the one before. */
function doubling(steps: number): string {
  const parts = Array.from({ length: steps }, (_, i) => `t${i + 1} AS (SELECT x || x AS x FROM t${i})`);
  return `WITH t0 AS (SELECT 'xxxxxxxx'::text AS x), ${parts.join(', ')} SELECT x FROM t${steps}`;
}

describe('properties', () => {
  const unlisted = fc.stringMatching(/^[a-z][a-z_]{2,12}$/).map((name) => `zz_${name}`);
  const holes = [
    'SELECT c.relname, @ FROM pg_class c',
    'SELECT c.relname FROM pg_class c WHERE c.relam IN (SELECT a.oid FROM pg_am a WHERE @ IS NULL)',
    `SELECT coalesce(CASE WHEN @ IS NULL THEN lower(c.relname::text) END, 'x') FROM pg_class c`,
    'WITH w AS (SELECT c.oid FROM pg_class c ORDER BY @) SELECT count(w.oid) FILTER (WHERE true) FROM w',
    'SELECT max(c.relpages) OVER (PARTITION BY c.relkind ORDER BY @) FROM pg_class c',
    'SELECT 1 UNION ALL SELECT x.n FROM pg_class c, LATERAL (SELECT 1 AS n WHERE @ IS NULL) x',
  ];
  const hole = fc.constantFrom(...holes);

  it('a harmless expression is accepted in every hole', () => {
    for (const sql of holes)
      expect(guard.template(sql.replace('@', 'c.relname'))).toMatchObject({ code: null });
  });

  it('an unknown function, column, relation, type or operator anywhere turns allow into deny', () => {
    const bad = unlisted.chain((name) =>
      fc.constantFrom(
        [`${name}(1)`, 'FUNCTION'],
        [`${name}.lower('x')`, 'FUNCTION'],
        [`c.${name}`, 'COLUMN'],
        [name, 'COLUMN'],
        [`(SELECT 1 FROM ${name})`, 'RELATION'],
        [`(SELECT 1 FROM ${name}.pg_class)`, 'RELATION'],
        [`c.relname::${name}`, 'TYPE'],
        [`c.relname COLLATE ${name}`, 'COLLATION'],
        [`(1 OPERATOR(${name}.+) 1)`, 'OPERATOR'],
      ),
    );
    fc.assert(
      fc.property(hole, bad, (sql, [expression = '', expected = '']) => {
        expect(code(sql.replace('@', () => expression))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and never allows noise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
        expect(guard.template(`SELECT c.relname FROM public.t c ${noise}`).verdict).toBe('deny');
      }),
      { numRuns: 500 },
    );
  });
});
