import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const fixture = z.strictObject({
  text: z.array(z.string()),
  found: z.array(z.array(z.string())).optional(),
});

export interface DetectorFixture {
  /** Begins with `ng.` when something must be found in it, and with `ok.` when nothing must. */
  readonly name: string;
  readonly text: string;
  readonly found: readonly string[];
}

/**
 * The cases beside a detector. Secrets are stored in pieces, so that the scanners which guard this repository do not take
 * the fakes for real ones.
 */
export function fixturesOf(id: string): DetectorFixture[] {
  const folder = join(import.meta.dirname, '..', id, 'fixtures');
  return readdirSync(folder).map((file) => {
    const { text, found = [] } = fixture.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return {
      name: file.replace(/\.json$/, ''),
      text: text.join(''),
      found: found.map((pieces) => pieces.join('')),
    };
  });
}
