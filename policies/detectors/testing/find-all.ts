import { makeScanner } from '../../redact.ts';
import { DETECTORS } from '../index.ts';
import { fixturesOf } from './fixtures.ts';

/** Writes what each detector finds in its own fixtures: a process of its own, so that V8 can be given flags. */
const found: Record<string, string[]> = {};
for (const detector of DETECTORS) {
  const scanner = makeScanner([detector], 'text');
  for (const { name, text } of fixturesOf(detector.id)) {
    const { findings } = scanner.scan(text);
    found[`${detector.id}/${name}`] = findings.map(({ start, end }) => text.slice(start, end));
  }
}
process.stdout.write(JSON.stringify(found));
