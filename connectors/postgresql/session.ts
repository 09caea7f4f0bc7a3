import { ConnectorError } from '../sdk/index.ts';
import type { SessionFacts } from './catalog.ts';
import type { PostgresqlConfig } from './config.ts';

/** One setting that must be in force before a row is believed. Times are in milliseconds, as plain digits. */
export interface Pin {
  readonly name: string;
  readonly value: string;
}

/** The oldest server whose catalogs the queries fit, as server_version_num. */
export const OLDEST_VERSION = 140000;

/**
 * What the session is pinned to. A name that does not resolve to pg_catalog can be answered by anybody's function, a
 * backslash can end a string early, and a wait without end joins the queue it came to look at.
 */
export function pinsFor(config: PostgresqlConfig, version: number): readonly Pin[] {
  const pins = [
    { name: 'search_path', value: 'pg_catalog, pg_temp' },
    { name: 'standard_conforming_strings', value: 'on' },
    { name: 'client_encoding', value: 'UTF8' },
    // Times of views are written by the server: as RFC 3339 readers expect them, whatever the role's defaults.
    { name: 'DateStyle', value: 'ISO, MDY' },
    { name: 'TimeZone', value: 'UTC' },
    { name: 'default_transaction_read_only', value: 'on' },
    { name: 'statement_timeout', value: String(config.statementTimeout) },
    { name: 'lock_timeout', value: String(config.lockTimeout) },
    { name: 'idle_in_transaction_session_timeout', value: String(config.idleInTransactionTimeout) },
    { name: 'idle_session_timeout', value: String(config.idleSessionTimeout) },
    // Compiling and forking cost the server more than any of these reads.
    { name: 'jit', value: 'off' },
    { name: 'max_parallel_workers_per_gather', value: '0' },
  ];
  if (version >= 170000) {
    pins.push({
      name: 'transaction_timeout',
      value: String(config.statementTimeout * 2 + config.idleInTransactionTimeout),
    });
  }
  return pins;
}

/** A statement of this file's making, with its parameters bound. */
export interface Statement {
  readonly text: string;
  readonly values: readonly string[];
}

export const VERSION: Statement = {
  text: "SELECT pg_catalog.current_setting('server_version_num') AS version",
  values: [],
};

/**
 * Sent before any function is called: calling one looks it up in pg_proc, and a new session knows no deadline yet. SET
 * looks nothing up. It takes no parameters; these are numbers of the config.
 */
export function firstPins(
  config: Pick<PostgresqlConfig, 'lockTimeout' | 'statementTimeout'>,
): readonly Statement[] {
  return [
    { text: `SET lock_timeout = ${Math.trunc(config.lockTimeout)}`, values: [] },
    { text: `SET statement_timeout = ${Math.trunc(config.statementTimeout)}`, values: [] },
  ];
}

export function setPins(pins: readonly Pin[]): Statement {
  const calls = pins.map((_, index) => `pg_catalog.set_config($${index * 2 + 1}, $${index * 2 + 2}, false)`);
  return { text: `SELECT ${calls.join(', ')}`, values: pins.flatMap((pin) => [pin.name, pin.value]) };
}

/** Reads the pins back, and who and where we are. Sent first in every transaction: a pooler may have swapped the session. */
export function readBack(pins: readonly Pin[]): Statement {
  const columns = pins.map((_, index) => `pg_catalog.current_setting($${index + 1}) AS pin_${index}`);
  return {
    text: `SELECT ${columns.join(', ')},
      pg_catalog.current_setting('transaction_read_only') AS read_only,
      pg_catalog.current_setting('server_version_num') AS version,
      CURRENT_USER AS role,
      pg_catalog.current_database() AS database,
      pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_stats', 'USAGE') AS reads_stats,
      pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()) * 1000 AS now`,
    values: pins.map((pin) => pin.name),
  };
}

/** Throws UNSUPPORTED, naming the settings, unless every pin is in force. */
export function trustedFacts(row: Readonly<Record<string, unknown>>, pins: readonly Pin[]): SessionFacts {
  const loose = pins.filter(
    (pin, index) => inMilliseconds(String(row[`pin_${index}`])) !== inMilliseconds(pin.value),
  );
  const names = loose.map((pin) => pin.name);
  if (row['read_only'] !== 'on') names.push('transaction_read_only');
  if (names.length > 0) {
    throw new ConnectorError('UNSUPPORTED', `the session does not keep its settings: ${names.join(', ')}`, {
      hint: 'Connect to the server itself, or through a pooler in session mode.',
    });
  }
  return {
    now: new Date(Number(row['now'])).toISOString(),
    role: String(row['role']),
    database: String(row['database']),
    version: Number(row['version']),
    readsStats: row['reads_stats'] === 't' || row['reads_stats'] === true,
  };
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `2s` and `2000` are the same to the server; anything else is compared as it is. */
function inMilliseconds(value: string): string {
  const [, digits = '', unit = 'ms'] = /^(\d+)(ms|s|min|h|d)?$/.exec(value) ?? [];
  return digits === '' ? value : String(Number(digits) * (UNIT_MS[unit] ?? 1));
}
