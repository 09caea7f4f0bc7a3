import { type DestinationStream, type Logger as Pino, pino, stdTimeFunctions } from 'pino';
import type { LogFields, Logger } from '../../connectors/sdk/index.ts';
import { reportError } from '../errors.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Takes secrets out of a text; every string that is logged passes it. */
  readonly scrub: (text: string) => string;
  readonly destination: DestinationStream;
  /** Fields of every line. */
  readonly base?: LogFields;
}

/** A field longer than this is cut: a log line is no place for a document. */
const MAX_FIELD_CHARACTERS = 1024;

/** JSON lines. Whatever cannot be scrubbed is replaced, never written as it is. */
export function createLogger(options: LoggerOptions): Logger {
  const target = pino(
    {
      level: options.level,
      base: options.base ?? {},
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: asLabel },
    },
    options.destination,
  );
  const line =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      if (target.isLevelEnabled(level)) write(target, level, message, fields, options.scrub);
    };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

/** Standard error, written through: a line that was logged is there when the process dies. */
export function standardError(): DestinationStream {
  return pino.destination({ fd: 2, sync: true });
}

/** What may be logged of an error: its code, our message and our hint. Never its cause or stack. */
export function errorFields(error: unknown): LogFields {
  const { code, message, hint } = reportError(error);
  return { code, reason: message, ...(hint === undefined ? {} : { hint }) };
}

function asLabel(label: string): { readonly level: string } {
  return { level: label };
}

function write(
  target: Pino,
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields: LogFields,
  scrub: (text: string) => string,
): void {
  const clean: Record<string, string | number | boolean | null> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) clean[key] = cleanValue(value, scrub);
  }
  target[level](clean, cleanText(message, scrub));
}

/** Types allow primitives only; what else arrives at run time is named by its type and not looked into. */
function cleanValue(value: unknown, scrub: (text: string) => string): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? cleanText(value, scrub) : `[${typeof value}]`;
}

function cleanText(text: string, scrub: (text: string) => string): string {
  try {
    // Cut after the scan: a cut could take the part of a secret by which it is recognised.
    return scrub(text).slice(0, MAX_FIELD_CHARACTERS);
  } catch {
    return '[UNSCANNED]';
  }
}
