import { describe, expect, it } from 'vitest';
import { sampleField, sampleManifest, sampleRead } from '../connectors/sdk/testing/index.ts';
import { admit, GOOD_STANDING, isDenied } from './admit.ts';
import { compilePolicy } from './compile.ts';
import { type LoadedPolicy, loadPolicies, PRESETS, parsePolicy } from './load.ts';
import { formatProblems } from './yaml.ts';

const NOW = { now: '2026-11-21T12:00:00.000Z' };

const MANIFEST = sampleManifest({
  capabilities: ['full', 'incremental'],
  reads: [sampleRead('locks', { mode: 'incremental', emits: ['locks', 'people'] })],
  streams: [
    {
      id: 'locks',
      kind: 'demo.locks/v1',
      description: 'Locks',
      classes: ['symptom'],
      primaryKey: ['pid'],
      cursor: null,
      fields: {
        pid: sampleField('integer', 'measurement', 'keep'),
        value: sampleField('scalar', 'configuration', 'digest'),
        note: sampleField('text', 'text', 'drop'),
      },
    },
    {
      id: 'people',
      kind: 'demo.people/v1',
      description: 'People',
      classes: ['state'],
      primaryKey: ['name'],
      cursor: null,
      fields: { name: sampleField('text', 'person', 'pseudonymize') },
    },
  ],
});

function layer(name: string, rules: string, rest = ''): LoadedPolicy {
  const yaml = `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: ${name}, version: "1", description: x }\nrules:\n${rules}\n${rest}`;
  const parsed = parsePolicy(yaml, `${name}.yaml`);
  if ('problems' in parsed) throw new Error(formatProblems(parsed.problems));
  return parsed;
}

const BASE = layer(
  'base',
  '  - { id: all, description: x, streams: ["*"], classes: [measurement, configuration, text] }',
);

function treatments(...layers: LoadedPolicy[]) {
  const { policy, problems } = compilePolicy([MANIFEST], layers, NOW);
  expect(formatProblems(problems)).toBe('');
  const fields = policy.of('orders').streams.get('demo/locks')?.fields ?? [];
  return Object.fromEntries(fields.map(({ path, treatment, rule }) => [path, `${treatment} ${rule}`]));
}

describe('compilePolicy', () => {
  it('is the intersection: an allowed class opens a field no further than its manifest does', () => {
    expect(treatments(BASE)).toEqual({
      'body.pid': 'keep base#all',
      'body.value': 'digest base#all',
      'body.note': 'drop null',
    });
  });

  it('denies by default', () => {
    const { policy } = compilePolicy([MANIFEST], [BASE], NOW);
    expect(policy.of('orders').streams.has('demo/people')).toBe(false);
    expect(policy.of('orders').reads.get('demo/locks')?.streams).toEqual(['locks']);
  });

  it('lets a later layer narrow without ceremony', () => {
    const narrow = layer(
      'narrow',
      '  - { id: less, description: x, streams: [demo/*], classes: [measurement], treatment: generalize }',
    );
    expect(treatments(BASE, narrow)['body.pid']).toBe('generalize narrow#less');
  });

  it('lets a rule widen only when it names stream and field', () => {
    const named = layer(
      'named',
      '  - { id: open, description: x, streams: [demo/locks], fields: [value], treatment: keep }',
    );
    expect(treatments(BASE, named)['body.value']).toBe('keep named#open');
    const wild = layer(
      'wild',
      '  - { id: open, description: x, streams: ["demo/*"], fields: [value], treatment: keep }',
    );
    const { problems } = compilePolicy([MANIFEST], [BASE, wild], NOW);
    expect(formatProblems(problems)).toBe(
      'wild.yaml:5:63 rules[0].fields[0]: is opened further than the manifest of demo does, by a rule with a wildcard (name the stream: demo/locks)',
    );
  });

  it('reports every rule that can not mean what it says, with a suggestion', () => {
    const wrong = layer(
      'wrong',
      [
        '  - { id: a, description: x, streams: [demo/lock], classes: [person] }',
        '  - { id: b, description: x, streams: [demo/locks], fields: [vlaue], treatment: drop }',
        '  - { id: c, description: x, streams: [demo/locks], fields: [note], treatment: keep }',
        '  - { id: d, description: x, streams: [demo/people], fields: [surname], treatment: drop }',
      ].join('\n'),
    );
    const { problems } = compilePolicy([MANIFEST], [wrong], NOW);
    expect(formatProblems(problems).split('\n')).toEqual([
      'wrong.yaml:5:40 rules[0].streams[0]: matches no stream of any connector (did you mean "demo/locks"?)',
      'wrong.yaml:6:62 rules[1].fields[0]: is not a field of the streams this rule names (did you mean "value"?)',
      'wrong.yaml:7:62 rules[2].fields[0]: is free text: keep is not possible (use scan, digest, count or drop)',
      'wrong.yaml:8:63 rules[3].fields[0]: is not a field of the streams this rule names (known: name)',
    ]);
  });

  it('holds reads to the smaller budget', () => {
    const tight = layer('tight', '  []', 'budgets:\n  - { reads: ["demo/*"], duration: 500ms, rows: 1000 }');
    const { policy } = compilePolicy([MANIFEST], [BASE, tight], NOW);
    expect(policy.of('orders').reads.get('demo/locks')?.budget).toEqual({
      durationMs: 500,
      rows: 100,
      bytes: 1_048_576,
      calls: 3,
    });
  });

  it('needs every layer to allow a name of its scope, and none to deny it', () => {
    const a = layer('a', '  []', 'scope: { namespace: { allow: [shop, "team-*"] } }');
    const b = layer('b', '  []', 'scope: { namespace: { deny: [team-secret] } }');
    const { policy } = compilePolicy([MANIFEST], [BASE, a, b], NOW);
    const seen = ['shop', 'team-a', 'team-secret', 'kube-system'].filter((name) =>
      policy.of('orders').scope.includes('namespace', name),
    );
    expect(seen).toEqual(['shop', 'team-a']);
    expect(policy.of('orders').scope.includes('database', 'orders')).toBe(true);
  });

  it('has a digest that changes with every edit', () => {
    const digest = (...layers: LoadedPolicy[]) => compilePolicy([MANIFEST], layers, NOW).policy.digest;
    const narrow = layer('narrow', '  []');
    expect(new Set([digest(BASE), digest(BASE, narrow), digest(narrow, BASE)]).size).toBe(3);
    expect(digest(BASE)).toBe(digest(BASE));
  });
});

