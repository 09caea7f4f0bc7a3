import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeScanner } from '../redact.ts';
import { makeGate } from '../redact-gate.ts';
import { DETECTORS } from './index.ts';
import { fixturesOf } from './testing/fixtures.ts';

const here = import.meta.dirname;
const folders = readdirSync(here, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && entry.name !== 'testing' ? [entry.name] : [],
);

describe('detectors', () => {
  it('are the folders beside this file', () => {
    expect(DETECTORS.map(({ id }) => id)).toEqual(folders.toSorted());
  });

  it('can all be woken', () => {
    expect(DETECTORS.filter(({ keywords, shapes }) => keywords.length + shapes.length === 0)).toEqual([]);
  });
});

describe.each(DETECTORS.map((detector) => [detector.id, detector] as const))('%s', (id, detector) => {
  const cases = fixturesOf(id);
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
