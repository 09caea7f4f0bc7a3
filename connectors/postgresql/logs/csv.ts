import { classify } from './classify.ts';
import type { Heard, Inside, LogParser, Progress } from './parser.ts';
import { severityOf } from './severity.ts';
import { sqlstateClass } from './sqlstates.ts';
import { type ReadTime, timeAt } from './times.ts';

const [QUOTE, COMMA, NEWLINE] = [0x22, 0x2c, 0x0a];
/** Columns of csvlog (PostgreSQL manual, "Using CSV-Format Log Output"), counted from 0. */
const [TIME, SEVERITY, STATE, MESSAGE] = [0, 11, 12, 13];
/** Bytes that are kept of each column; of the others none. */
const KEPT: ReadonlyMap<number, number> = new Map([
  [TIME, 64],
  [SEVERITY, 64],
  [STATE, 8],
  [MESSAGE, 1_024],
]);
/** What comes before the message is short; what is not is no log of PostgreSQL. */
const MOST_BEFORE_MESSAGE = 65_536;
const RECORD_START = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;

/**
 * Records of log_destination csvlog: quoted fields may hold newlines, so that a line is not a record. What does not
 * begin with a time is passed over line by line, which finds back into the log from any place in it.
 */
export class CsvParser implements LogParser {
  readonly #readTime: ReadTime;
  readonly #heard: Heard;
  #fields = new Map<number, string>();
  #column = 0;
  #quoted: boolean;
  #lastWasQuote = false;
  /** This record is counted; what is left of it is passed over. */
  #counted: boolean;
  /** And it is none: quotes in it mean nothing. */
  #garbage: boolean;
  #received = 0;
  #recordStart = 0;

  constructor(readTime: ReadTime, inside: Inside, heard: Heard) {
    this.#readTime = readTime;
    this.#heard = heard;
    this.#quoted = inside === 'quotes';
    this.#counted = inside !== 'nothing';
    this.#garbage = inside === 'garbage';
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index];
      const isEnd = byte === NEWLINE && (!this.#quoted || this.#garbage || this.#isBeforeMessage());
      const isMark = byte === QUOTE || isEnd || (byte === COMMA && !this.#quoted);
      if (isMark) {
        this.#keep(bytes, from, index);
        from = index + 1;
        if (isEnd) this.#endRecord(this.#received + index + 1);
        else if (byte === QUOTE) this.#quote();
        else this.#endField();
      }
      this.#lastWasQuote = byte === QUOTE;
    }
    this.#keep(bytes, from, bytes.length);
    this.#received += bytes.length;
    if (!this.#counted && this.#received - this.#recordStart > MOST_BEFORE_MESSAGE) this.#giveUp();
  }

  progress(): Progress {
    if (!this.#counted) return { done: this.#recordStart, inside: 'nothing' };
    const rest = this.#quoted ? 'quotes' : 'line';
    return { done: this.#received, inside: this.#garbage ? 'garbage' : rest };
  }

  /** Nothing there holds a newline: where one is, this began in the middle of a record. */
  #isBeforeMessage(): boolean {
    return !this.#counted && this.#column < MESSAGE;
  }

  /** A doubled quote closes and opens again: in between nothing else can come. */
  #quote(): void {
    if (this.#column === TIME && !this.#counted) this.#giveUp();
    if (!this.#quoted && this.#lastWasQuote) this.#add('"');
    this.#quoted = !this.#quoted;
  }

  #keep(bytes: Uint8Array, from: number, to: number): void {
    if (this.#counted || from === to) return;
    const most = KEPT.get(this.#column);
    if (most === undefined) return;
    this.#add(
      Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.min(to - from, most)).toString('latin1'),
    );
  }

  #add(text: string): void {
    const most = KEPT.get(this.#column);
    if (this.#counted || most === undefined) return;
    const field = `${this.#fields.get(this.#column) ?? ''}${text}`.slice(0, most);
    this.#fields.set(this.#column, field);
    if (field.length < most) return;
    if (this.#column === MESSAGE) this.#count(true);
    else this.#giveUp();
  }

  #endField(): void {
    if (!this.#counted && this.#column === TIME && !RECORD_START.test(this.#fields.get(TIME) ?? ''))
      this.#giveUp();
    if (!this.#counted && this.#column === MESSAGE) this.#count(false);
    this.#column += 1;
  }

  #endRecord(next: number): void {
    if (!this.#counted && (this.#column > 0 || this.#fields.size > 0)) this.#giveUp();
    this.#fields = new Map();
    this.#column = 0;
    this.#quoted = false;
    this.#counted = false;
    this.#garbage = false;
    this.#recordStart = next;
  }

  #giveUp(): void {
    this.#heard.foreign();
    this.#counted = true;
    this.#garbage = true;
  }

  #count(cut: boolean): void {
    const [time = '', word = '', sqlstate = '', message = ''] = [TIME, SEVERITY, STATE, MESSAGE].map(
      (column) => this.#fields.get(column),
    );
    if (!/^[0-9A-Z]{5}$/.test(sqlstate)) {
      this.#giveUp();
      return;
    }
    const severity = severityOf(word);
    const at = timeAt(time, 0);
    this.#counted = true;
    this.#heard.entry({
      event: classify({ severity, sqlstate, message, cut }),
      severity,
      sqlstate: sqlstateClass(sqlstate),
      at: at === undefined ? null : this.#readTime(at.time),
    });
  }
}
