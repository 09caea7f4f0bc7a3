import type { Catalog, CatalogRelation } from './catalog/index.ts';

/** A relation that no list of ours knows: one that a policy names, with columns that the policy or the server names. */
export interface KnownRelation {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/** The catalog, and those. What they cost is not known from a text: the planner is asked before they are read. */
export function overlay(catalog: Catalog, relations: readonly KnownRelation[]): Catalog {
  if (relations.length === 0) return catalog;
  const byName = new Map(
    relations.map((relation) => [`${relation.schema}.${relation.name}`, entry(relation)]),
  );
  return {
    find: (schema, name) => {
      const known = schema === undefined ? undefined : byName.get(`${schema}.${name}`);
      return known ?? catalog.find(schema, name);
    },
  };
}

function entry({ schema, name, columns }: KnownRelation): CatalogRelation {
  return {
    schema,
    name,
    rows: 1,
    columns: new Map(columns.map((column) => [column, { name: column, access: 'read', fanOut: 1 }])),
    exact: true,
  };
}
