import { loadModule, parseSync } from 'libpg-query';
import { type Catalog, makeCatalog } from './sql/catalog/index.ts';
import { type KnownRelation, overlay } from './sql/known-relations.ts';
import { logFunctions } from './sql/log-functions.ts';
import { collectNames } from './sql/nodes.ts';
import type { Context } from './sql/scope.ts';
import { agree, covers, secondLook } from './sql/second-look.ts';
import { checkSelect } from './sql/select.ts';
import { checkShape } from './sql/shape.ts';
import { type SlotStep, slotFunctions } from './sql/slots.ts';
import { checkText } from './sql/text.ts';
import { Refusal, SQL_DENY_CODES, type SqlDenyCode, type SqlVerdict } from './sql/verdict.ts';

export type { KnownRelation } from './sql/known-relations.ts';
export { SAFE_SETTINGS } from './sql/settings.ts';
export { SLOT_STEPS, type SlotStep } from './sql/slots.ts';
export { MAX_SQL_BYTES } from './sql/text.ts';
export { type SqlDenyCode, type SqlVerdict } from './sql/verdict.ts';

export interface SqlTemplateOptions {
  /** Refuse relations and functions that are written without their schema. Default: false. */
  readonly requireQualified?: boolean;
  /** Schemas in which extensions are expected to live. Default: `public`. */
  readonly extensionSchemas?: readonly string[];
  /** Relations outside the catalogs that this one statement may read, with the columns that it may read of them. */
  readonly relations?: readonly KnownRelation[];
  /** What this one statement does to a replication slot; absent: nothing. */
  readonly slot?: SlotStep | undefined;
  /** Whether this one statement may list and read the files of the server log. */
  readonly serverLog?: boolean | undefined;
}

/** What the definition of a view may touch. */
export interface SqlViewOptions {
  /** Base tables, with all columns that they have on that server. */
  readonly relations: readonly KnownRelation[];
  /** Catalog relations, `pg_catalog.<name>`; of each the columns that a template may read. */
  readonly catalogs: ReadonlySet<string>;
  /** `schema.name` of enumerations. */
  readonly enums: ReadonlySet<string>;
}

/**
 * Decides from the text of a statement whether it may be shipped as a read: one SELECT of listed catalog columns
 * through listed functions, whose cost the text bounds. Pure and synchronous; never throws.
 */
export interface SqlGuard {
  template(sql: string, options?: SqlTemplateOptions): SqlVerdict;
  /**
   * Decides about the definition of a view as `pg_get_viewdef` prints it under a search path of pg_catalog alone: one
   * SELECT of the relations named and of no other, through listed functions that do not change from call to call.
   */
  view(definition: string, options: SqlViewOptions): SqlVerdict;
  /** Always denies: text that nobody shipped is never run. Still says what the text would have touched. */
  freeform(sql: string): SqlVerdict;
}

/** Loads PostgreSQL's parser (WebAssembly) once per process. */
export async function loadSqlGuard(): Promise<SqlGuard> {
  await loadModule();
  const catalogs = new Map<string, Catalog>();
  const catalogOf = (schemas: readonly string[]): Catalog => {
    const known = catalogs.get(schemas.join('.')) ?? makeCatalog(schemas);
    catalogs.set(schemas.join('.'), known);
    return known;
  };
  return {
    template: (sql, options = {}) => judge(sql, newContext(options, catalogOf)),
    view: (definition, options) => judge(definition, viewContext(options, catalogOf(['public']))),
    freeform: judgeFreeform,
  };
}

interface Parsed {
  readonly statements: readonly { readonly stmt?: object }[];
  readonly relations: readonly string[];
  readonly functions: readonly string[];
}

function judge(sql: string, context: Context): SqlVerdict {
  let parsed: Parsed = { statements: [], relations: [], functions: [] };
  try {
    checkText(sql);
    parsed = parse(sql);
    return allow(parsed, context);
  } catch (error) {
    const isCovered = covers(secondLook(parsed.statements), context);
    return deny(isCovered ? error : new Refusal('DISAGREEMENT'), parsed);
  }
}

function judgeFreeform(sql: string): SqlVerdict {
  let parsed: Parsed = { statements: [], relations: [], functions: [] };
  try {
    checkText(sql);
    parsed = parse(sql);
  } catch {
    // Denied all the same; what could not be parsed touches nothing.
  }
  return deny(new Refusal('FREEFORM', undefined, 'ask for a read by its name'), parsed);
}

function parse(sql: string): Parsed {
  try {
    const tree = parseSync(sql);
    const statements = tree.stmts ?? [];
    return { statements, ...collectNames(statements) };
  } catch {
    throw new Refusal('PARSE_ERROR');
  }
}

function allow(parsed: Parsed, context: Context): SqlVerdict {
  const [first, ...more] = parsed.statements;
  if (first?.stmt === undefined) throw new Refusal('PARSE_ERROR', 'there is no statement');
  if (more.length > 0) throw new Refusal('MULTIPLE_STATEMENTS');
  if (!('SelectStmt' in first.stmt)) throw new Refusal('NOT_SELECT', Object.keys(first.stmt)[0]);
  const found = checkShape(first.stmt);
  const derived = checkSelect(first.stmt.SelectStmt as object, null, new Map(), context, false);
  for (const node of found) if (!context.visited.has(node)) throw new Refusal('INTERNAL');
  if (!agree(context, secondLook(first.stmt))) throw new Refusal('DISAGREEMENT');
  return {
    verdict: 'allow',
    code: null,
    reason: null,
    relations: [...context.relations].sort(),
    functions: [...context.functions].sort(),
    statements: 1,
    columns: [...context.columns].sort(),
    outputs: derived.columns.map((column) => column.name),
  };
}

function newContext(
  options: SqlTemplateOptions,
  catalogOf: (schemas: readonly string[]) => Catalog,
): Context {
  const extensionSchemas = options.extensionSchemas ?? ['public'];
  return {
    ...emptyContext(),
    options: {
      requireQualified: options.requireQualified ?? false,
      refuseVolatile: false,
      digestSettings: true,
      functions: new Map([...slotFunctions(options.slot), ...logFunctions(options.serverLog)]),
    },
    catalog: overlay(catalogOf(extensionSchemas), options.relations ?? []),
    extensionSchemas: new Set(extensionSchemas),
  };
}

function viewContext({ relations, catalogs, enums }: SqlViewOptions, catalog: Catalog): Context {
  const declared: Catalog = {
    find: (schema, name) =>
      catalogs.has(`${schema ?? 'pg_catalog'}.${name}`) ? catalog.find(schema, name) : undefined,
  };
  return {
    ...emptyContext(),
    options: {
      requireQualified: false,
      refuseVolatile: true,
      digestSettings: false,
      functions: slotFunctions(undefined),
    },
    catalog: overlay(declared, relations),
    extensionSchemas: new Set(),
    enums,
  };
}

function emptyContext(): Omit<Context, 'options' | 'catalog' | 'extensionSchemas'> {
  return {
    enums: new Set(),
    relations: new Set(),
    functions: new Set(),
    columns: new Set(),
    visited: new Set(),
    values: new WeakMap(),
    select: checkSelect,
  };
}

function deny(error: unknown, parsed: Parsed): SqlVerdict {
  const refusal = error instanceof Refusal ? error : new Refusal('INTERNAL');
  const code: SqlDenyCode = refusal.code;
  return {
    verdict: 'deny',
    code,
    reason: refusal.message || SQL_DENY_CODES[code],
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    relations: parsed.relations,
    functions: parsed.functions,
    statements: parsed.statements.length,
  };
}
