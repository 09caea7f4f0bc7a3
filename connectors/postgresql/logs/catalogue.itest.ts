import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packagedBinaries, postgresVersion } from '../../../test/helpers/postgres-binaries.ts';
import { classify } from './classify.ts';
import { CsvParser } from './csv.ts';
import { jsonParser } from './json.ts';
import { stderrParser } from './stderr.ts';
import { Tally } from './tally.ts';
import { timeReader } from './times.ts';

const CONVERSION = /%[-+ #0]*\d*(?:\.(?:\d+|\*))?(?:ll|l|z|h)?([a-zA-Z%])/g;
const PREFIX = '%m [%p] %q%u@%d/%a ';
const STAMP = '2026-11-21 00:14:02.123 UTC';
const utc = timeReader('UTC');

/** Every text of the server's program that has a place for a variable: its messages, details and hints among them. */
let formats: readonly string[] = [];

beforeAll(async () => {
  const { postgres } = await packagedBinaries(postgresVersion());
  const program = await readFile(postgres, 'latin1');
  const texts = program.match(/[\t\n\x20-\x7e]{8,400}(?=\0)/g) ?? [];
  formats = [...new Set(texts)].filter(
    (text) => /%[-+ #0]*\d*(?:\.\d+)?(?:ll|l|z)?[sdiuXxcfgm]/.test(text) && /[a-z]{3} ?[a-z%"]/.test(text),
  );
});

function filled(format: string): { readonly text: string; readonly words: readonly string[] } {
  const words: string[] = [];
  const text = format.replace(CONVERSION, (_, letter: string) => {
    if (letter === '%') return '%';
    const word = /[diuXx]/.test(letter)
      ? String(randomBytes(5).readUIntBE(0, 5))
      : randomBytes(6).toString('base64url');
    words.push(word);
    return word;
  });
  return { text, words };
}

const LEVELS = ['DEBUG1', 'LOG', 'NOTICE', 'WARNING', 'ERROR', 'FATAL', 'PANIC'] as const;
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe("the server's own messages", () => {
  it('are many', () => {
    expect(formats.length).toBeGreaterThan(4_000);
  });

  it('come out as classes and counts, with not one of the words that fill them', () => {
    const tally = new Tally();
    const parsers = [
      stderrParser(PREFIX, utc, 'nothing', tally),
      new CsvParser(utc, 'nothing', tally),
      jsonParser(utc, 'nothing', tally),
    ] as const;
    const windows = new Set<string>();
    for (const [index, format] of formats.entries()) {
      const { text, words } = filled(format);
      const who = `user-${randomBytes(6).toString('hex')}`;
      const level = LEVELS[index % LEVELS.length] ?? 'ERROR';
      for (const word of [...words, who])
        for (let at = 0; at + 8 <= word.length; at += 1) windows.add(word.slice(at, at + 8));
      parsers[0].push(
        Buffer.from(`${STAMP} [7] ${who}@db/app ${level}:  ${text.replaceAll('\n', '\n\t')}\n`),
      );
      parsers[1].push(
        Buffer.from(
          `${STAMP},${quoted(who)},"db",7,"::1",6.7,1,"idle",${STAMP},3/4,0,${level},22023,${quoted(text)},,,,,,,,,"app","client backend",,0\n`,
        ),
      );
      parsers[2].push(
        Buffer.from(
          `${JSON.stringify({ timestamp: STAMP, user: who, error_severity: level, state_code: '22023', message: text })}\n`,
        ),
      );
    }
    expect([tally.entries, tally.foreignLines]).toEqual([3 * formats.length, 0]);
    const said = JSON.stringify(tally.counts());
    for (let at = 0; at + 8 <= said.length; at += 1) expect(windows.has(said.slice(at, at + 8))).toBe(false);
  });

  it('mostly have a class by their words alone, where the log has no SQLSTATE', () => {
    // Primary messages begin in lower case and have no full stop; details and hints are sentences.
    const primary = formats.filter(
      (format) => /^[a-z]/.test(format) && !/[.:\n]\s*$/.test(format) && / /.test(format),
    );
    const unknown = primary.filter(
      (format) =>
        classify({ severity: 'error', sqlstate: undefined, message: filled(format).text, cut: false }) ===
        'other_error',
    );
    expect(primary.length).toBeGreaterThan(2_000);
    expect(unknown.length / primary.length).toBeLessThan(0.15);
    if (process.env['EXHIBIT_SAY'] !== undefined)
      process.stderr.write(`${primary.length} ${unknown.length} of ${formats.length}\n`);
  });
});
