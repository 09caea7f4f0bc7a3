import type { AdmittedColumn } from '../../sdk/index.ts';
import type { Row } from '../catalog.ts';

export type Value = string | number | boolean | null;

const NUMBERS: ReadonlySet<string> = new Set([
  'smallint',
  'integer',
  'bigint',
  'real',
  'double precision',
  'numeric',
]);
const TIMES: ReadonlySet<string> = new Set([
  'timestamp with time zone',
  'timestamp without time zone',
  'date',
]);

/** A value as the gate takes it: what it is for the types that have a form of their own, else the server's text. */
export function valueOf(raw: unknown, { as }: AdmittedColumn, type: string): Value {
  // The session hands on every value as the server's text.
  const text = typeof raw === 'string' ? raw : null;
  if (text === null) return null;
  if (as === 'text') return text;
  if (NUMBERS.has(type)) return numberOf(text);
  if (type === 'boolean') return text === 't' || text === 'true';
  return TIMES.has(type) ? timeOf(text) : text;
}

/** `NaN` and what is wider than a JSON integer stay text. */
function numberOf(text: string): Value {
  const value = Number(text);
  const isExact = Number.isFinite(value) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(value));
  return isExact ? value : text;
}

/** `2026-11-21 07:40:43.12+00` as RFC 3339; a time without a zone is taken for UTC. Anything else stays as it is. */
function timeOf(text: string): Value {
  const [, date, time = '00:00:00', zone = '+00'] =
    /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}(?:\.\d+)?)([+-]\d{2}(?::\d{2})?)?)?$/.exec(text) ?? [];
  const instant = new Date(`${date}T${time}${zone.length === 3 ? `${zone}:00` : zone}`);
  return date === undefined || Number.isNaN(instant.getTime()) ? text : instant.toISOString();
}

/** What a column looks like, in numbers; its values only where a policy keeps them and they are numbers or times. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  /** Between 0 and 1. */
  readonly null_share: number;
  /** Different values among the rows read. */
  readonly distinct: number;
  readonly smallest?: number;
  readonly largest?: number;
  readonly earliest?: string;
  readonly latest?: string;
}

export function profileOf(column: AdmittedColumn, type: string, rows: readonly Row[]): ColumnProfile {
  const values = rows.map((row) => valueOf(row[column.name], column, type)).filter((value) => value !== null);
  const share = rows.length === 0 ? 0 : (rows.length - values.length) / rows.length;
  return {
    name: column.name,
    type: typeToken(type),
    null_share: Math.round(share * 1_000) / 1_000,
    distinct: new Set(values).size,
    ...(column.isKept ? rangeOf(values, type) : {}),
  };
}

function rangeOf(values: readonly Value[], type: string): Partial<ColumnProfile> {
  if (NUMBERS.has(type)) {
    const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
    const [smallest, largest] = [numbers[0], numbers.at(-1)];
    return smallest === undefined || largest === undefined ? {} : { smallest, largest };
  }
  if (!TIMES.has(type)) return {};
  const times = values
    .filter((value) => typeof value === 'string' && value.endsWith('Z'))
    .map(String)
    .sort();
  const [earliest, latest] = [times[0], times.at(-1)];
  return earliest === undefined || latest === undefined ? {} : { earliest, latest };
}

/** `timestamp with time zone` is three words; types of somebody's own making are not named. */
function typeToken(type: string): string {
  const known =
    NUMBERS.has(type) ||
    TIMES.has(type) ||
    /^(text|boolean|uuid|name|character varying|interval)$/.test(type);
  return known ? type.replaceAll(' ', '_') : 'other';
}
