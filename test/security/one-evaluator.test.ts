import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PolicyFolder } from '../../agent/governance/testing/policy-folder.ts';
import { observe, type Treatment } from '../../connectors/sdk/index.ts';
import { type LoadedPolicy, parsePolicy } from '../../policies/load.ts';
import { formatProblems } from '../../policies/yaml.ts';
import type { Evaluator, Situation } from './evaluators/evaluator.ts';
import { agentEvaluators } from './evaluators/in-agent.ts';
import { gates, policyTest, previewLive, previewOfRecords } from './evaluators/in-memory.ts';

/**
 * Copies of a check drift apart, and whoever edits a policy looks at one of them and relies on another. So whatever
 * decides by a policy is asked the same, about any policies and records, and has to answer the same. Another way to a
 * decision is one more evaluator in the list.
 */

const NOW = '2026-11-21T12:00:00.000Z';
const NAMES = ['base.yaml', 'acme.yaml', 'own.yaml'] as const;

const POSSIBLE = {
  pid: ['keep', 'generalize', 'digest', 'drop'],
  wait_ms: ['keep', 'generalize', 'count', 'drop'],
  wait_event: ['keep', 'digest', 'drop'],
  relation: ['keep', 'scan', 'pseudonymize', 'drop'],
  role: ['scan', 'digest', 'drop'],
  query: ['scan', 'count', 'digest', 'drop'],
  'holders[].pid': ['keep', 'digest', 'drop'],
} as const satisfies Readonly<Record<string, readonly Treatment[]>>;
const FIELDS = Object.keys(POSSIBLE) as (keyof typeof POSSIBLE)[];
const CLASSES = ['identifier', 'measurement', 'enumeration', 'person', 'text'];

const named = fc
  .constantFrom(...FIELDS)
  .chain((field) => fc.constantFrom(...POSSIBLE[field]).map((treatment) => [field, treatment] as const))
  .map(
    ([field, treatment]) =>
      `description: x, streams: [sample/blocking], fields: ["${field}"], treatment: ${treatment}`,
  );
const classed = fc
  .subarray(CLASSES, { minLength: 1 })
  .map((classes) => `description: x, streams: ["*"], classes: [${classes.join(', ')}]`);
const breakGlass = fc
  .constantFrom(['11:00', '13:00'], ['09:00', '12:00'], ['12:00', '12:30'], ['14:00', '15:00'])
  .map(
    ([from, to]) =>
      `breakGlass: [{ id: inc, reason: "INC-7: who holds it", requestedBy: ann, approvedBy: bob, from: "2026-11-21T${from}:00Z", expires: "2026-11-21T${to}:00Z", streams: [sample/blocking], fields: [query], treatment: scan }]\n`,
  );
const part = (text: string) => fc.option(fc.constant(`${text}\n`), { nil: '' });

const somePolicy = fc
  .record({
    rules: fc.oneof(fc.constant<string[]>([]), fc.array(fc.oneof(named, classed), { maxLength: 4 })),
    about: part('connections: [db]'),
    scope: part('scope: { database: { allow: ["*"], deny: [payroll*] } }'),
    privileges: part('privileges: { refuse: [SUPERUSER] }'),
    detectors: fc.option(
      fc
        .constantFrom('mask', 'drop', 'withhold')
        .map((action) => `detectors: [{ detector: email, action: ${action} }]\n`),
      { nil: '' },
    ),
    breakGlass: fc.option(breakGlass, { nil: '' }),
  })
  .map(({ rules, ...rest }) => {
    const list = rules.map((rule, index) => `  - { id: r${index}, ${rule} }\n`).join('');
    return `${list === '' ? '' : `rules:\n${list}`}${Object.values(rest).join('')}`;
  });

