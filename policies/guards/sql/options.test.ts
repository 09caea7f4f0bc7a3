import { describe, expect, it } from 'vitest';
import { loadSqlGuard } from '../sql.ts';

const guard = await loadSqlGuard();

const OPTIONS = 'pg_catalog.pg_options_to_table';
const FROM = `FROM pg_catalog.pg_db_role_setting AS d CROSS JOIN LATERAL ${OPTIONS}(d.setconfig) AS o`;

describe('settings of roles and databases, taken apart', () => {
  it.each([
    `SELECT o.option_name ${FROM} LIMIT 1`,
    `SELECT o.option_value ${FROM} WHERE o.option_name = 'work_mem' LIMIT 1`,
    `SELECT o.option_value ${FROM} WHERE o.option_name IN ('work_mem', 'statement_timeout') AND d.setrole = 0 LIMIT 1`,
    'SELECT pg_catalog.hashtextextended(d.setconfig::text, 0) AS h FROM pg_catalog.pg_db_role_setting AS d LIMIT 1',
  ])('let %s pass', (sql) => {
    expect(guard.template(sql, { requireQualified: true })).toMatchObject({ verdict: 'allow' });
  });

  it.each([
    [`SELECT o.option_value ${FROM} LIMIT 1`, 'SETTING'],
    [`SELECT pg_catalog.md5(o.option_value) AS v ${FROM} LIMIT 1`, 'SETTING'],
    [`SELECT o.option_value ${FROM} WHERE o.option_name = 'app.secret' LIMIT 1`, 'SETTING'],
    [`SELECT o.option_value ${FROM} WHERE o.option_name = 'work_mem' OR d.setrole = 0 LIMIT 1`, 'SETTING'],
    [`SELECT o.option_name ${FROM} WHERE o.option_value = 'x' LIMIT 1`, 'SETTING'],
    ['SELECT d.setconfig::text AS v FROM pg_catalog.pg_db_role_setting AS d LIMIT 1', 'SENSITIVE_COLUMN'],
    [
      'SELECT pg_catalog.unnest(d.setconfig) AS v FROM pg_catalog.pg_db_role_setting AS d LIMIT 1',
      'SENSITIVE_COLUMN',
    ],
    [`SELECT o.v ${FROM.replace(' AS o', ' AS o(n, v)')} LIMIT 1`, 'SYNTAX'],
    [
      `SELECT o.option_name FROM pg_catalog.pg_class AS d CROSS JOIN LATERAL ${OPTIONS}(d.reloptions) AS o LIMIT 1`,
      'ARGUMENT',
    ],
    [`SELECT o.option_name FROM ${OPTIONS}(ARRAY['a=b']) AS o LIMIT 1`, 'ARGUMENT'],
    [`SELECT ${OPTIONS}(d.setconfig) AS o FROM pg_catalog.pg_db_role_setting AS d LIMIT 1`, 'FUNCTION'],
    [
      `SELECT o.option_value FROM pg_catalog.pg_foreign_server AS d CROSS JOIN LATERAL ${OPTIONS}(d.srvoptions) AS o LIMIT 1`,
      'SENSITIVE_COLUMN',
    ],
  ])('refuse %s', (sql, code) => {
    expect(guard.template(sql, { requireQualified: true })).toMatchObject({ verdict: 'deny', code });
  });
});
