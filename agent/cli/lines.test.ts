import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readByteLines, readLines } from './lines.ts';

async function linesOf(chunks: readonly (Buffer | string)[], max?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks), max)) lines.push(line);
  return lines;
}

describe('readLines', () => {
  it('splits at line ends, wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' }).map((s) => s.replaceAll(/[\r\n]/g, ''))),
        fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        async (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value as number;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(await linesOf(chunks)).toEqual(texts.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });

  it.each([
    ['a last line without an end', ['a\nb'], ['a', 'b']],
    ['Windows line ends', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['nothing', [], []],
  ])('understands %s', async (_case, chunks, lines) => {
    expect(await linesOf(chunks)).toEqual(lines);
  });

  it('hands out a line before the next one has come', async () => {
    const input = new Readable({ read: () => undefined });
    const lines = readLines(input);
    input.push('first\nsec');
    expect((await lines.next()).value).toBe('first');
    input.push('ond\n');
    expect((await lines.next()).value).toBe('second');
    input.push(null);
    expect((await lines.next()).done).toBe(true);
  });

  it('cuts a line that is too long and goes on with the next', async () => {
    expect(await linesOf(['{"id":1,"sql":"', 'x'.repeat(50), '"}\n{"id":2}\n'], 20)).toEqual([
      '{"id":1,"sql":"xxxxx',
      '{"id":2}',
    ]);
  });

  it('says which lines are cut, and leaves bytes as they are', async () => {
    const input = [Buffer.from([0xff, 0x0d, 0x0a]), 'x'.repeat(8), '\n', 'y'.repeat(6), 'y'.repeat(3), '\nz'];
    const lines: unknown[] = [];
    for await (const { bytes, isCut } of readByteLines(Readable.from(input), 8))
      lines.push([bytes.toString('latin1'), isCut]);
    expect(lines).toEqual([
      ['\u00ff', false],
      ['xxxxxxxx', false],
      ['yyyyyyyy', true],
      ['z', false],
    ]);
  });
});
