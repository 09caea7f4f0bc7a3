import { observe } from '../../sdk/index.ts';
import { bool, integer, query, type RowOf, text, textOrNull } from '../columns.ts';
import { type CatalogRead, known, type Reader, serverEntity } from './reader.ts';

export const access = query('access', 1, {
  role: text,
  rolsuper: bool,
  rolcreatedb: bool,
  rolcreaterole: bool,
  rolreplication: bool,
  rolbypassrls: bool,
  member_of: textOrNull,
  other_memberships: integer,
  writable_tables: integer,
  readable_tables: integer,
  readable_views: textOrNull,
  owned_objects: integer,
  creatable_schemas: integer,
  creates_schemas: bool,
  dangerous_functions: textOrNull,
  definer_functions: integer,
});

export type Rights = RowOf<typeof access>;

/** The server puts lists into one column; names of views and roles with a comma are not among what policies can name. */
export function listed(names: string | null): readonly string[] {
  return names === null || names === '' ? [] : names.split(',');
}

/** What we may do here, so that a reader of the evidence can tell a quiet server from a blind role. */
const readAccess: Reader = async (context) => {
  const asked = await context.ask(access);
  return {
    records: asked.rows.map((row) =>
      observe({
        stream: 'access',
        class: 'state',
        entity: serverEntity(context),
        key: 'access',
        occurredAt: asked.facts.now,
        body: known({
          role: row.role,
          superuser: row.rolsuper,
          creates_databases: row.rolcreatedb,
          creates_roles: row.rolcreaterole,
          replicates: row.rolreplication,
          bypasses_row_security: row.rolbypassrls,
          member_of: listed(row.member_of),
          other_memberships: row.other_memberships,
          writable_tables: row.writable_tables,
          readable_tables: row.readable_tables,
          readable_views: listed(row.readable_views),
          owned_objects: row.owned_objects,
          creatable_schemas: row.creatable_schemas,
          creates_schemas: row.creates_schemas,
          dangerous_functions: listed(row.dangerous_functions),
          definer_functions: row.definer_functions,
          tls: asked.facts.tls,
        }),
      }),
    ),
    read: asked.rows.length,
  };
};

export const accessReads: readonly CatalogRead[] = [{ query: access, read: readAccess }];
