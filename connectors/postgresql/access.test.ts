import { expect, it } from 'vitest';
import { loadManifest } from '../sdk/testing/index.ts';
import { describeStreams, EXCESSIVE_ROLES, excessOf } from './access.ts';
import type { Query } from './columns.ts';
import type { Rights } from './reads/access.ts';
import type { Asked } from './reads/reader.ts';

const EXTENSION = { id: '16400', name: 'pg_stat_statements', version: '1.9', schema: 'public' };

/** Answers with the extensions of an old server, and takes down what it was asked. */
function server(rows: readonly (typeof EXTENSION)[]) {
  const questions: string[] = [];
  const ask = async <R>({ id }: Query<R>): Promise<Asked<R>> => {
    questions.push(id);
    const facts = { now: '2026-11-21T00:14:02.000Z', role: 'exhibit', database: 'orders', version: 150_012 };
    return {
      rows: rows as readonly unknown[] as readonly R[],
      facts: { ...facts, readsStats: true },
      truncated: false,
    };
  };
  return { ask, questions };
}

it('says with one question which streams the server has, and does not look through rights for it', async () => {
  const { ask, questions } = server([EXTENSION]);
  const streams = await describeStreams({ ask }, ['wal', 'io', 'statements'], new Map());
  expect(streams).toEqual([
    { stream: 'wal', available: true },
    { stream: 'io', available: false, reason: expect.stringContaining('16') },
    { stream: 'statements', available: true },
  ]);
  expect(questions).toEqual(['extensions']);
});

it('says why no statements can be counted', async () => {
  const streams = await describeStreams(server([]), ['statement_load'], new Map());
  expect(streams).toEqual([
    {
      stream: 'statement_load',
      available: false,
      reason: 'The extension is not installed in this database.',
    },
  ]);
});

it('tells of no right that the manifest does not name', () => {
  const attributes = { rolcreatedb: true, rolcreaterole: true, rolreplication: true, rolbypassrls: true };
  const counts = { other_memberships: 1, owned_objects: 2, writable_tables: 3, readable_tables: 4 };
  const lists = { readable_views: 'rca.jobs', dangerous_functions: 'pg_ls_logdir' };
  const others = { creatable_schemas: 5, creates_schemas: true, definer_functions: 6 };
  const member_of = EXCESSIVE_ROLES.join(',');
  const all = { ...attributes, ...counts, ...lists, ...others, member_of } as unknown as Rights;
  const told = new Set([false, true].flatMap((rolsuper) => excessOf({ ...all, rolsuper })));
  const { rights } = loadManifest(import.meta.dirname);
  const unnamed = [...told].filter(
    (right) =>
      !rights.some((one) => (one.endsWith('*') ? right.startsWith(one.slice(0, -1)) : one === right)),
  );
  expect([told.size, unnamed]).toEqual([5 + EXCESSIVE_ROLES.length + 9, []]);
});
