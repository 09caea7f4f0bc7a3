import type { LogClass, Severity } from './classes.ts';
import { classOfState } from './sqlstates.ts';
import { ERROR_WORDS, FATAL_WORDS, SERVER_WORDS, type WordRule } from './words/index.ts';

/** What the parser has of one entry, for the moment in which it is classified. */
export interface Said {
  readonly severity: Severity;
  readonly sqlstate: string | undefined;
  /** The head of the message, one byte a character. */
  readonly message: string;
  /** There is more of the message's first line than that. */
  readonly cut: boolean;
}

const SLOW_MS = 1_000;
const VERY_SLOW_MS = 60_000;
const LARGE_TEMP_BYTES = 64 * 1024 ** 2;

/** States that stand for several things which only the words tell apart. */
const VAGUE =
  /^(00000|01|57014|57P0[14]|55P03|40001|53200|53300|28|XX00[01]|58|08|55000|0A000|42501|F0000|53000)/;

/** The class of one entry. The SQLSTATE decides where it says enough, then the words, then the severity. */
export function classify({ severity, sqlstate, message, cut }: Said): LogClass {
  const line = firstLine(message, cut);
  const state = sqlstate === undefined ? undefined : classOfState(sqlstate);
  if (sqlstate !== undefined && state !== undefined && !VAGUE.test(sqlstate)) return refinedFull(state, line);
  const measured = byNumber(line);
  if (measured !== undefined) return measured;
  const words =
    (severity === 'fatal' ? FATALS.match(line) : undefined) ??
    SERVER.match(line) ??
    (state === undefined ? byErrorWords(severity, line) : undefined);
  return words ?? state ?? bySeverity(severity);
}

interface Line {
  readonly text: string;
  readonly whole: boolean;
}

/** ` at character 15` follows the message where the statement was not sent by a client that is told the place. */
function firstLine(message: string, cut: boolean): Line {
  const end = message.indexOf('\n');
  const text = (end < 0 ? message : message.slice(0, end)).trimEnd();
  return { text: text.replace(/ at character \d{1,10}$/, ''), whole: end >= 0 || !cut };
}

/** A full disk has its own state on a file that could not grow; what could not grow says more. */
function refinedFull(state: LogClass, { text }: Line): LogClass {
  return state === 'disk_full' && text.startsWith('could not extend ') ? 'could_not_extend' : state;
}

/** Durations and sizes: the number is looked at and only what it is more than remains. */
function byNumber({ text }: Line): LogClass | undefined {
  const duration = /^duration: (\d{1,15})\.\d{3} ms(  \w+)?/.exec(text);
  if (duration !== null) {
    if (text.startsWith('  plan:', duration[0].length - (duration[2]?.length ?? 0))) return 'statement_plan';
    const ms = Number(duration[1]);
    if (ms >= VERY_SLOW_MS) return 'very_slow_statement';
    return ms >= SLOW_MS ? 'slow_statement' : 'duration_logged';
  }
  if (!text.startsWith('temporary file: path "')) return undefined;
  const size = /", size (\d{1,18})$/.exec(text)?.[1];
  return Number(size) >= LARGE_TEMP_BYTES ? 'large_temp_file' : 'temp_file';
}

/** What a LOG or NOTICE says is not taken for the failure of a statement. */
function byErrorWords(severity: Severity, line: Line): LogClass | undefined {
  if (severity === 'notice' || severity === 'info' || severity === 'debug' || severity === 'unknown')
    return undefined;
  return ERRORS.match(line);
}

function bySeverity(severity: Severity): LogClass {
  switch (severity) {
    case 'panic':
      return 'other_panic';
    case 'fatal':
      return 'other_fatal';
    case 'error':
      return 'other_error';
    case 'warning':
      return 'other_warning';
    case 'log':
      return 'other_log';
    case 'notice':
    case 'info':
    case 'debug':
      return 'notice';
    case 'unknown':
      return 'unclassified';
  }
}

interface Pattern {
  readonly event: LogClass;
  /** Place in the table: the first that holds counts. */
  readonly rank: number;
  readonly head: string;
  /** What has to follow, in this order, with anything between. */
  readonly rest: readonly string[];
  readonly toTheEnd: boolean;
}

/** Patterns by their first characters, so that few are tried on each line. */
class Words {
  readonly #byHead = new Map<string, Pattern[]>();

  constructor(rules: readonly WordRule[]) {
    let rank = 0;
    for (const [event, patterns] of rules) {
      for (const written of patterns) {
        const pattern = compiled(event, rank, written);
        rank += 1;
        const key = pattern.head.length < KEY ? '' : pattern.head.slice(0, KEY);
        this.#byHead.set(key, [...(this.#byHead.get(key) ?? []), pattern]);
      }
    }
  }

  match(line: Line): LogClass | undefined {
    let best: Pattern | undefined;
    for (const key of [line.text.slice(0, KEY), '']) {
      for (const pattern of this.#byHead.get(key) ?? []) {
        if (best !== undefined && pattern.rank > best.rank) break;
        if (holds(pattern, line)) best = pattern;
      }
    }
    return best?.event;
  }
}

const KEY = 4;

function compiled(event: LogClass, rank: number, written: string): Pattern {
  const toTheEnd = written.endsWith('$');
  const [head = '', ...rest] = (toTheEnd ? written.slice(0, -1) : written).split('*');
  return { event, rank, head, rest, toTheEnd };
}

function holds({ head, rest, toTheEnd }: Pattern, { text, whole }: Line): boolean {
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const [index, piece] of rest.entries()) {
    if (toTheEnd && index === rest.length - 1)
      return whole && text.endsWith(piece) && text.length - piece.length >= at;
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return !toTheEnd || (whole && at === text.length);
}

const FATALS = new Words(FATAL_WORDS);
const SERVER = new Words(SERVER_WORDS);
const ERRORS = new Words(ERROR_WORDS);
