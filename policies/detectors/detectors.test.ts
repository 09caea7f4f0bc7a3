import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeScanner } from '../redact.ts';
import { makeGate } from '../redact-gate.ts';
import { DETECTORS } from './index.ts';

/**
 * `ng.*` must be found, exactly; `ok.*` must not. Secrets are stored in pieces, so that the scanners which guard this
 * repository do not take the fakes for real ones.
 */
const fixture = z.strictObject({
  text: z.array(z.string()),
  found: z.array(z.array(z.string())).optional(),
});

const here = import.meta.dirname;
const folders = readdirSync(here, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

function casesOf(id: string): { name: string; text: string; found: string[] }[] {
  const folder = join(here, id, 'fixtures');
  return readdirSync(folder).map((file) => {
    const { text, found = [] } = fixture.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    return {
      name: file.replace(/\.json$/, ''),
      text: text.join(''),
      found: found.map((pieces) => pieces.join('')),
    };
  });
}

describe('detectors', () => {
  it('are the folders beside this file', () => {
    expect(DETECTORS.map(({ id }) => id)).toEqual(folders.toSorted());
  });

  it('can all be woken', () => {
    expect(DETECTORS.filter(({ keywords, shapes }) => keywords.length + shapes.length === 0)).toEqual([]);
  });
});

describe.each(DETECTORS.map((detector) => [detector.id, detector] as const))('%s', (id, detector) => {
  const cases = casesOf(id);
  const scanner = makeScanner([detector], 'text');
  const gate = makeGate([detector]);
  const full = makeScanner(DETECTORS, 'text');

  it('has cases of both kinds', () => {
    expect(cases.some(({ name }) => name.startsWith('ng.'))).toBe(true);
    expect(cases.some(({ name }) => name.startsWith('ok.'))).toBe(true);
  });

  it.each(cases.filter(({ name }) => name.startsWith('ng.')))('finds $name', ({ text, found }) => {
    expect(found.length).toBeGreaterThan(0);
    expect(gate(text)?.detectors).toEqual([0]);
    expect(scanner.scan(text).findings.map(({ start, end }) => text.slice(start, end))).toEqual(found);
    for (const secret of found) expect(full.scan(text).text).not.toContain(secret);
  });

  it.each(cases.filter(({ name }) => name.startsWith('ok.')))('leaves $name alone', ({ text }) => {
    expect([...detector.find(text)].map(({ start, end }) => text.slice(start, end))).toEqual([]);
    expect(scanner.scan(text)).toEqual({ text, findings: [] });
  });
});
