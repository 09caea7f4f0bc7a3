import { describe, expect, it } from 'vitest';
import { compilePolicy } from './compile.ts';
import { anyConnections, diffPolicies } from './diff.ts';
import type { LoadedPolicy } from './load.ts';
import { DEMO_MANIFEST, layer, METADATA } from './testing/layers.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const CONNECTIONS = [
  { id: 'db', connector: 'demo' },
  { id: 'spare', connector: 'demo' },
];

function compiled(...layers: LoadedPolicy[]) {
  const { policy, problems } = compilePolicy([DEMO_MANIFEST], layers, { now: NOW });
  expect(problems).toEqual([]);
  return policy;
}

function diff(
  before: readonly LoadedPolicy[],
  after: readonly LoadedPolicy[],
  connections = CONNECTIONS.slice(0, 1),
) {
  return diffPolicies(compiled(...before), compiled(...after), [DEMO_MANIFEST], connections);
}

/** What changes when a layer is added to one that lets out metadata, and the other way round. */
function both(rest: string) {
  const added = layer('acme', rest);
  return { added: diff([METADATA], [METADATA, added]), removed: diff([METADATA, added], [METADATA]) };
}

const FLAG = (expires: string, capability = 'cdc') =>
  layer(
    'flags',
    `capabilities: [{ capability: ${capability}, connectors: [demo], owner: ann, reason: we look, expires: ${expires} }]`,
  );

