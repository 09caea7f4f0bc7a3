import { type JsonObject, type JsonValue, type Observed, observe, type Timestamp } from '../../sdk/index.ts';
import { bool, query, type RowOf, text, textOrNull, token, tokenOrNull } from '../columns.ts';
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

export const settings = query('settings', 400, {
  name: text,
  value: textOrNull,
  unit: textOrNull,
  vartype: token,
  source: tokenOrNull,
  context: tokenOrNull,
  pending_restart: bool,
  changed: bool,
});

type Setting = RowOf<typeof settings>;
type Scalar = number | boolean | string;

const LAST_READ = 'last_read';

/** The allowlisted settings as they stand, and each that differs from the read before. */
const readSettings: Reader = async (context) => {
  const asked = await context.ask(settings);
  const rows = asked.rows.filter((row) => scalarOf(row) !== undefined);
  const set: Record<string, JsonValue> = { [LAST_READ]: asked.facts.now };
  for (const row of rows) set[`setting/${row.name}`] = remembered(row);
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
      settings: rows.map((row) =>
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
  const [from, to] = [previous['value'], scalarOf(row)];
  return wordsFor(previous, row).map((change) =>
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
        from,
        to,
        unit: row.unit,
        source: sourceOf(row),
        previous_source: previous['source'] ?? null,
        context: row.context,
        pending_restart: row.pending_restart,
      }),
    }),
  );
}

/** A new value says where it comes from as well; the same value from elsewhere is news of its own. */
function wordsFor(previous: JsonObject, row: Setting): readonly string[] {
  const isNew = previous['value'] !== scalarOf(row);
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

function remembered(row: Setting): JsonValue {
  return { value: scalarOf(row) ?? null, source: sourceOf(row), pending_restart: row.pending_restart };
}

export const settingsReads: readonly CatalogRead[] = [
  { query: settings, read: readSettings, also: ['setting_changes'] },
];
