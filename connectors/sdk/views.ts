/** A view of a database that a policy lets be read: what of it, and within which limits. Made by `policies/admit`. */
export interface AdmittedView {
  /** `<schema>.<name>`; both are lower case letters, digits and underscores. */
  readonly view: string;
  readonly schema: string;
  readonly name: string;
  /** Columns that may be read, in the policy's order. Columns with the treatment `drop` are not among them. */
  readonly columns: readonly AdmittedColumn[];
  /** Columns that the policy names in order to leave them out: nobody needs to be told that they are there. */
  readonly ignored: readonly string[];
  readonly maxRows: number;
  /** Rows whose `column` is less than `atLeast` never leave the server; they are counted. */
  readonly groupSize?: { readonly column: string; readonly atLeast: number };
  /** Base tables, and catalog relations as `pg_catalog.<name>`, that the definition may read: all of them. */
  readonly from: readonly string[];
  /** `sha256:<hex>` of the definition that was reviewed; absent: the first that is seen counts as reviewed. */
  readonly definition?: string;
  /** Digest of all that the policy says about this view: another one means that somebody has looked at it again. */
  readonly review: string;
}

export interface AdmittedColumn {
  readonly name: string;
  /** Numbers, times and truth values go on as such, or all values as the server writes them. */
  readonly as: 'value' | 'text';
  /** Its smallest and largest value may be told. */
  readonly isKept: boolean;
}

/** A statement that the SQL guard has proved to read these columns of this view and nothing else. */
export interface ProvenStatement {
  readonly text: string;
  /** `sha256:<hex>` of the text. */
  readonly digest: string;
}

export interface TableColumns {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

export interface ViewDefinition {
  /** As `pg_get_viewdef` prints it while the search path is pg_catalog. */
  readonly text: string;
  /** The tables it depends on, as the server's catalogs say, with all their columns. */
  readonly tables: readonly TableColumns[];
  /** `schema.name` of enumerations whose labels it may compare with. */
  readonly enums: readonly string[];
}

export interface ViewVerdict {
  readonly isAllowed: boolean;
  /** Our own words, with names out of the definition; null when allowed. */
  readonly reason: string | null;
  /** `sha256:<hex>` of the definition's text. */
  readonly digest: string;
  /** `schema.name`, sorted. */
  readonly relations: readonly string[];
}

/** The SQL guard, as far as a connector needs it: handed in, because connectors import no policies. */
export interface ViewGuard {
  /** Column aliases are the columns' names; `KEPT` is there with a group size. Throws ConnectorError INTERNAL. */
  statement(view: AdmittedView): Promise<ProvenStatement>;
  definition(view: AdmittedView, definition: ViewDefinition): Promise<ViewVerdict>;
}
