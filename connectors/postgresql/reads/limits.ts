import { observe } from '../../sdk/index.ts';
import { bool, instantOrNull, integer, query, type RowOf, textOrNull, token } from '../columns.ts';
import { SATURATED_PERCENT } from './connections.ts';
import {
  type CatalogRead,
  databaseEntity,
  inScope,
  known,
  type ReadContext,
  type Reader,
  scopeOf,
  serverEntity,
  truncationGap,
} from './reader.ts';
import { percentOf } from './steps.ts';

export const connectionLimits = query('connection_limits', 500, {
  kind: token,
  database: textOrNull,
  usename: textOrNull,
  connection_limit: integer, // -1: none; -2: a database whose DROP was interrupted
  is_open: bool,
  used: integer,
  password_valid_until: instantOrNull,
});

type Limit = RowOf<typeof connectionLimits>;

/** `pg_database.datconnlimit` of a database that a DROP left behind half way; nobody can connect to it again. */
const INVALID = -2;

/**
 * The limits of single roles and databases, which turn clients away while the server has room; with who is closed
 * altogether and whose password has just run out, because it looks the same from outside.
 */
const readConnectionLimits: Reader = async (context) => {
  const asked = await context.ask(connectionLimits);
  const rows = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      ...rows.map((row) => limitRecord(context, row, asked.facts.now)),
      ...truncationGap(asked, 'connection_limits'),
    ],
    read: asked.rows.length,
  };
};

function limitRecord(context: ReadContext, row: Limit, now: string) {
  const limit = row.connection_limit >= 0 ? row.connection_limit : undefined;
  const reasons = reasonsOf(row, now);
  return observe({
    stream: 'connection_limits',
    class: reasons.length > 0 ? 'symptom' : 'state',
    entity: row.database === null ? serverEntity(context) : databaseEntity(context, row.database),
    // The name of a role is that of a person: a key must not say it.
    key: row.usename === null ? 'connection_limit' : `connection_limit/${context.digest(row.usename)}`,
    occurredAt: now,
    ...scopeOf(row.database),
    body: known({
      kind: row.kind,
      database: row.database,
      user: row.usename,
      connection_limit: limit,
      used: row.used,
      used_percent: percentOf(row.used, limit),
      is_open: row.is_open && row.connection_limit !== INVALID,
      password_valid_until: row.password_valid_until,
      reasons,
    }),
  });
}

/** A limit of 0 and a closed database are somebody's decision and stay as they are: state, and no symptom. */
function reasonsOf(row: Limit, now: string): readonly string[] {
  const percent = percentOf(row.used, row.connection_limit) ?? 0;
  const until = row.password_valid_until;
  return [
    ...(percent >= 100 ? ['limit_reached'] : percent >= SATURATED_PERCENT ? ['limit_near'] : []),
    ...(row.connection_limit === INVALID ? ['database_invalid'] : []),
    ...(until === null ? [] : [until <= now ? 'password_expired' : 'password_expires']),
  ];
}

export const limitsReads: readonly CatalogRead[] = [{ query: connectionLimits, read: readConnectionLimits }];