describe('parsePolicy', () => {
  it('reports every problem at once with line, column and a suggestion', () => {
    const yaml = [
      'apiVersion: exhibit/v1',
      'kind: Policy',
      'metadata: { name: Bad Name, version: "1", description: x }',
      'rules:',
      '  - id: a',
      '    description: x',
      '    streams: ["*"]',
      '    clases: [person]',
      '    treatment: mask',
      'scope:',
      '  namspace: { deny: [a] }',
    ].join('\n');
    const parsed = parsePolicy(yaml, 'p.yaml');
    const lines = 'problems' in parsed ? formatProblems(parsed.problems).split('\n') : [];
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(
      expect.arrayContaining([
        'p.yaml:3:13 metadata.name:',
        'p.yaml:8:5 rules[0].clases:',
        'p.yaml:9:5 rules[0].treatment:',
        'p.yaml:11:3 scope.namspace:',
      ]),
    );
    expect(lines.find((line) => line.includes('clases'))).toContain('did you mean "classes"?');
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x', 'anchors are not allowed'],
    ['a tag', 'a: !!binary aGk=', 'tags are not allowed'],
    ['a doubled key', 'a: 1\na: 2', 'this key is there twice'],
    ['two documents', 'a: 1\n---\nb: 2', 'more than one YAML document'],
    ['a number that would be rounded', 'a: 12345678901234567890', 'too large for a number'],
    ['nothing', '', 'is empty'],
    ['broken YAML', 'a: [1', 'is not valid YAML'],
  ])('refuses %s', (_what, yaml, message) => {
    const parsed = parsePolicy(yaml, 'p.yaml');
    expect('problems' in parsed && formatProblems(parsed.problems)).toContain(message);
  });

  it('never quotes a value', () => {
    const parsed = parsePolicy(
      'apiVersion: hunter2-secret\nkind: [hunter2-secret]\nmetadata: hunter2-secret',
      'p.yaml',
    );
    expect('problems' in parsed && formatProblems(parsed.problems)).not.toContain('hunter2');
  });

  it('ships presets that load', async () => {
    expect((await loadPolicies(PRESETS)).map(({ policy }) => policy.metadata.name)).toEqual([...PRESETS]);
  });
});

describe('admit', () => {
  const { policy } = compilePolicy([MANIFEST], [BASE], NOW);
  const proven = new Map([['demo/locks', 'sha256:aa']]);
  const request = {
    connection: 'orders',
    connector: 'demo',
    read: 'locks',
    mode: 'incremental',
    window: { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T01:00:00.000Z' },
    trigger: 'interval',
  } as const;

  it('lets a proven read through with its budget, its open streams and its scope', () => {
    const read = admit(request, { policy, proven, standing: GOOD_STANDING, now: NOW.now });
    expect(isDenied(read)).toBe(false);
    expect(read).toMatchObject({ read: 'locks', streams: ['locks'], budget: { rows: 100 } });
  });

  it.each([
    ['UNKNOWN_READ', { read: 'select 1' }, proven, policy],
    ['UNPROVEN_READ', {}, new Map<string, string>(), policy],
    ['STREAM_DENIED', {}, proven, compilePolicy([MANIFEST], [layer('none', '  []')], NOW).policy],
    ['MODE_DENIED', { mode: 'cdc' }, proven, policy],
    ['BAD_WINDOW', { window: { from: request.window.to, to: request.window.from } }, proven, policy],
  ] as const)('refuses with %s', (code, change, proofs, compiled) => {
    expect(
      admit(
        { ...request, ...change },
        { policy: compiled, proven: proofs, standing: GOOD_STANDING, now: NOW.now },
      ),
    ).toMatchObject({ denied: code });
  });
});
