import { pathText } from './report.ts';

export interface Place {
  /** In bytes of UTF-8. */
  readonly byte: number;
  /** The innermost value there, e.g. `items[3].item.body`; empty for the whole document. */
  readonly path: string;
}

/** Where a text that is no JSON stops being JSON; null when it does not stop. */
export function placeOfSyntaxError(text: string): Place | null {
  const scanner = new Scanner(text, Number.POSITIVE_INFINITY);
  return scanner.run() ? null : scanner.place();
}

/** What the character at that offset belongs to. */
export function placeOf(text: string, offset: number): Place {
  const scanner = new Scanner(text, offset);
  scanner.run();
  return { ...scanner.place(), byte: byteAt(text, offset) };
}

interface Frame {
  readonly closer: '}' | ']';
  /** Index, or the name of the member that is being read. */
  step: PropertyKey;
}

type Expected = 'value' | 'name' | 'colon' | 'comma' | 'end';

/** Enough to find any property of a bundle; a file made of brackets alone nests a million deep. */
const MAX_STEPS = 16;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * A JSON reader that keeps nothing but where it is. JSON.parse says that a text is broken but not reliably where, and
 * it quotes the text when it does. Only run on files that are known to be bad; keeps its own stack.
 */
class Scanner {
  readonly #text: string;
  readonly #stopAt: number;
  readonly #frames: Frame[] = [];
  #offset = 0;
  #expected: Expected = 'value';

  constructor(text: string, stopAt: number) {
    this.#text = text;
    this.#stopAt = stopAt;
  }

  /** False when it stopped before the end of a complete document. */
  run(): boolean {
    for (;;) {
      this.#match(SPACE);
      if (this.#offset >= this.#text.length) return this.#expected === 'end';
      if (!this.#step() || this.#offset > this.#stopAt) return false;
    }
  }

  place(): Place {
    const steps = this.#frames.slice(0, MAX_STEPS).flatMap(({ step }) => (step === '' ? [] : [step]));
    return { byte: byteAt(this.#text, this.#offset), path: pathText(steps) };
  }

  #step(): boolean {
    const char = this.#text[this.#offset];
    const frame = this.#frames.at(-1);
    switch (this.#expected) {
      case 'value':
        return char === ']' && frame?.step === 0 && this.#text[this.#lastToken()] === '['
          ? this.#close()
          : this.#value();
      case 'name':
        return char === '}' && frame?.step === '' ? this.#close() : this.#name(frame);
      case 'colon':
        this.#expected = 'value';
        return this.#take(':');
      case 'comma':
        return this.#commaOrClose(frame);
      case 'end':
        return false;
    }
  }

  /** Offset of the last character that is not white space. */
  #lastToken(): number {
    let offset = this.#offset - 1;
    while (offset >= 0 && ' \t\n\r'.includes(this.#text[offset] ?? '')) offset -= 1;
    return offset;
  }

  #value(): boolean {
    const char = this.#text[this.#offset];
    if (char === '{') return this.#open({ closer: '}', step: '' }, 'name');
    if (char === '[') return this.#open({ closer: ']', step: 0 }, 'value');
    const read = char === '"' ? this.#string() !== null : this.#match(NUMBER) || this.#match(LITERAL);
    if (read) this.#afterValue();
    return read;
  }

  #open(frame: Frame, expected: Expected): boolean {
    this.#frames.push(frame);
    this.#expected = expected;
    this.#offset += 1;
    return true;
  }

  #close(): boolean {
    this.#frames.pop();
    this.#offset += 1;
    this.#afterValue();
    return true;
  }

  #afterValue(): void {
    this.#expected = this.#frames.length === 0 ? 'end' : 'comma';
  }

  #name(frame: Frame | undefined): boolean {
    if (frame === undefined || this.#text[this.#offset] !== '"') return false;
    const name = this.#string();
    if (name === null) return false;
    frame.step = name === '' ? '""' : name;
    this.#expected = 'colon';
    return true;
  }

  #commaOrClose(frame: Frame | undefined): boolean {
    if (frame === undefined) return false;
    if (this.#text[this.#offset] === frame.closer) return this.#close();
    if (!this.#take(',')) return false;
    if (typeof frame.step === 'number') frame.step += 1;
    this.#expected = frame.closer === '}' ? 'name' : 'value';
    return true;
  }

  /** The characters between the quotes, escapes and all; null when the string is broken. */
  #string(): string | null {
    const start = this.#offset + 1;
    for (let offset = start; offset < this.#text.length; offset += 1) {
      const code = this.#text.charCodeAt(offset);
      if (code < 0x20 || (code === 0x5c && !this.#isEscape(offset))) {
        this.#offset = offset;
        return null;
      }
      if (code === 0x5c) offset += 1;
      if (code !== 0x22) continue;
      this.#offset = offset + 1;
      return this.#text.slice(start, Math.min(offset, start + 80));
    }
    this.#offset = this.#text.length;
    return null;
  }

  #isEscape(offset: number): boolean {
    return /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.#text.slice(offset, offset + 6));
  }

  #take(char: string): boolean {
    if (this.#text[this.#offset] !== char) return false;
    this.#offset += 1;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#offset;
    const [matched = ''] = pattern.exec(this.#text) ?? [];
    this.#offset += matched.length;
    return matched !== '';
  }
}

function byteAt(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset));
}
