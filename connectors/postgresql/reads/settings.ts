import { type JsonObject, type JsonValue, type Observed, observe, type Timestamp } from '../../sdk/index.ts';
import { bool, boolOrNull, query, type RowOf, text, textOrNull, token, tokenOrNull } from '../columns.ts';
import {
  type Asked,
  asObject,
  type CatalogRead,
  known,
  type ReadContext,
  type Reader,
  serverEntity,
  truncationGap,
} from './reader.ts';
import { keyMark, mark } from './remembered.ts';

export const settings = query('settings', 400, {
  name: text,
  value: textOrNull,
  fingerprint: textOrNull,
  unit: textOrNull,
  vartype: token,
  source: tokenOrNull,
  context: tokenOrNull,
  pending_restart: bool,
  changed: boolOrNull,
});

type Setting = RowOf<typeof settings>;
type Scalar = number | boolean | string;

const LAST_READ = 'last_read';
const DIGESTED_WITH = 'digested_with';

/** The allowlisted settings as they stand, and each that differs from the read before, also of those not told by value. */
const readSettings: Reader = async (context) => {
  const asked = await context.ask(settings);
  const rows = asked.rows.filter((row) => isHidden(row) || scalarOf(row) !== undefined);
  const set: Record<string, JsonValue> = {
    [LAST_READ]: asked.facts.now,
    [DIGESTED_WITH]: keyMark(context),
  };
  for (const row of rows) set[`setting/${row.name}`] = remembered(context, row);
  return {
    records: [
      inventory(context, asked, rows),
      ...rows.flatMap((row) => changesOf(context, row, asked.facts.now)),
      ...truncationGap(asked, 'settings'),
    ],
    state: { set },
    read: asked.rows.length,
  };
};

function inventory(context: ReadContext, asked: Asked<Setting>, rows: readonly Setting[]): Observed {
  return observe({
    stream: 'settings',
    class: 'state',
    entity: serverEntity(context),
    key: 'settings',
    occurredAt: asked.facts.now,
    body: {
      pending_restart: rows.filter((row) => row.pending_restart).length,
      settings: rows
        .filter((row) => !isHidden(row))
        .map((row) =>
          known({
            name: row.name,
            value: scalarOf(row),
            unit: row.unit,
            source: sourceOf(row),
            changed: row.changed,
            pending_restart: row.pending_restart,
          }),
        ),
    },
  });
}

/** Nothing on the first read: what there is nothing to compare with has not changed. */
function changesOf(context: ReadContext, row: Setting, now: Timestamp): readonly Observed[] {
  const stored = context.state.get(`setting/${row.name}`);
  const since = context.state.get(LAST_READ);
  if (stored === undefined || typeof since !== 'string') return [];
  const previous = asObject(stored);
  return wordsFor(context, previous, row).map((change) =>
    observe({
      stream: 'setting_changes',
      class: 'change',
      entity: serverEntity(context),
      key: `${row.name}/${change}`,
      // Somewhere in the window. pg_conf_load_time() is no help: a held session learns of a reload with its next command.
      occurredAt: now,
      window: { from: since, to: now },
      body: known({
        change,
        name: row.name,
        ...moved(change, previous, row),
        unit: row.unit,
        source: sourceOf(row),
        previous_source: previous['source'] ?? null,
        context: row.context,
        pending_restart: row.pending_restart,
      }),
    }),
  );
}

/** The value that waits for a restart is not in pg_settings, and pg_file_settings is not for us to read. */
function moved(
  change: string,
  previous: JsonObject,
  row: Setting,
): Readonly<Record<string, JsonValue | undefined>> {
  if (isHidden(row)) return { value_hidden: true };
  const from = previous['value'];
  return change === 'pending_restart_set' ? { from } : { from, to: scalarOf(row) };
}

/** Of a text, a keyed digest of the server's digest is compared; where the key is another one, nothing is. */
function isOfNewValue(context: ReadContext, previous: JsonObject, row: Setting): boolean {
  if (!isHidden(row)) return previous['value'] !== scalarOf(row);
  const isComparable = context.state.get(DIGESTED_WITH) === keyMark(context);
  return isComparable && previous['digest'] !== mark(context, row.fingerprint);
}

function isHidden({ vartype }: Setting): boolean {
  return vartype === 'string';
}

/** A new value says where it comes from as well; the same value from elsewhere is news of its own. */
function wordsFor(context: ReadContext, previous: JsonObject, row: Setting): readonly string[] {
  const isNew = isOfNewValue(context, previous, row);
  // State of an older agent has no source.
  const isElsewhere = previous['source'] !== undefined && previous['source'] !== sourceOf(row);
  const wasPending = previous['pending_restart'] === true;
  return [
    ...(isNew ? ['value_changed'] : isElsewhere ? ['source_changed'] : []),
    ...(wasPending === row.pending_restart
      ? []
      : [row.pending_restart ? 'pending_restart_set' : 'pending_restart_cleared']),
  ];
}

/** A number, a switch or a word of a closed vocabulary; undefined for anything else, whatever the name promised. */
function scalarOf({ value, vartype }: Setting): Scalar | undefined {
  if (value === null) return undefined;
  if (vartype === 'bool') return value === 'on';
  if ((vartype === 'integer' || vartype === 'real') && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value))
    return Number(value);
  return vartype === 'enum' && /^[A-Za-z0-9_.-]{1,63}$/.test(value) ? value : undefined;
}

/** The pins of our own session are nobody's news. */
function sourceOf({ source }: Setting): string | null {
  return source === 'session' ? null : source;
}

function remembered(context: ReadContext, row: Setting): JsonValue {
  const value = isHidden(row) ? { digest: mark(context, row.fingerprint) } : { value: scalarOf(row) ?? null };
  return { ...value, source: sourceOf(row), pending_restart: row.pending_restart };
}

export const settingsReads: readonly CatalogRead[] = [
  { query: settings, read: readSettings, also: ['setting_changes'] },
];