describe('diffPolicies', () => {
  it('finds nothing where files are only written differently', () => {
    const split = [
      layer(
        'one',
        'rules: [{ id: a, description: other words, streams: [demo/*], classes: [measurement, identifier] }]',
      ),
      layer('two', 'rules: [{ id: b, description: x, streams: ["*"], classes: [configuration, person] }]'),
    ];
    expect(diff([METADATA], split)).toEqual({ changes: [], widens: false, risk: 'none' });
  });

  it('names the fields whose treatment is another one, with the rules that decided', () => {
    const { added, removed } = both(
      'rules:\n  - { id: text, description: x, streams: [demo/locks], fields: [note], treatment: scan }\n  - { id: rel, description: x, streams: [demo/locks], fields: [relation], treatment: digest }',
    );
    const db = { kind: 'field', connection: 'db' };
    const metadata = { rule: 'base#metadata', file: 'base.yaml', line: 5 };
    expect(added.changes).toEqual([
      {
        ...db,
        where: 'demo/locks relation',
        from: 'keep',
        to: 'digest',
        effect: 'closes',
        risk: 'none',
        before: metadata,
        after: { rule: 'acme#rel', file: 'acme.yaml', line: 6 },
      },
      {
        ...db,
        where: 'demo/locks note',
        from: 'drop',
        to: 'scan',
        effect: 'opens',
        risk: 'high',
        before: null,
        after: { rule: 'acme#text', file: 'acme.yaml', line: 5 },
      },
    ]);
    expect([added.widens, added.risk]).toEqual([true, 'high']);
    expect(removed.changes.map(({ where, effect, risk }) => [where, effect, risk])).toEqual([
      ['demo/locks relation', 'opens', 'low'],
      ['demo/locks note', 'closes', 'none'],
    ]);
  });

  it.each([
    ['holders[].role', 'pseudonymize', 'scan', 'opens', 'high'], // an ordinary login passes every detector
    ['holders[].role', 'keep', 'scan', 'closes', 'none'],
    ['holders[].role', 'scan', 'digest', 'closes', 'none'],
    ['pid', 'scan', 'digest', 'opens', 'low'], // a number can not be scanned, so nothing left before
    ['pid', 'generalize', 'digest', 'closes', 'none'],
    ['relation', 'generalize', 'digest', 'opens', 'low'], // a name has no coarser form
    ['relation', 'generalize', 'drop', 'closes', 'none'],
  ])('%s: from %s to %s is said to be what it is', (field, from, to, effect, risk) => {
    const as = (treatment: string) =>
      layer(
        'own',
        `rules: [{ id: own, description: x, streams: [demo/locks], fields: ["${field}"], treatment: ${treatment} }]`,
      );
    const { changes, widens } = diff([METADATA, as(from)], [METADATA, as(to)]);
    expect(changes).toMatchObject([{ where: `demo/locks ${field}`, from, to, effect, risk }]);
    expect(widens).toBe(effect === 'opens');
  });

  it('knows that a rule about a class can not show names by scanning them', () => {
    const scanned = 'rules: [{ id: s, description: x, streams: ["*"], classes: [person], treatment: scan }]';
    expect(both(scanned).added).toEqual({ changes: [], widens: false, risk: 'none' });
  });

  it('names streams that open and close', () => {
    const people = layer(
      'p',
      'rules: [{ id: p, description: x, streams: [demo/people], classes: [person] }]',
    );
    const nothing = layer('n', 'detectors: [{ detector: email, action: drop }]');
    expect(diff([nothing], [people]).changes).toMatchObject([
      { kind: 'stream', where: 'demo/people', from: 'closed', to: 'open', effect: 'opens', risk: 'high' },
      { kind: 'field', where: 'demo/people name', from: 'drop', to: 'pseudonymize', risk: 'high' },
    ]);
    expect(diff([people], [nothing])).toMatchObject({
      widens: false,
      risk: 'none',
      changes: [{ kind: 'stream', effect: 'closes' }, { kind: 'field' }],
    });
  });

  it('compares connection by connection', () => {
    const own = layer(
      'own',
      'connections: [spare]\nrules: [{ id: r, description: x, streams: [demo/locks], fields: [pid], treatment: drop }]',
    );
    expect(
      diff([METADATA], [METADATA, own], CONNECTIONS).changes.map(({ connection }) => connection),
    ).toEqual(['spare']);
    const policies = [compiled(METADATA), compiled(METADATA, own)];
    expect(anyConnections(policies, [DEMO_MANIFEST]).map(({ id }) => id)).toEqual(['', 'spare']);
  });

  it.each([
    ['scope: { database: { deny: [payroll] } }', 'scope', 'database', 'medium'],
    ['budgets: [{ reads: [demo/locks], rows: 7 }]', 'budget', 'demo/locks', 'low'],
    [
      'detectors: [{ detector: email, streams: [demo/people], action: drop }]',
      'detector',
      'demo/people email',
      'low',
    ],
    ['privileges: { refuse: ["SUPER*"] }', 'privilege', 'SUPER*', 'high'],
    [
      'retention: [{ streams: [demo/people], classes: [state], keep: 30d }]',
      'retention',
      'demo/people state',
      'low',
    ],
    [
      'patterns: [{ id: badge, title: Badges, shape: [{ text: "B-" }, { chars: digit, length: 6 }], examples: { match: [B-123456], noMatch: [B-12] } }]',
      'pattern',
      'badge',
      'high',
    ],
  ])('tells what holds back: with %s it closes, and without it opens', (rest, kind, where, risk) => {
    const { added, removed } = both(rest);
    expect(added).toMatchObject({
      widens: false,
      risk: 'none',
      changes: [{ kind, where, effect: 'closes' }],
    });
    expect(removed).toMatchObject({ widens: true, risk, changes: [{ kind, where, effect: 'opens', risk }] });
  });

  it.each([
    ['detectors: [{ detector: sql-literal, streams: [demo/people], action: ignore }]', 'detector', 'high'],
    ['views: [{ view: evidence.waits, description: x, columns: { relation: keep } }]', 'view', 'high'],
    [
      'breakGlass: [{ id: b, reason: it is all on fire, requestedBy: ann, approvedBy: ben, from: 2026-11-22T01:00:00Z, expires: 2026-11-22T02:00:00Z, streams: [demo/locks], fields: [note], treatment: scan }]',
      'break-glass',
      'high',
    ],
  ])('tells what lets through: with %s it opens', (rest, kind, risk) => {
    const { added, removed } = both(rest);
    expect(added).toMatchObject({ widens: true, risk });
    expect(added.changes[0]).toMatchObject({ kind, effect: 'opens', risk });
    expect(removed).toMatchObject({ widens: false, risk: 'none' });
  });

  it.each([
    ['cdc', 'demo/row_changes', 'medium'],
    ['server-log', 'demo/server_log', 'medium'],
  ])('tells that a flag gives %s, and that it holds for longer', (capability, where, risk) => {
    const soon = FLAG('2026-12-01T00:00:00Z', capability);
    const later = FLAG('2027-01-01T00:00:00Z', capability);
    expect(diff([METADATA], [METADATA, soon])).toMatchObject({
      risk,
      changes: [{ kind: 'capability', where, effect: 'opens', after: { file: 'flags.yaml', line: 4 } }],
    });
    expect(diff([METADATA, soon], [METADATA, later])).toMatchObject({
      widens: true,
      risk: 'low',
      changes: [{ kind: 'flag-end', where, effect: 'opens' }],
    });
    expect(diff([METADATA, later], [METADATA, soon]).widens).toBe(false);
    expect(diff([METADATA, soon], [METADATA]).widens).toBe(false);
  });

  it.each([
    ['allow: ["shop-*"]', 'allow: ["shop-*"], deny: ["pay-*"]', []],
    ['allow: ["shop-*"]', 'allow: ["shop-*", shop-old]', []],
    ['allow: ["shop-*"]', 'allow: [shop-old]', ['closes']],
    ['allow: [shop-old]', 'allow: ["shop-*"]', ['opens']],
    ['allow: [a]', 'allow: [b]', ['opens', 'closes']],
    ['allow: ["s*"], deny: ["shop-*"]', 'allow: ["s*"], deny: ["shop*"]', ['closes']],
  ])('compares what scopes mean, not how they are written: %s and %s', (before, after, effects) => {
    const scope = (rule: string) => layer('s', `scope: { namespace: { ${rule} } }`);
    const { changes } = diff([METADATA, scope(before)], [METADATA, scope(after)]);
    expect(changes.map(({ effect }) => effect)).toEqual(effects);
  });

  it('compares views by column, rows and group size', () => {
    const view = (rest: string) => layer('v', `views: [{ view: evidence.pay, description: x, ${rest} }]`);
    const before = view('columns: { a: digest, b: keep }, maxRows: 10, groupSize: { column: n, atLeast: 5 }');
    const after = view('columns: { a: keep }, maxRows: 20, groupSize: { column: n, atLeast: 3 }');
    const { changes } = diff([METADATA, before], [METADATA, after]);
    expect(changes.map(({ where, effect, risk }) => [where, effect, risk])).toEqual([
      ['evidence.pay a', 'opens', 'high'],
      ['evidence.pay b', 'closes', 'none'],
      ['evidence.pay maxRows', 'opens', 'low'],
      ['evidence.pay groupSize', 'opens', 'high'],
    ]);
  });
});
