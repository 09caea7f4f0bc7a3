import type { CliIo } from './io.ts';
import { readLines } from './lines.ts';
import { write } from './output.ts';

/** Answers every line of standard input with one line on standard output, in order and as soon as it is known. */
export async function answerLines(
  io: CliIo,
  answer: (lines: AsyncIterable<string>) => AsyncIterable<string>,
): Promise<void> {
  for await (const line of answer(readLines(io.stdin))) {
    await write(io.stdout, line.endsWith('\n') ? line : `${line}\n`);
  }
}
