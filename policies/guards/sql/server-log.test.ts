import { beforeAll, describe, expect, it } from 'vitest';
import { loadManifest, loadReads } from '../../../connectors/sdk/testing/index.ts';
import { proveReads } from '../reads.ts';
import { loadSqlGuard, type SqlGuard } from '../sql.ts';

const FOLDER = new URL('../../../connectors/postgresql', import.meta.url).pathname;
const texts = new Map(
  [...loadReads(FOLDER)]
    .filter(([key]) => /^server_log\b/.test(key))
    .map(([key, text]) => [`queries/${key.replace(/[@/]/, '.')}.sql`, text] as const),
);
const reads = loadManifest(FOLDER).reads.filter(({ id }) => id === 'server_log');

let guard: SqlGuard;

beforeAll(async () => {
  guard = await loadSqlGuard();
});

const opened = (sql: string) => guard.template(sql, { requireQualified: true, serverLog: true }).code;
const closed = (sql: string) => guard.template(sql, { requireQualified: true }).code;

describe('the files of the server log', () => {
  it('are proved for the read that has the capability', () => {
    expect(texts.size).toBeGreaterThan(3);
    const { problems, proofs } = proveReads({ reads }, texts, guard);
    expect(problems).toEqual([]);
    expect(proofs).toHaveLength(texts.size);
  });

  it('are refused to the same read without it', () => {
    const without = reads.map((read) => ({ ...read, capability: undefined }));
    const { problems, proofs } = proveReads({ reads: without }, texts, guard);
    expect(proofs).toEqual([]);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['FUNCTION', 'SETTING']));
  });

  const path = `pg_catalog.regexp_replace(pg_catalog.pg_current_logfile($1), '[^/]*$', '') || l.name`;
  const piece = (name: string, length: string, from: string) =>
    `SELECT pg_catalog.encode(pg_catalog.pg_read_binary_file(${name}, 0, ${length}, true), 'hex') AS h ${from} LIMIT 2`;
  const listed = 'FROM pg_catalog.pg_ls_logdir() AS l';

  it('are named by the rows that the server lists', () => {
    const honest = piece(path, '1000', listed);
    expect([opened(honest), closed(honest)]).toEqual([null, 'FUNCTION']);
    expect(opened(piece('$1', '1000', ''))).toBe('ARGUMENT');
    expect(opened(piece(`'postgresql.conf'`, '1000', ''))).toBe('ARGUMENT');
    expect(opened(piece(`'base/' || c.relname`, '1000', 'FROM pg_catalog.pg_class AS c'))).toBe('ARGUMENT');
    expect(opened(piece(path, '$2', listed))).toBe('ARGUMENT');
    expect(opened(piece(path, '100000000', listed))).toBe('ARGUMENT');
  });

  it.each([
    `SELECT pg_catalog.pg_read_file('postgresql.conf') AS f`,
    `SELECT pg_catalog.pg_ls_dir('.') AS f`,
    `SELECT pg_catalog.current_setting('archive_command') AS c`,
    `SELECT pg_catalog.current_setting('primary_conninfo') AS c`,
  ])('open nothing beside them: %s', (sql) => {
    expect(opened(sql)).not.toBeNull();
  });

  it('are the only reason to read the prefix of lines', () => {
    const sql = `SELECT pg_catalog.current_setting('log_line_prefix') AS p`;
    expect([opened(sql), closed(sql)]).toEqual([null, 'SETTING']);
  });
});
