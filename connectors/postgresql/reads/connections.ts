import { observe } from '../../sdk/index.ts';
import { integer, integerOrNull, query, type RowOf, textOrNull, tokenOrNull } from '../columns.ts';
import {
  type CatalogRead,
  inScope,
  known,
  type Reader,
  serverEntity,
  statsGap,
  truncationGap,
} from './reader.ts';

export const connections = query('connections', 1_000, {
  database: textOrNull,
  usename: textOrNull,
  application_name: textOrNull,
  backend_type: tokenOrNull,
  state: tokenOrNull,
  wait_event_type: tokenOrNull,
  backends: integer,
  max_connections: integer,
  superuser_reserved: integer,
  reserved: integerOrNull, // since PostgreSQL 16
});

type Group = RowOf<typeof connections>;

/** From here on a burst of logins is enough to lock the application out. */
export const SATURATED_PERCENT = 80;
const MAX_GROUPS = 100;
const MAX_NAMES = 20;

/** Backends against the limit. Only client backends count towards max_connections; walsenders have their own. */
const readConnections: Reader = async (context) => {
  const asked = await context.ask(connections);
  const limits = asked.rows[0];
  if (limits === undefined) return { records: statsGap(asked, 'connections'), read: 0 };
  const clients = asked.rows.filter(isClient);
  const used = total(clients);
  const { reserved, usable, percent } = usageOf(used, limits);
  const visible = asked.rows.filter((row) => inScope(context, row.database));
  return {
    records: [
      observe({
        stream: 'connections',
        class: percent >= SATURATED_PERCENT ? 'symptom' : 'state',
        entity: serverEntity(context),
        key: 'connections',
        occurredAt: asked.facts.now,
        body: {
          used,
          max_connections: limits.max_connections,
          superuser_reserved: limits.superuser_reserved,
          reserved,
          usable,
          used_percent: percent,
          active: inState(clients, 'active'),
          idle: inState(clients, 'idle'),
          idle_in_transaction: inState(clients, 'idle_in_transaction', 'idle_in_transaction_aborted'),
          waiting_on_lock: total(clients.filter((row) => row.wait_event_type === 'Lock')),
          hidden: total(clients.filter((row) => row.backend_type === null)),
          groups: groups(visible),
          users: most(visible, (row) => row.usename).map(([user, backends]) => ({ user, backends })),
          applications: most(
            visible.filter((row) => isClient(row) && row.application_name !== ''),
            (row) => row.application_name,
          ).map(([application_name, backends]) => ({ application_name, backends })),
        },
      }),
      ...statsGap(asked, 'connections'),
      ...truncationGap(asked, 'connections'),
    ],
    read: asked.rows.length,
  };
};

/** What ordinary roles can use of the server's connections, and how much of it is used, in percent. */
export function usageOf(
  used: number,
  limits: Pick<Group, 'max_connections' | 'superuser_reserved' | 'reserved'>,
): { readonly reserved: number; readonly usable: number; readonly percent: number } {
  const reserved = limits.reserved ?? 0;
  const usable = limits.max_connections - limits.superuser_reserved - reserved;
  return { reserved, usable, percent: Math.round((used / Math.max(1, usable)) * 1_000) / 10 };
}

/** Without pg_read_all_stats the type of others' backends is blank; those of a database are nearly all clients. */
function isClient(row: Group): boolean {
  return row.backend_type === 'client_backend' || (row.backend_type === null && row.database !== null);
}

function total(rows: readonly Group[]): number {
  return rows.reduce((sum, row) => sum + row.backends, 0);
}

function inState(rows: readonly Group[], ...states: readonly string[]): number {
  return total(rows.filter((row) => row.state !== null && states.includes(row.state)));
}

function groups(rows: readonly Group[]): readonly object[] {
  const merged = new Map<string, Group>();
  for (const row of rows) {
    const key = JSON.stringify([row.database, row.backend_type, row.state, row.wait_event_type]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? row : { ...known, backends: known.backends + row.backends });
  }
  return [...merged.values()]
    .sort((a, b) => b.backends - a.backends)
    .slice(0, MAX_GROUPS)
    .map(({ database, backend_type, state, wait_event_type, backends }) =>
      known({ database, backend_type, state, wait_event_type, backends }),
    );
}

/** The names with the most backends. */
function most(
  rows: readonly Group[],
  nameOf: (row: Group) => string | null,
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + row.backends);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, MAX_NAMES);
}

export const connectionsReads: readonly CatalogRead[] = [{ query: connections, read: readConnections }];
