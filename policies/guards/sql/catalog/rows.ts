/**
 * How a catalog relation is written down: an upper guess of its rows and all its columns, each with at most one mark.
 * A column without a mark may be read.
 *
 *   !  may be read; identifies one row
 *   +  may be read; few rows share a value
 *   -  never read: holds data of users, code, comments or credentials
 *   ~  code: may be digested with md5() or hashtextextended() and nothing else, or asked whether it IS NULL; presence is metadata
 *   ?  a value of users: may be asked whether it IS NULL
 *   =  `name=value` pairs: may be taken apart by pg_options_to_table(), or digested like code
 *   @  read only where the row is proved harmless (see `settings.ts`), or digested like code where it is of another list there
 *
 * Columns that must not be read are listed too, because SQL resolves names to them.
 */
export type RelationTable = Readonly<Record<string, readonly [rows: number, columns: string]>>;

/** Generous upper guesses for a large database; they bound joins, they are not statistics. */
export const ONE = 1;
export const SMALL = 1_000;
export const USUAL = 10_000;
export const LARGE = 100_000;

/** How many rows share a value of a `+` column. */
export const FEW = 32;

export type Access = 'read' | 'never' | 'code' | 'presence' | 'options' | 'proved';

export interface CatalogColumn {
  readonly name: string;
  readonly access: Access;
  /** At most this many rows of the relation share a value. */
  readonly fanOut: number;
}

export interface CatalogRelation {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, CatalogColumn>;
  /** The columns were asked of the server: there are no others that a name could mean. */
  readonly exact?: true;
}

const ACCESS: Readonly<Record<string, Access>> = {
  '-': 'never',
  '~': 'code',
  '?': 'presence',
  '=': 'options',
  '@': 'proved',
};

export function readTable(schema: string, table: RelationTable): readonly CatalogRelation[] {
  return Object.entries(table).map(([name, [rows, columns]]) => ({
    schema,
    name,
    rows,
    columns: new Map(columns.split(/\s+/).map((text) => [unmarked(text), readColumn(text, rows)])),
  }));
}

function readColumn(text: string, rows: number): CatalogColumn {
  const mark = text.slice(unmarked(text).length);
  const fanOut = mark === '!' ? 1 : mark === '+' ? Math.min(FEW, rows) : rows;
  return { name: unmarked(text), access: ACCESS[mark] ?? 'read', fanOut };
}

function unmarked(text: string): string {
  return text.replace(/[!+~?=@-]$/, '');
}
