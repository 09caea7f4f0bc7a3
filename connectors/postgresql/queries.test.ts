import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataClass, Treatment } from '../sdk/index.ts';
import { loadManifest, loadReads } from '../sdk/testing/index.ts';
import { STREAMS } from './collect.ts';
import { READS } from './reads/index.ts';

const manifest = loadManifest(import.meta.dirname);
const reads = loadReads(import.meta.dirname);
const QUERIES = READS.flatMap(({ query, steps = [] }) => [query, ...steps]);

/** Where user data, credentials, code and query texts live in the catalogs. */
const NEVER = [
  /\bpg_stats\b/,
  /\bpg_statistic\b/,
  /\bpg_authid\b/,
  /\bpg_shadow\b/,
  /\bpg_largeobject\b/,
  /\bpg_description\b/,
  /\brolpassword\b/,
  /\bconninfo\b/,
  /\bclient_(addr|hostname)\b/,
  /\bumoptions\b/,
  /\bgid\b/,
  /\.query\b/,
];
/** Functions that open a relation, and so wait behind a lock on it; and casts that look one up by name. */
const OPENS =
  /\b(pg_\w*_size|pg_get_\w+def|pg_get_expr|pg_relation_\w+|obj_description|to_reg\w+|table_to_xml)\b|::\s*reg/;
/** Columns whose text is code or may quote data: only a digest of them may leave the server. */
const DIGEST_ONLY = /\b(prosrc|prosqlbody|adbin|conbin|ev_action|indexprs|indpred|tgqual|enumlabel)\b/g;

const CONSOLE = new Set(
  manifest.reads.filter((read) => read.language === 'pgbouncer').map((read) => read.id),
);

describe.each([...reads].filter(([key]) => CONSOLE.has(key)))('%s', (_, text) => {
  it('is a statement that the console of a pooler only answers', () => {
    expect(['SHOW POOLS\n', 'SHOW DATABASES\n', 'SHOW STATS\n']).toContain(text);
  });
});

describe.each([...reads].filter(([key]) => !CONSOLE.has(key)))('%s', (key, text) => {
  const id = key.replace(/@.*/, '');
  const body = text.replaceAll(/^\s*--.*$/gm, '').replaceAll('IS DISTINCT FROM', '<>');

  it('says its name and is one bounded SELECT', () => {
    expect(text.startsWith(`-- exhibit:${id}\n`)).toBe(true);
    expect(body.trim()).toMatch(/^(SELECT|WITH)\b/);
    expect(body).not.toContain(';');
    expect(body).not.toMatch(/\bSELECT\s+(\w+\.)?\*|,\s*\w+\.\*/);
    expect(body).not.toMatch(/\bFOR\s+(UPDATE|SHARE|NO KEY|KEY)\b/i);
  });

  it('stops one row after the last that is used', () => {
    const limit = /\nLIMIT (\d+)\n$/.exec(text)?.[1];
    expect(Number(limit)).toBe((QUERIES.find((query) => query.id === id)?.maxRows ?? -1) + 1);
  });

  it('names no column that holds data, and no function that opens a relation', () => {
    // The one exception, and only of the texts that the server has taken the constants out of.
    const named = id === 'statement_texts' ? body.replace(/\bs\.query\b/g, 'text') : body;
    for (const pattern of NEVER) expect(named).not.toMatch(pattern);
    expect(body).not.toMatch(OPENS);
  });

  it('reads definitions only inside a digest', () => {
    expect(outsideDigests(body).match(DIGEST_ONLY)).toBeNull();
  });

  it('qualifies every relation and every function', () => {
    const relations = [...body.matchAll(/\b(?:FROM|JOIN)\s+(?!LATERAL\b)([a-z_.]+)/g)].map(
      (match) => match[1] ?? '',
    );
    const local = new Set(
      [...body.matchAll(/(?:WITH|,)\s*\n?([a-z_]+) AS (?:MATERIALIZED )?\(/g)].map((match) => match[1]),
    );
    for (const name of relations) expect(local.has(name) || /^(pg_catalog|public)\./.test(name)).toBe(true);
    const calls = [...body.matchAll(/(?<![\w.])([a-z_]\w*)\(/g)].map((match) => match[1] ?? '');
    // Part of the grammar and not functions that somebody could put another in the place of.
    expect(calls.filter((call) => !['coalesce', 'greatest', 'least'].includes(call))).toEqual([]);
  });
});

const DIGESTS = ['pg_catalog.md5(', 'pg_catalog.hashtextextended('];

/** The text without what is inside `pg_catalog.md5(…)` and `pg_catalog.hashtextextended(…)`. */
function outsideDigests(text: string): string {
  let outside = '';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digest = depth === 0 ? DIGESTS.find((call) => text.startsWith(call, at)) : undefined;
    if (digest !== undefined) {
      depth = 1;
      at += digest.length - 1;
    } else if (depth > 0) {
      depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    } else {
      outside += text[at];
    }
  }
  return outside;
}

describe('manifest, code and folder', () => {
  const ids = manifest.reads.map((read) => read.id).sort();

  it('have the same reads', () => {
    expect(READS.map(({ query }) => query.id).sort()).toEqual(ids);
    const files = [...reads.keys()].map((key) => `${key.replace(/[@/]/, '.')}.sql`);
    expect(readdirSync(join(import.meta.dirname, 'queries')).sort()).toEqual(files.sort());
  });

  it('have the same streams', () => {
    expect([...STREAMS].sort()).toEqual(manifest.streams.map((stream) => stream.id).sort());
  });

  it('keep no text and name nobody', () => {
    const required: Partial<Record<DataClass, Treatment>> = { text: 'drop', person: 'pseudonymize' };
    const fields = manifest.streams.flatMap((stream) => Object.entries(stream.fields));
    const lax = fields.filter(([, field]) => field.treatment !== (required[field.class] ?? 'keep'));
    expect(lax.map(([path]) => path)).toEqual([]);
    const people = fields.filter(([path]) => /(^|[_.])(user|role)$/.test(path));
    expect(people.length).toBeGreaterThan(5);
    expect(people.filter(([, field]) => field.class !== 'person')).toEqual([]);
  });

  it('budget enough rows and calls for each read', () => {
    for (const read of manifest.reads) {
      const own = QUERIES.find((query) => query.id === read.id)?.maxRows ?? Number.POSITIVE_INFINITY;
      expect({ id: read.id, enough: read.budget.rows >= own }).toEqual({ id: read.id, enough: true });
    }
  });
});
