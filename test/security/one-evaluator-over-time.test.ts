import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { compileLayers } from '../../agent/governance/candidate.ts';
import { putInForceWith } from '../../agent/governance/in-force.ts';
import { mustBeReadable, readLayers } from '../../agent/governance/layers.ts';
import { previewRecorded } from '../../agent/governance/preview.ts';
import { type JsonObject, observe } from '../../connectors/sdk/index.ts';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { makeCanaries } from '../../policies/canaries/canaries.ts';
import { parseCases } from '../../policies/case-file.ts';
import { runCases } from '../../policies/cases.ts';
import { isWithheld, makeGate } from '../../policies/clear.ts';
import { type CompiledPolicy, compilePolicy } from '../../policies/compile.ts';
import { anyConnections, diffPolicies } from '../../policies/diff.ts';
import { explain } from '../../policies/explain.ts';
import { makeKeyed } from '../../policies/keyed.ts';
import { epochOf } from '../../policies/keyring.ts';
import { loadPolicies } from '../../policies/load.ts';
import { decideRecorded } from '../../policies/recorded.ts';
import { scannersWith } from '../../policies/scanners.ts';
import { DEMO_MANIFEST } from '../../policies/testing/layers.ts';
import { formatProblems } from '../../policies/yaml.ts';

/**
 * Many decisions at many moments, as flags and emergencies begin and end: what the command line's test, preview, diff and
 * explain say of policy files is what the agent does with them.
 */

const MOMENTS = ['11:59:59.999', '12:00:00.000', '12:30:00.000', '13:00:00.000', '18:00:00.000'].map(
  (time) => `2026-11-21T${time}Z`,
);
const WORLDS = 60;
const RECORDS = 36;
const CONNECTIONS = ['db', 'other'];
const MANIFESTS = [DEMO_MANIFEST];
const keyed = makeKeyed(epochOf(Buffer.alloc(32, 6), MOMENTS[0] ?? ''), 'acme', canonicalize);
const canaries = makeCanaries([]);
const scanners = scannersWith([]);
const makeInForce = putInForceWith();

const field = fc.constantFrom('pid', 'relation', 'value', '"holders[].role"');
const treatment = fc.constantFrom('keep', 'generalize', 'pseudonymize', 'digest', 'count', 'drop');
const rule = fc.oneof(
  fc
    .tuple(field, treatment)
    .map(([name, how]) => `streams: [demo/locks], fields: [${name}], treatment: ${how}`),
  fc
    .subarray(['measurement', 'identifier', 'configuration', 'person'], { minLength: 1 })
    .map((classes) => `streams: ["*"], classes: [${classes.join(', ')}]`),
);
const time = fc.constantFrom('12:00', '13:00', '18:00');
const layer = fc
  .record({
    rules: fc.array(rule, { maxLength: 4 }),
    connections: fc.constantFrom('', '', 'connections: [db]\n'),
    scope: fc.constantFrom('', 'scope: { database: { deny: [pay*] } }\n'),
    capability: fc.option(time),
    emergency: fc.option(time),
  })
  .map(({ rules, connections, scope, capability, emergency }) => {
    const flag =
      capability === null
        ? ''
        : `capabilities: [{ capability: cdc, connectors: [demo], owner: ada, reason: x, expires: "2026-11-21T${capability}:00Z" }]\n`;
    const glass =
      emergency === null
        ? ''
        : `breakGlass: [{ id: now, reason: what is going on, requestedBy: ada, approvedBy: bob, from: "2026-11-21T12:00:00Z", expires: "2026-11-21T${emergency === '12:00' ? '12:30' : emergency}:00Z", streams: [demo/locks], fields: [note], treatment: scan }]\n`;
    const list = rules.map((one, at) => `  - { id: r${at}, description: x, ${one} }\n`).join('');
    return `${connections}${list === '' ? '' : `rules:\n${list}`}${scope}${flag}${glass}`;
  });

