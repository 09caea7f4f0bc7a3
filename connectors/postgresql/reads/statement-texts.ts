import { observe } from '../../sdk/index.ts';
import { bool, query, textOrNull } from '../columns.ts';
import {
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type Reader,
  scopeOf,
  serverEntity,
  statsGap,
} from './reader.ts';
import { extensionGap, queryId } from './statements.ts';

const statementTexts = query('statement_texts', 100, {
  queryid: queryId,
  toplevel: bool,
  database: textOrNull,
  query_text: textOrNull,
});

/**
 * Texts of the statements that took most time, with $1, $2, … in the place of constants. It runs only where a policy's
 * flag gives the capability, and even then the text is dropped unless the policy opens the field to the detectors.
 */
const readStatementTexts: Reader = async (context) => {
  const absent = await extensionGap(context, 'statement_texts');
  if (absent !== undefined) return { records: [absent], read: 0 };
  const asked = await context.ask(statementTexts);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) =>
        observe({
          stream: 'statement_texts',
          class: 'state',
          entity: row.database === null ? serverEntity(context) : databaseEntity(context, row.database),
          key: `${row.queryid}/${row.toplevel ? 'top' : 'nested'}`,
          occurredAt: asked.facts.now,
          ...scopeOf(row.database),
          body: known({
            query_id: row.queryid,
            toplevel: row.toplevel,
            database: row.database,
            text: row.query_text,
          }),
        }),
      ),
      ...statsGap(asked, 'statement_texts'),
    ],
    read: asked.rows.length,
  };
};

export const statementTextsReads: readonly CatalogRead[] = [
  { query: statementTexts, read: readStatementTexts },
];
