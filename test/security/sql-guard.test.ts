import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readFilesOf } from '../../connectors/sdk/index.ts';
import { loadManifest } from '../../connectors/sdk/testing/index.ts';
import { loadSqlGuard, type SqlGuard } from '../../policies/guards/sql.ts';
import { type Attack, attacks, baseAttacks } from './sql-guard-corpus.ts';
import { MUTATIONS, tokensOf } from './sql-guard-mutations.ts';
import { POSITIONS, SHAPES } from './sql-guard-payloads.ts';

const QUERIES = new URL('../../connectors/postgresql/queries/', import.meta.url);
/** Those that need no exception of their own: `proveReads` ties those to the flag of one read, see guards/reads.test.ts. */
const shipped = ordinaryReads(join(import.meta.dirname, '../../connectors/postgresql'));

function ordinaryReads(folder: string): readonly string[] {
  const files = readdirSync(join(folder, 'queries')).map((name) => `queries/${name}`);
  return loadManifest(folder)
    .reads.filter(
      ({ capability, mode, language }) =>
        capability === undefined && mode === 'full' && language === 'sql/postgresql',
    )
    .flatMap((read) => readFilesOf(read, files).map(({ file }) => basename(file)));
}

let guard: SqlGuard;

beforeAll(async () => {
  guard = await loadSqlGuard();
});

/** Judges all and keeps what a failure must show. */
function judgeAll(all: Iterable<Attack>): {
  count: number;
  accepted: string[];
  unparsed: number;
  internal: string[];
} {
  const accepted: string[] = [];
  const internal: string[] = [];
  let count = 0;
  let unparsed = 0;
  for (const { sql, origin } of all) {
    const { verdict, code } = guard.template(sql);
    count += 1;
    if (verdict === 'allow') accepted.push(`${origin}: ${sql}`);
    if (code === 'INTERNAL' || code === 'DISAGREEMENT') internal.push(`${origin}: ${sql}`);
    if (code === 'PARSE_ERROR') unparsed += 1;
  }
  return { count, accepted, unparsed, internal };
}

describe('places of the attack corpus', () => {
  it.each(POSITIONS)('accepts a harmless expression: %s', (position) => {
    expect(guard.template(position.replaceAll('@', 'c.relname'))).toMatchObject({ verdict: 'allow' });
  });

  it.each(SHAPES)('accepts a harmless source: %s', (shape) => {
    expect(guard.template(shape.replaceAll('@', '(SELECT 1 AS one) AS b'))).toMatchObject({
      verdict: 'allow',
    });
  });
});

describe('attack corpus', () => {
  it('refuses every payload in every place, however it is written', () => {
    const { count, accepted, unparsed, internal } = judgeAll(attacks(3));
    expect(accepted).toEqual([]);
    expect(internal).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(20_000);
    // What the parser itself refuses shows nothing about the guard.
    expect(unparsed / count).toBeLessThan(0.03);
  });

  it('refuses all of it as free-form text, and still says what it touches', () => {
    const codes = new Set<string | null>();
    for (const { sql } of baseAttacks()) codes.add(guard.freeform(sql).code);
    expect([...codes]).toEqual(['FREEFORM']);
    expect(guard.freeform('SELECT pg_read_file(o.path) FROM public.orders o')).toMatchObject({
      verdict: 'deny',
      relations: ['public.orders'],
      functions: ['pg_read_file'],
      statements: 1,
    });
  });
});

describe('shipped queries', () => {
  it.each(shipped)('%s is proved, with every name qualified', (name) => {
    const sql = readFileSync(new URL(name, QUERIES), 'utf8');
    expect(guard.template(sql, { requireQualified: true })).toMatchObject({ verdict: 'allow' });
  });

  it.each(shipped)('%s is the same statement however it is written', (name) => {
    const sql = readFileSync(new URL(name, QUERIES), 'utf8');
    const tokens = tokensOf(sql).filter((token) => !token.tokenName.endsWith('_COMMENT'));
    const plain = guard.template(tokens.map((token) => token.text).join(' '));
    for (const mutation of MUTATIONS) {
      const { code, relations, functions, columns } = guard.template(mutation.apply(tokens));
      // Some of these ways make it longer than a template may be, which is a refusal too.
      if (code === 'TOO_LONG') continue;
      expect([mutation.name, code, relations, functions, columns]).toEqual([
        mutation.name,
        null,
        plain.relations,
        plain.functions,
        plain.columns,
      ]);
    }
  });
});