const word = fc.stringMatching(/^[a-z]{3,9}$/);
const body = fc.record(
  {
    pid: fc.oneof(fc.integer({ min: 1, max: 99_999 }), fc.constant('none')),
    relation: word,
    value: fc.oneof(word, fc.integer(), fc.boolean()),
    note: word.map((one) => `${one} ${one}@acme.example`),
    holders: fc.array(fc.record({ role: word }), { maxLength: 2 }),
    undeclared: word,
  },
  { requiredKeys: [] },
);
const question = fc.record({
  connection: fc.constantFrom(...CONNECTIONS),
  read: fc.constantFrom('locks', 'locks', 'row_changes'),
  class: fc.constantFrom('symptom' as const, 'change' as const, 'state' as const),
  database: fc.constantFrom('orders', 'payroll'),
  body,
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-over-time-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeLayers(texts: readonly string[]): Promise<readonly string[]> {
  return Promise.all(
    texts.map(async (text, index) => {
      const file = path.join(folder, `layer${index}.yaml`);
      const head = `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: layer${index}, version: "1", description: x }\n`;
      await writeFile(file, head + text);
      return file;
    }),
  );
}

function observed({ class: of, database, body: said }: Question, now: string) {
  const about = { stream: 'locks', entity: 'demo://db/lock', key: '1', occurredAt: now };
  return observe({ ...about, class: of, scope: { database }, body: said });
}

interface Leaves {
  readonly body: JsonObject;
  readonly dropped: readonly string[];
  readonly redactions: readonly { readonly path: string; readonly rule: string }[];
  readonly rules: Readonly<Record<string, string>>;
}

type Wanted = Leaves | { readonly decision: string } | { readonly withheld: string };

/** What the gates make of it, in the words that tests of policies use. */
function wanted(asked: Question, policy: CompiledPolicy, now: string): Wanted {
  const from = { connection: asked.connection, connector: 'demo', read: asked.read };
  const gate = makeGate({ policy, keyed, scanners });
  const decision = decideRecorded(observed(asked, now), from, { policy, gate }, now);
  if ('denied' in decision) return { decision: decision.denied };
  if (isWithheld(decision)) return { withheld: decision.withheld };
  const rules = Object.fromEntries(
    Object.entries(decision.fields).map(([at, rule]) => [at.slice('body.'.length), rule]),
  );
  return {
    body: decision.body,
    dropped: decision.dropped.names,
    redactions: decision.redactions.map(({ path: at, rule }) => ({ path: at, rule })),
    rules,
  };
}

/** Names of cases of which `exhibit policy test` says something else. */
async function saidByTests(
  files: readonly string[],
  questions: readonly Question[],
  expected: readonly object[],
  now: string,
): Promise<readonly unknown[]> {
  const cases = questions.map(({ database, ...asked }, index) => ({
    name: `case ${index}`,
    record: { ...asked, connector: 'demo', stream: 'locks', scope: { database } },
    // What no manifest declares stays, and a case has to say that it means it.
    expect: { ...expected[index], ...('undeclared' in asked.body ? { absent: ['undeclared'] } : {}) },
  }));
  const head = { apiVersion: 'exhibit/v1', kind: 'PolicyTest', policies: files, now, cases };
  const text = stringify(head, { aliasDuplicateObjects: false });
  const loaded = parseCases(text, path.join(folder, 'x.test.yaml'), MANIFESTS);
  if ('problems' in loaded) throw new Error(formatProblems(loaded.problems));
  const { results } = await runCases(loaded, { manifests: MANIFESTS, keyed, now });
  expect(results).toHaveLength(questions.length);
  return results.filter(({ differences }) => differences.length > 0);
}

function saidByPreview(asked: Question, policy: CompiledPolicy, now: string) {
  const from = { connection: asked.connection, connector: 'demo', read: asked.read };
  const deps = {
    inForce: makeInForce(policy, { keyed, canaries }),
    tenant: 'acme',
    clock: fakeClock({ at: now }),
  };
  const { items, withheld } = previewRecorded([observed(asked, now)], from, deps);
  const [item] = items;
  if (item === undefined) return withheld[0]?.reason;
  return { body: item.body, dropped: item.dropped.names, rules: Object.keys(item.fields) };
}

function shownOf({ body: whole, dropped, rules }: Leaves) {
  return { body: whole, dropped, rules: Object.keys(rules).map((at) => `body.${at}`) };
}

function reasonOf(one: Exclude<Wanted, Leaves>): string {
  return 'decision' in one ? one.decision : one.withheld;
}

describe('over time, for many policies and records', () => {
  it('start, reload, policy test, preview, diff and explain agree', async () => {
    let decided = 0;
    const kinds = new Map<string, number>();
    const world = fc.tuple(
      fc.array(layer, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...MOMENTS),
      fc.array(question, { minLength: RECORDS, maxLength: RECORDS }),
    );
    await fc.assert(
      fc.asyncProperty(world, async ([texts, now, questions]) => {
        const files = await writeLayers(texts);
        const started = compilePolicy(MANIFESTS, await loadPolicies(files), {
          now,
          connections: CONNECTIONS,
        });
        expect(formatProblems(started.problems)).toBe('');
        const read = await readLayers(files);
        mustBeReadable(read);
        const rules = { manifests: MANIFESTS, connections: CONNECTIONS };
        const reloaded = compileLayers(read.layers, rules, now).policy;

        const expected = questions.map((asked) => wanted(asked, started.policy, now));
        expect(questions.map((asked) => wanted(asked, reloaded, now))).toEqual(expected);
        expect(await saidByTests(files, questions, expected, now)).toEqual([]);
        for (const [index, asked] of questions.entries()) {
          const one = expected[index];
          if (one === undefined) continue;
          const said = saidByPreview(asked, reloaded, now);
          expect(said).toEqual('body' in one ? shownOf(one) : reasonOf(one));
          const kind = 'body' in one ? 'leaves' : reasonOf(one);
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
          decided += 1;
        }

        const connections = anyConnections([started.policy], MANIFESTS);
        expect(diffPolicies(started.policy, reloaded, MANIFESTS, connections).changes).toEqual([]);
        for (const connection of CONNECTIONS) {
          const asked = { connection, connector: 'demo', stream: 'locks' };
          const told = explain(reloaded, MANIFESTS, asked).fields.map((one) => [one.field, one.treatment]);
          const plan = started.policy.of(connection).streams.get('demo/locks');
          const done = plan?.fields.map((one) => [one.path.slice('body.'.length), one.treatment]);
          expect(told).toEqual(done ?? told.map(([name]) => [name, 'drop']));
        }
      }),
      { numRuns: WORLDS, seed: 20_261_121 },
    );
    expect(decided).toBeGreaterThanOrEqual(2_000);
    // Otherwise they would agree about nothing much.
    for (const kind of ['leaves', 'shape', 'scope', 'CAPABILITY_DENIED', 'STREAM_DENIED']) {
      expect([kind, kinds.get(kind) ?? 0]).toEqual([kind, expect.toSatisfy((n: number) => n > 10)]);
    }
  });
});
