import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { CliIo } from './io.ts';

/** Prints a command's result: for people, or as one JSON document with `--json`. */
export interface Output {
  readonly json: boolean;
  /** The result, once: `data` with `--json`, `text` without. */
  result(data: unknown, text: string): Promise<void>;
  /** A passing remark on standard error; only on a terminal. */
  progress(text: string): void;
}

export function createOutput(io: CliIo, json: boolean): Output {
  return {
    json,
    result: (data, text) => write(io.stdout, json ? `${JSON.stringify(data)}\n` : ensureLine(text)),
    progress: (text) => {
      if (io.interactive && !json) io.stderr.write(`${text}\n`);
    },
  };
}

/** Writes and waits while the reader is slow, so that memory stays flat however much is written. */
export async function write(target: Writable, chunk: string | Uint8Array): Promise<void> {
  if (target.write(chunk)) return;
  await once(target, 'drain');
}

/** Rows as columns that line up, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function ensureLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
