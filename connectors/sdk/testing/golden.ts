import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface GoldenCase {
  /** Name of the folder, e.g. `ok.blocking_tree`. */
  readonly name: string;
  /** `ok`: what a good source gives. `ng`: a source that fails, lies or lacks something. */
  readonly kind: 'ok' | 'ng';
  readonly path: string;
  /** A file of the case, parsed as JSON. */
  json(file: string): unknown;
  text(file: string): string;
  has(file: string): boolean;
}

/**
 * The cases of a connector: folders `fixtures/ok.<what>` and `fixtures/ng.<what>`, sorted by name. A folder named
 * otherwise, and a connector without a case of each kind, is an error: it would be a test that never runs.
 */
export function goldenCases(folder: string): readonly GoldenCase[] {
  const fixtures = join(folder, 'fixtures');
  const names = existsSync(fixtures) ? readdirSync(fixtures).sort() : [];
  const cases = names.map((name) => goldenCase(join(fixtures, name)));
  for (const kind of ['ok', 'ng']) {
    assert.ok(
      cases.some((entry) => entry.kind === kind),
      `${fixtures} has no ${kind}.* case`,
    );
  }
  return cases;
}

function goldenCase(path: string): GoldenCase {
  const name = basename(path);
  const [, kind] = /^(ok|ng)\.[a-z0-9_-]+$/.exec(name) ?? [];
  if (kind !== 'ok' && kind !== 'ng') throw new Error(`${path} must be named ok.<what> or ng.<what>`);
  const text = (file: string): string => readFileSync(join(path, file), 'utf8');
  return {
    name,
    kind,
    path,
    text,
    json: (file) => JSON.parse(text(file)),
    has: (file) => existsSync(join(path, file)),
  };
}

/**
 * Compares a value with a golden file, as JSON with sorted keys.
 *
 * `UPDATE_GOLDEN=1` writes the file and then fails, so that nobody mistakes writing for passing. With `CI` set nothing
 * is ever written.
 */
export function expectGolden(path: string, actual: unknown, env: NodeJS.ProcessEnv = process.env): void {
  const text = canonicalPretty(actual);
  const update = env['UPDATE_GOLDEN'] === '1' && isUnset(env['CI']);
  if (update) {
    writeFileSync(path, text);
    assert.fail(`${path} was written: read the difference, then run again without UPDATE_GOLDEN`);
  }
  if (!existsSync(path)) assert.fail(`${path} is missing: run with UPDATE_GOLDEN=1, and read what it writes`);
  assert.equal(text, readFileSync(path, 'utf8'), `${path} differs`);
}

function isUnset(value: string | undefined): boolean {
  return value === undefined || value === '' || value === 'false' || value === '0';
}

/** Two spaces, keys sorted by code unit, one line feed at the end. */
export function canonicalPretty(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

/** The same on one line. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  // Through JSON first: what a file can hold is what is compared (no undefined, dates as text).
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
  return sortKeys(plain);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
