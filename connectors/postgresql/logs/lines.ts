import type { Inside, LogParser, Progress } from './parser.ts';

const NEWLINE = 0x0a;

/** Called with the head of each line, one byte a character; `cut` where the line is longer than that. */
export type OnLine = (head: string, cut: boolean) => void;

/** Cuts bytes into lines, and keeps no more of any than its first `most` bytes. */
export class Lines implements LogParser {
  readonly #most: number;
  readonly #onLine: OnLine;
  readonly #head: Buffer;
  #kept = 0;
  /** The head is full and was handed on; the rest of the line is passed over. */
  #passing: boolean;
  #received = 0;
  #lineStart = 0;

  constructor(most: number, inside: Inside, onLine: OnLine) {
    this.#most = most;
    this.#onLine = onLine;
    this.#head = Buffer.alloc(most);
    this.#passing = inside !== 'nothing';
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 ? bytes.length : newline;
      this.#keep(bytes.subarray(at, end));
      if (newline >= 0) this.#finish(this.#received + newline + 1);
      at = end + 1;
    }
    this.#received += bytes.length;
  }

  progress(): Progress {
    if (this.#passing) return { done: this.#received, inside: 'line' };
    return { done: this.#lineStart, inside: 'nothing' };
  }

  #keep(piece: Uint8Array): void {
    if (this.#passing) return;
    const room = this.#most - this.#kept;
    this.#head.set(piece.subarray(0, room), this.#kept);
    this.#kept += Math.min(piece.length, room);
    if (piece.length <= room) return;
    this.#onLine(this.#text(), true);
    this.#passing = true;
  }

  #finish(next: number): void {
    if (!this.#passing) this.#onLine(this.#text(), false);
    this.#kept = 0;
    this.#passing = false;
    this.#lineStart = next;
  }

  #text(): string {
    const text = this.#head.toString('latin1', 0, this.#kept);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }
}
