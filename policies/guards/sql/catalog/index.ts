import { EXTENSIONS } from './extensions.ts';
import { INFORMATION_SCHEMA } from './information-schema.ts';
import { OBJECTS } from './objects.ts';
import { type CatalogRelation, readTable } from './rows.ts';
import { STATISTICS } from './statistics.ts';

export type { Access, CatalogColumn, CatalogRelation } from './rows.ts';

/** Relations that hold nothing we may read, with the reason; those that are in no list are refused as unknown. */
export const NEVER_READ: Readonly<Record<string, string>> = {
  pg_authid: 'holds password hashes; read pg_roles',
  pg_shadow: 'holds password hashes; read pg_roles',
  pg_user_mapping: 'holds the credentials of foreign servers; read pg_user_mappings',
  pg_description: 'holds comments, which are free text',
  pg_shdescription: 'holds comments, which are free text',
  pg_seclabel: 'holds free text',
  pg_seclabels: 'holds free text',
  pg_shseclabel: 'holds free text',
  pg_largeobject: 'holds user data',
  pg_largeobject_metadata: 'describes user data',
  pg_statistic: 'holds values of users; read the numbers in pg_stats',
  pg_statistic_ext_data: 'holds values of users',
  pg_stats_ext_exprs: 'holds values of users',
  pg_hba_file_rules: 'holds authentication rules and their secrets',
  pg_ident_file_mappings: 'holds authentication rules',
  pg_publication_tables: 'locks the published tables; read pg_publication_rel',
};

export interface Catalog {
  /** `undefined` when the name is on no list; an unqualified name is looked for where the pinned path looks. */
  find(schema: string | undefined, name: string): CatalogRelation | undefined;
}

/** The relations that may be read; extension views are looked for in the schemas given. */
export function makeCatalog(extensionSchemas: readonly string[]): Catalog {
  const relations = [
    ...readTable('pg_catalog', OBJECTS),
    ...readTable('pg_catalog', STATISTICS),
    ...readTable('information_schema', INFORMATION_SCHEMA),
    ...extensionSchemas.flatMap((schema) => readTable(schema, EXTENSIONS)),
  ];
  const byName = new Map(relations.map((relation) => [`${relation.schema}.${relation.name}`, relation]));
  return { find: (schema, name) => byName.get(`${schema ?? 'pg_catalog'}.${name}`) };
}
