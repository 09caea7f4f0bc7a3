import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kubeReads, testClock, testDeps } from '../../test/helpers/kube-session.ts';
import type { Observation } from '../sdk/index.ts';
import type { Look, TransitionDeps } from './changes.ts';
import { kubeObject } from './kube-object.ts';
import { projector, queryRules } from './projection.ts';
import { parseQuery } from './schema.ts';
import { decodeState, encodeState } from './state.ts';
import { transition } from './transition.ts';

/**
 * One case per folder: an object before and after, as the API server shows it, and what is said about it. `ok.` cases
 * say something, `ng.` cases nothing. UPDATE_GOLDEN=1 writes what is said now and then fails, to be read and committed.
 */
const ROOT = fileURLToPath(new URL('./fixtures/', import.meta.url));
const NOW = new Date('2026-11-21T09:31:00Z');

interface Case {
  readonly read: string;
  readonly before: unknown;
  readonly after: unknown;
}

describe('transitions', () => {
  const cases = readdirSync(ROOT);

  it.each(cases)('%s', (name) => {
    const input = parse<Case>(`${name}/input.json`);
    const said = observationsOf(input).map(({ stream, entity, key, occurredAt, related, body }) => ({
      stream,
      entity,
      key,
      occurredAt,
      related,
      body,
    }));
    if (process.env['UPDATE_GOLDEN'] === '1') {
      writeFileSync(`${ROOT}${name}/expected.json`, `${JSON.stringify(said, null, 1)}\n`);
      throw new Error('golden written: read it, then run without UPDATE_GOLDEN');
    }
    expect(said).toEqual(parse(`${name}/expected.json`));
    expect(said.length > 0).toBe(name.startsWith('ok.'));
  });

  it.each(cases)('%s lets no planted value out', (name) => {
    const source = readFileSync(`${ROOT}${name}/input.json`, 'utf8');
    const canaries = [...new Set(source.match(/canary-[a-z]+-\d+/g))];
    const said = JSON.stringify([
      observationsOf(JSON.parse(source) as Case),
      statesOf(JSON.parse(source) as Case),
    ]);
    expect(canaries.filter((canary) => said.includes(canary))).toEqual([]);
  });
});

function observationsOf({ read, before, after }: Case): readonly Observation[] {
  const deps = depsOf(read);
  const known = before === null ? null : stateOf(deps, before);
  const object = kubeObject(after ?? before);
  if (object === null) throw new Error('the case has no object');
  return transition(deps, known, object, look(after === null ? 'gone' : 'watch')).observations;
}

function statesOf({ read, before, after }: Case): readonly unknown[] {
  const deps = depsOf(read);
  return [before, after].filter((value) => value !== null).map((value) => stateOf(deps, value));
}

/** What a first look leaves behind, through the form it is stored in. */
function stateOf(deps: TransitionDeps, value: unknown) {
  const object = kubeObject(value);
  const { state } = object === null ? { state: null } : transition(deps, null, object, look('first'));
  return state === null ? null : decodeState(encodeState(state));
}

function look(how: Look['how']): Look {
  const threshold = '2026-11-21T09:00:00.000Z';
  return { how, now: NOW, threshold, everything: false, history: null, since: null };
}

function depsOf(read: string): TransitionDeps {
  const query = parseQuery(read, kubeReads().get(read) ?? '');
  const { digest } = testDeps(testClock(NOW));
  return { connection: 'prod', query, digest, projector: projector(queryRules(query), digest) };
}

function parse<T>(file: string): T {
  return JSON.parse(readFileSync(ROOT + file, 'utf8')) as T;
}