const name = fc.stringMatching(/^[a-z]{3,9}$/);
const someBody = fc.record(
  {
    pid: fc.oneof(fc.integer({ min: 1, max: 99_999 }), fc.constant('no number')),
    wait_ms: fc.double({ min: 0, max: 9_000, noNaN: true }),
    wait_event: name,
    relation: fc.oneof(name, fc.constant('two words')),
    role: name,
    query: name.map((who) => `asked by ${who}@acme.example`),
    holders: fc.array(fc.record({ pid: fc.integer({ min: 1, max: 99 }) }), { maxLength: 3 }),
    undeclared: name,
  },
  { requiredKeys: ['query'] },
);

/** The first of them three times out of four: what is refused early says little about the rest. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

const someSituation = fc.record({
  policies: fc.tuple(somePolicy, somePolicy, somePolicy),
  body: someBody,
  key: fc.uuid(),
  database: mostly('orders', 'payroll', 'payroll-eu'),
  excess: fc.constantFrom([], [], ['SUPERUSER'], ['pg_monitor']),
  mode: mostly('full' as const, 'streaming' as const),
  class: mostly('symptom' as const, 'state' as const),
});
type Drawn = typeof someSituation extends fc.Arbitrary<infer T> ? T : never;

let folder: PolicyFolder;
let ofApi: PolicyFolder;
let evaluators: readonly Evaluator[];
beforeAll(async () => {
  [folder, ofApi] = await Promise.all([PolicyFolder.make(), PolicyFolder.make()]);
  const files = await Promise.all(NAMES.map((file) => write(file, '')));
  evaluators = [
    policyTest,
    previewLive,
    previewOfRecords,
    ...(await agentEvaluators(
      folder,
      ofApi,
      files.map(({ file }) => file),
      NOW,
    )),
  ];
});
afterAll(() => Promise.all([folder.remove(), ofApi.remove()]));

async function write(file: string, rest: string) {
  const text = `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: ${path.basename(file, '.yaml')}, version: "1", description: for tests }\n${rest}`;
  const place = await folder.write(file, text);
  return { file: place, text, loaded: mustParse(text, place) };
}

function mustParse(text: string, file: string): LoadedPolicy {
  const parsed = parsePolicy(text, file);
  if ('problems' in parsed) throw new Error(formatProblems(parsed.problems));
  return parsed;
}

async function situationOf({
  policies,
  body,
  key,
  database,
  excess,
  mode,
  ...drawn
}: Drawn): Promise<Situation> {
  const layers = await Promise.all(NAMES.map((file, index) => write(file, policies[index] ?? '')));
  const window = { from: NOW, to: NOW };
  const request = {
    connection: 'db',
    connector: 'sample',
    read: 'blocking',
    mode,
    window,
    trigger: 'once',
  } as const;
  const record = observe({
    stream: 'blocking',
    class: drawn.class,
    entity: 'sample://db/orders',
    key,
    occurredAt: NOW,
    scope: { database },
    body,
  });
  return { now: NOW, layers, request, record, excess };
}

describe('whatever decides by a policy', () => {
  it('decides the same about any policies and records', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(someSituation, async (drawn) => {
        const situation = await situationOf(drawn);
        const wanted = await gates.decide(situation);
        kinds.add('refused' in wanted ? wanted.refused : 'withheld' in wanted ? wanted.withheld : 'leaves');
        for (const evaluator of evaluators) {
          // A preview always runs in the mode of the read.
          if (drawn.mode === 'streaming' && /preview|test/.test(evaluator.name)) continue;
          expect([evaluator.name, await evaluator.decide(situation)]).toEqual([evaluator.name, wanted]);
        }
      }),
      { numRuns: 100, seed: 20_261_121 },
    );
    // Otherwise they would agree about nothing much.
    expect([...kinds].sort()).toEqual([
      'MODE_DENIED',
      'PRIVILEGE_REFUSED',
      'STREAM_DENIED',
      'detector',
      'leaves',
      'scope',
      'shape',
    ]);
  });
});
