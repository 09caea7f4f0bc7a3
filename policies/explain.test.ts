import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile.ts';
import { explain, type FieldExplanation, NotDeclared } from './explain.ts';
import type { LoadedPolicy } from './load.ts';
import { DEMO_MANIFEST, layer, METADATA } from './testing/layers.ts';
import { trySuggestions } from './testing/suggestions.ts';

const NOW = '2026-11-21T12:00:00.000Z';

function compiled(layers: readonly LoadedPolicy[]) {
  const { policy, problems } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  return policy;
}

function about(layers: readonly LoadedPolicy[], field: string, connection = 'db'): FieldExplanation {
  const question = { connection, connector: 'demo', stream: 'locks', field };
  const [found] = explain(compiled(layers), [DEMO_MANIFEST], question).fields;
  if (found === undefined) throw new Error('no field was explained');
  return found;
}

describe('explain', () => {
  it('names the rule that decides, its line, and those it overrules', () => {
    const acme = layer(
      'acme',
      'rules:\n  - { id: less, description: x, streams: [demo/locks], fields: [relation], treatment: digest }\n  - { id: none, description: x, streams: [demo/locks], fields: [relation], treatment: drop }',
    );
    const found = about([METADATA, acme], 'relation');
    expect(found.treatment).toBe('drop');
    expect(found.decides).toEqual({
      rule: 'acme#none',
      file: 'acme.yaml',
      line: 6,
      treatment: 'drop',
      held: null,
    });
    expect(found.overruled).toEqual([
      { rule: 'base#metadata', file: 'base.yaml', line: 5, treatment: 'keep', held: null },
      { rule: 'acme#less', file: 'acme.yaml', line: 5, treatment: 'digest', held: null },
    ]);
    expect(found.close).toEqual({ treatment: null, yaml: null, why: 'nothing of it leaves' });
  });

  it('says when a rule is held narrower because it does not name the field', () => {
    const wide = layer(
      'wide',
      'rules: [{ id: values, description: x, streams: ["*"], classes: [configuration], treatment: keep }]',
    );
    expect(about([wide], 'value').decides).toMatchObject({ treatment: 'digest', held: 'keep' });
  });

  it.each([
    [
      'a class that it has not',
      layer('a', 'rules: [{ id: r, description: x, streams: ["*"], classes: [person] }]'),
      'it is about the classes person, and this field is of class text',
    ],
    [
      'another stream',
      layer('a', 'rules: [{ id: r, description: x, streams: [demo/people], classes: [text, person] }]'),
      'it is about demo/people',
    ],
    [
      'other connections',
      layer('a', 'connections: [other]\nrules: [{ id: r, description: x, streams: ["*"], classes: [text] }]'),
      'its file is about other connections',
    ],
  ])('names the nearest rule that does not match: %s', (_case, near, why) => {
    expect(about([near], 'note')).toMatchObject({
      treatment: 'drop',
      decides: null,
      nearest: { rule: 'a#r', file: 'a.yaml', line: near.policy.connections === undefined ? 4 : 5, why },
    });
  });

  it('knows when an emergency is over, and offers no rule against one that holds', () => {
    const emergency = (from: string, expires: string) =>
      layer(
        'glass',
        `breakGlass: [{ id: now, reason: it is all on fire, requestedBy: ann, approvedBy: ben, from: ${from}, expires: ${expires}, streams: [demo/locks], fields: [note], treatment: scan }]`,
      );
    const over = about([METADATA, emergency('2026-11-21T01:00:00Z', '2026-11-21T02:00:00Z')], 'note');
    expect(over.nearest).toMatchObject({
      rule: 'glass#break-glass/now',
      why: 'it ended at 2026-11-21T02:00:00.000Z',
    });
    const holds = about([METADATA, emergency('2026-11-21T11:00:00Z', '2026-11-21T13:00:00Z')], 'note');
    expect(holds).toMatchObject({ treatment: 'scan', close: { yaml: null }, open: { yaml: null } });
  });

  it('shows the reads that feed the stream, their limits, scope and detectors', () => {
    const acme = layer(
      'acme',
      'budgets: [{ reads: [demo/locks], rows: 7 }]\nscope: { database: { deny: [payroll] } }\ndetectors: [{ detector: email, action: drop }]',
    );
    const found = explain(compiled([METADATA, acme]), [DEMO_MANIFEST], {
      connection: 'db',
      connector: 'demo',
      stream: 'locks',
    });
    expect(found.fields.map(({ field }) => field)).toEqual([
      'pid',
      'relation',
      'value',
      'note',
      'holders[].role',
    ]);
    expect(found.reads.map(({ read, lacks, budget }) => [read, lacks, budget.rows])).toEqual([
      ['locks', null, 7],
      ['row_changes', 'cdc', 100],
      ['server_log', 'server-log', 100],
    ]);
    expect(found.scope).toMatchObject([{ dimension: 'database', deny: ['payroll'], place: { line: 5 } }]);
    expect(found.detectors).toEqual([
      { detector: 'email', action: 'drop', place: { rule: 'acme', file: 'acme.yaml', line: 6 } },
    ]);
  });

  it.each([
    [{ connector: 'dmo', stream: 'locks' }, 'did you mean "demo"?'],
    [{ connector: 'demo', stream: 'lock' }, 'did you mean "locks"?'],
    [{ connector: 'demo', stream: 'locks', field: 'realtion' }, 'did you mean "relation"?'],
  ])('suggests what was meant: %o', (question, hint) => {
    const ask = () => explain(compiled([METADATA]), [DEMO_MANIFEST], { connection: 'db', ...question });
    expect(ask).toThrow(NotDeclared);
    expect(ask).toThrow(expect.objectContaining({ hint }));
  });
});

describe('the rules it suggests', () => {
  it.each([
    ['metadata', METADATA],
    ['nothing', layer('nothing', 'scope: { database: { deny: [x] } }')],
  ])('pass the checks and do what they say, over %s', (_case, base) => {
    const { tried, failures } = trySuggestions(DEMO_MANIFEST, [base]);
    expect(failures).toEqual([]);
    expect(tried).toBeGreaterThan(5);
  });

  it('have ids that are free', () => {
    const { close } = about([METADATA], 'pid');
    const first = layer(
      'first',
      `rules:\n${(close.yaml ?? '').replace('drop', 'count').replaceAll(/^/gm, '  ')}`,
    );
    expect(close.yaml).toContain('id: close-locks-pid\n');
    expect(about([METADATA, first], 'pid').close.yaml).toContain('id: close-locks-pid-2\n');
  });
});
