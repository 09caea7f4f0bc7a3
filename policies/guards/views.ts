import { hash } from 'node:crypto';
import {
  type AdmittedView,
  ConnectorError,
  type ProvenStatement,
  type ViewDefinition,
  type ViewGuard,
  type ViewVerdict,
} from '../../connectors/sdk/index.ts';
import { loadSqlGuard, type SqlVerdict } from './sql.ts';

/** The SQL guard for views that a policy names: makes the statements that read them, and judges their definitions. */
export function viewGuard(): ViewGuard {
  return {
    async statement(view) {
      const text = statementOf(view);
      const { template } = await loadSqlGuard();
      const columns = columnsRead(view);
      const relations = [{ schema: view.schema, name: view.name, columns }];
      return proven(view, text, template(text, { requireQualified: true, relations, extensionSchemas: [] }));
    },
    async definition(view, definition) {
      const { view: judge } = await loadSqlGuard();
      const catalogs = new Set(view.from.filter(isCatalog));
      const tables = definition.tables.filter(({ schema, name }) => view.from.includes(`${schema}.${name}`));
      const verdict = judge(definition.text, {
        relations: tables.filter(({ schema }) => schema !== 'pg_catalog'),
        catalogs,
        enums: new Set(definition.enums),
      });
      return judged(definition, verdict);
    },
  };
}

/**
 * One SELECT of the columns that the policy names, and one row more than it lets through, so that a cut can be seen.
 * Of a row that is about too few, everything is NULL before it leaves the server, but that it was there.
 */
function statementOf(view: AdmittedView): string {
  const { groupSize } = view;
  const kept = groupSize === undefined ? undefined : `v.${quoted(groupSize.column)} >= ${groupSize.atLeast}`;
  const columns = view.columns.map(({ name }) => {
    const column = `v.${quoted(name)}`;
    return `${kept === undefined ? column : `CASE WHEN ${kept} THEN ${column} END`} AS ${quoted(name)}`;
  });
  const flag = kept === undefined ? [] : [`coalesce(${kept}, false) AS "KEPT"`];
  const outputs = [...columns, ...flag].join(',\n       ');
  const source = `${quoted(view.schema)}.${quoted(view.name)}`;
  return `-- exhibit:views\nSELECT ${outputs}\nFROM ${source} AS v\nLIMIT ${view.maxRows + 1}\n`;
}

/** The policy's shape allows no other names; what came another way must not become SQL. */
function quoted(name: string): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return `"${name}"`;
  throw new ConnectorError('INTERNAL', 'a view of the policy has a name that is none');
}

function columnsRead({ columns, groupSize }: AdmittedView): readonly string[] {
  const names = columns.map(({ name }) => name);
  return [...new Set([...names, ...(groupSize === undefined ? [] : [groupSize.column])])];
}

/** The guard must have seen in the text what the policy says, no more and no less. */
function proven(view: AdmittedView, text: string, verdict: SqlVerdict): ProvenStatement {
  const columns = columnsRead(view).map((column) => `${view.view}.${column}`);
  const outputs = [
    ...view.columns.map(({ name }) => name),
    ...(view.groupSize === undefined ? [] : ['KEPT']),
  ];
  const isAsMeant =
    verdict.verdict === 'allow' &&
    same(verdict.relations, [view.view]) &&
    same(verdict.functions, []) &&
    same(verdict.columns ?? [], columns.sort()) &&
    same(verdict.outputs ?? [], outputs);
  if (!isAsMeant) throw new ConnectorError('INTERNAL', 'the statement for a view was not proved');
  return { text, digest: digestOf(text) };
}

function judged({ text, tables }: ViewDefinition, verdict: SqlVerdict): ViewVerdict {
  const { reason, relations } = verdict;
  const base = { digest: digestOf(text), relations };
  if (verdict.verdict !== 'allow') return { ...base, isAllowed: false, reason: reason ?? 'it was refused' };
  // The catalogs know what the text does not show: what a rule depends on and nobody can see in it.
  const known = tables.map(({ schema, name }) => `${schema}.${name}`).filter((name) => !isCatalog(name));
  const seen = relations.filter((name) => !isCatalog(name));
  if (same([...known].sort(), seen)) return { ...base, isAllowed: true, reason: null };
  return { ...base, isAllowed: false, reason: 'its text and its dependencies do not name the same tables' };
}

function isCatalog(name: string): boolean {
  return name.startsWith('pg_catalog.');
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function digestOf(text: string): string {
  return `sha256:${hash('sha256', text, 'hex')}`;
}
