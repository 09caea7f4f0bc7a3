import { type ArgumentRule, MAX_SERIES } from './functions.ts';
import type { Value } from './scope.ts';
import { SAFE_SETTINGS } from './settings.ts';
import { Refusal } from './verdict.ts';

const MAX_PATTERN = 400;
/** Whoever reads the log has to know how its lines begin. */
const LOG_SETTINGS: ReadonlySet<string> = new Set([...SAFE_SETTINGS, 'log_line_prefix']);
const MAX_PIECE_BYTES = 1_048_576;

/** Checks the arguments that decide what a function costs or reads, and says how long its result may be. */
export function checkArguments(
  name: string,
  rule: ArgumentRule | undefined,
  values: readonly Value[],
): number {
  const total = values.reduce((sum, value) => sum + value.bytes, 0);
  const [first, second, third] = values;
  switch (rule) {
    case undefined:
      return total;
    case 'setting':
      checkSetting(first, SAFE_SETTINGS);
      return total;
    case 'logSetting':
      checkSetting(first, LOG_SETTINGS);
      return total;
    case 'pattern':
      checkPattern(name, second);
      return total;
    case 'replacement':
      if (name === 'regexp_replace') checkPattern(name, second);
      return checkReplacement(name, first, third);
    case 'format':
      return checkFormat(name, first, total);
    case 'template':
      return checkTemplate(name, second);
    case 'series':
      checkSeries(name, values);
      return total;
    case 'name':
      checkLiteral(name, first);
      return total;
    case 'listed':
      return checkListed(name, first, third);
  }
}

function checkSetting(value: Value | undefined, safe: ReadonlySet<string>): void {
  const setting = value?.literal;
  if (typeof setting !== 'string' || !safe.has(setting)) {
    throw new Refusal('SETTING', 'current_setting', 'name one setting of the safe list as a literal');
  }
}

/**
 * Regular expressions are literals (or come in as a parameter): one made from data could cost anything. PostgreSQL's
 * matcher is linear but for back references, and bounds multiply when they are nested.
 */
export function checkPattern(name: string, value: Value | undefined): void {
  if (value === undefined || value.parameter === true) return;
  const { literal } = value;
  if (typeof literal === 'number') return;
  if (typeof literal !== 'string') throw new Refusal('ARGUMENT', `${name}: the pattern must be a literal`);
  const bounds = literal.match(/\{/g)?.length ?? 0;
  if (literal.length > MAX_PATTERN || bounds > 1 || /\\[1-9]/.test(literal)) {
    throw new Refusal('ARGUMENT', `${name}: the pattern is too long, has back references or several bounds`);
  }
}

function checkReplacement(name: string, text: Value | undefined, by: Value | undefined): number {
  if (typeof by?.literal !== 'string')
    throw new Refusal('ARGUMENT', `${name}: the replacement must be a literal`);
  return (text?.bytes ?? 0) * Math.max(1, by.literal.length);
}

/** `%1000000s` pads. */
function checkFormat(name: string, format: Value | undefined, total: number): number {
  if (typeof format?.literal !== 'string' || !/^([^%]|%[sIL%])*$/.test(format.literal)) {
    throw new Refusal('ARGUMENT', `${name}: the format must be a literal of text, %s, %I, %L and %%`);
  }
  return 2 * total;
}

function checkTemplate(name: string, template: Value | undefined): number {
  if (typeof template?.literal !== 'string') {
    throw new Refusal('ARGUMENT', `${name}: the template must be a literal`);
  }
  return 32 * template.literal.length;
}

function checkSeries(name: string, values: readonly Value[]): void {
  const [from, to, step = 1] = values.map((value) => value.literal);
  const isCounted =
    typeof from === 'number' && typeof to === 'number' && typeof step === 'number' && step !== 0;
  if (!isCounted || values.length > 3 || (to - from) / step > MAX_SERIES) {
    throw new Refusal(
      'ARGUMENT',
      `${name}: bounds and step must be literal integers, at most ${MAX_SERIES} rows`,
    );
  }
}

/** A file is named by rows that the server lists, never by text or parameter alone; its piece is as long as the text says. */
function checkListed(name: string, path: Value | undefined, length: Value | undefined): number {
  const sources = [...(path?.items ?? [])];
  const isListed =
    sources.length > 0 &&
    sources.every((item) => item.kind === 'function' && item.columns.has('modification'));
  const bytes = typeof length?.literal === 'number' ? length.literal : Number.NaN;
  if (isListed && bytes > 0 && bytes <= MAX_PIECE_BYTES) return bytes;
  throw new Refusal('ARGUMENT', `${name}: a listed file and a literal length of at most ${MAX_PIECE_BYTES}`);
}

function checkLiteral(name: string, value: Value | undefined): void {
  if (value?.parameter === true || typeof value?.literal === 'string') return;
  throw new Refusal('ARGUMENT', `${name}: the name must be a literal`);
}
