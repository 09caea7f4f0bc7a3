import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, valuesAt } from './case-differences.ts';
import { parseCases } from './case-file.ts';
import { runCases } from './cases.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { DEMO_MANIFEST } from './testing/layers.ts';
import { formatProblems } from './yaml.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const keyed = makeKeyed(epochOf(Buffer.alloc(32, 3), NOW), 'test', (value) => JSON.stringify(value));
const deps = { manifests: [DEMO_MANIFEST], keyed, now: NOW };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cases-'));
  await writeFile(
    path.join(folder, 'house.yaml'),
    `apiVersion: exhibit/v1
kind: Policy
metadata: { name: house, version: "1", description: for tests }
rules:
  - { id: numbers, description: x, streams: ["*"], classes: [measurement, identifier] }
  - { id: closed, description: x, streams: [demo/locks], fields: [relation], treatment: drop }
  - { id: roles, description: x, streams: [demo/locks], fields: ["holders[].role"], treatment: pseudonymize }
capabilities:
  - { capability: cdc, connectors: [demo], owner: ada, reason: x, expires: "2026-11-22T00:00:00Z" }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

function parsed(cases: string, head = '') {
  const text = `apiVersion: exhibit/v1\nkind: PolicyTest\npolicies: [./house.yaml]\n${head}cases:\n${cases}\n`;
  return parseCases(text, path.join(folder, 'house.test.yaml'), [DEMO_MANIFEST]);
}

async function run(cases: string, head?: string) {
  const loaded = parsed(cases, head);
  if ('problems' in loaded) throw new Error(formatProblems(loaded.problems));
  return runCases(loaded, deps);
}

const record = (body: string, expected: string, rest = '') =>
  `  - name: one\n    record: { connector: demo, stream: locks, class: symptom, body: ${body}${rest} }\n    expect: ${expected}`;
const LOCK = '{ pid: 4711, relation: invoices, holders: [{ role: ada }, { role: grace }] }';

describe('what a case can expect', () => {
  it.each([
    [
      'the whole body',
      '{ body: { pid: 4711, holders: [{ role: "pseudonym:*" }, { role: "pseudonym:*" }] } }',
    ],
    ['single fields', '{ fields: { pid: 4711, "holders[1].role": "pseudonym:*", "body.pid": 4711 } }'],
    ['all elements', '{ fields: { "holders[].role": ["pseudonym:*", "pseudonym:*"] } }'],
    ['absence', '{ absent: [relation, "holders[2].role"] }'],
    ['what was dropped', '{ dropped: [relation] }'],
    ['redactions', '{ redactions: [{ path: "holders[].role", rule: pseudonymize }] }'],
    ['rules', '{ rules: { pid: "house#numbers", "holders[].role": "house#roles" } }'],
  ])('%s', async (_what, expected) => {
    expect((await run(record(LOCK, expected))).results[0]?.differences).toEqual([]);
  });

  it.each([
    ['a body with more', '{ body: { pid: 4711 } }', 'holders'],
    ['another value', '{ fields: { pid: 4712 } }', 'pid'],
    ['what is not there', '{ fields: { relation: invoices } }', 'relation'],
    ['what must not be there', '{ absent: [pid] }', 'pid'],
    ['fewer dropped', '{ dropped: [] }', 'dropped'],
    ['another redaction', '{ redactions: [{ path: pid, rule: digest }] }', 'redactions'],
    ['another rule', '{ rules: { pid: "house#closed" } }', 'rule of pid'],
    ['that it is held back', '{ withheld: scope }', 'record'],
    ['another entity', '{ entity: "demo://db/x" }', 'entity'],
  ])('and be wrong about: %s', async (_what, expected, at) => {
    expect((await run(record(LOCK, expected))).results[0]?.differences.map((one) => one.path)).toContain(at);
  });

  it.each([
    ['absent', '{ absent: [relatoin] }', 'cases[0].expect.absent[0]'],
    ['dropped', '{ dropped: ["holders[].rol"] }', 'cases[0].expect.dropped[0]'],
    ['a value', '{ fields: { "body.relatoin": x } }', 'cases[0].expect.fields.body.relatoin'],
    ['a rule', '{ rules: { relatoin: "house#closed" } }', 'cases[0].expect.rules.relatoin'],
  ])('of fields that there are, not of misspelled ones: %s', (_what, expected, at) => {
    const found = parsed(record(LOCK, expected));
    expect('problems' in found ? found.problems : []).toEqual([
      expect.objectContaining({ path: at, line: 7, hint: expect.stringContaining('did you mean "') }),
    ]);
  });

  it.each([
    ['what a rule closed', '{ fields: { relation: x } }', LOCK, 'nothing: dropped by house#closed'],
    [
      'what no rule names',
      '{ fields: { note: x } }',
      '{ note: x }',
      'nothing: no rule names it, so it stays',
    ],
    ['what is not held', '{ fields: { pid: 1 } }', '{ relation: x }', 'nothing: the record does not hold it'],
    [
      'what has another shape',
      '{ fields: { pid: 1 } }',
      '{ pid: [x] }',
      expect.stringMatching(
        /^nothing: house#numbers lets it out, and its value has not the shape .*: integer$/,
      ),
    ],
    ['what leaves', '{ absent: [pid] }', LOCK, '4711 (let out by house#numbers)'],
    ['a list', '{ fields: { "holders[5].role": x } }', LOCK, 'nothing: the record does not hold it'],
  ])('and is told why it is wrong: %s', async (_what, expected, body, got) => {
    const [result] = (await run(record(body, expected))).results;
    expect(result?.differences.map((one) => one.got)).toEqual([got]);
  });

  it('of records without misspelled fields, unless that they stay is what the case is about', () => {
    const found = (body: string, expected: string) => {
      const result = parsed(record(body, expected));
      return 'problems' in result ? result.problems.map(({ path: at, hint }) => [at, hint]) : [];
    };
    expect(
      found('{ pid: 1, relatoin: x, holders: [{ role: a }, { rol: b }] }', '{ fields: { pid: 1 } }'),
    ).toEqual([
      [
        'cases[0].record.body.relatoin',
        'did you mean "relation"?; to test that it stays, name it under absent',
      ],
      [
        'cases[0].record.body.holders[1].rol',
        'did you mean "holders[].role"?; to test that it stays, name it under absent',
      ],
    ]);
    expect(found('{ pid: 1, secret: { deep: [x] } }', '{ absent: ["secret.deep[0]"] }')).toEqual([]);
  });

  it('that what no manifest declares does not leave, when the record holds it', async () => {
    const held = record(
      '{ pid: 4711, secret: { deep: [x] } }',
      '{ absent: ["secret.deep[0]", secret, holders] }',
    );
    expect((await run(held)).results[0]?.differences).toEqual([]);
  });

  it('that a record does not leave, and why', async () => {
    const cases = [
      record(LOCK, '{ withheld: shape }', ', key: a, occurredAt: "2026-11-21T12:00:00Z", entity: nowhere'),
      record('{ name: ada }', '{ withheld: stream }').replace(
        'stream: locks, class: symptom',
        'stream: people, class: state',
      ),
    ];
    expect((await run(cases.join('\n'))).results.map((one) => one.differences)).toEqual([[], []]);
  });

  it('what a read may do, at the time that the case says', async () => {
    const read = (at: string, expected: string) =>
      `  - { name: one, now: "${at}", read: { connector: demo, read: row_changes }, expect: ${expected} }`;
    const cases = [
      read('2026-11-21T23:59:59Z', '{ decision: admitted, streams: [locks] }'),
      read('2026-11-22T00:00:00Z', '{ decision: CAPABILITY_DENIED }'),
      read('2026-11-22T00:00:00Z', '{ decision: admitted }'),
      read('2026-11-21T00:00:00Z', '{ streams: [locks, people] }'),
    ];
    const { results } = await run(cases.join('\n'), 'now: "2026-11-21T00:00:00Z"\n');
    expect(
      results.map((one) => one.differences.map(({ path: at, got }) => `${at} ${got.slice(0, 17)}`)),
    ).toEqual([[], [], ['decision CAPABILITY_DENIED'], ['streams nothing']]);
  });
});

describe('rights in a case', () => {
  const manifest = { ...DEMO_MANIFEST, rights: ['SUPERUSER', 'write privileges on *'] };
  const refusing = async (excess: string, expected: string) => {
    await writeFile(
      path.join(folder, 'refusing.yaml'),
      'apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: refusing, version: "1", description: for tests }\nprivileges: { refuse: [SUPERUSER] }\nrules: [{ id: all, description: x, streams: ["*"], classes: [measurement] }]\n',
    );
    const text = `apiVersion: exhibit/v1\nkind: PolicyTest\npolicies: [./refusing.yaml]\ncases:\n  - { name: one, read: { connector: demo, read: locks, excess: [${excess}] }, expect: ${expected} }\n`;
    const loaded = parseCases(text, path.join(folder, 'refusing.test.yaml'), [manifest]);
    if ('problems' in loaded) return loaded.problems.map(({ path: at, hint }) => `${at} ${hint}`);
    const { results } = await runCases(loaded, { ...deps, manifests: [manifest] });
    return results.flatMap(({ differences: all }) => all.map(({ got }) => got));
  };

  it('are those that the connector tells of', async () => {
    expect(await refusing('SUPERUSR', '{ decision: PRIVILEGE_REFUSED }')).toEqual([
      'cases[0].read.excess[0] did you mean "SUPERUSER"?',
    ]);
    expect(await refusing('SUPERUSER, write privileges on x.y', '{ decision: PRIVILEGE_REFUSED }')).toEqual(
      [],
    );
  });

  it('are told when they are not refused', async () => {
    expect(await refusing('write privileges on x.y', '{ decision: PRIVILEGE_REFUSED }')).toEqual([
      'admitted, for locks (held: write privileges on x.y; refused are: SUPERUSER)',
    ]);
  });
});

describe('coverage', () => {
  it('counts rules that let out and rules that keep in', async () => {
    const { coverage } = await run(record('{ pid: 1, relation: a }', '{ fields: { pid: 1 } }'));
    expect(coverage.map(({ rule, decided, line }) => [rule, decided, line])).toEqual([
      ['house#numbers', true, 5],
      ['house#closed', true, 6],
      ['house#roles', false, 7],
    ]);
  });
});

describe('a test that is wrong itself', () => {
  it.each([
    [
      'neither record nor read',
      '  - { name: x, expect: { decision: admitted } }',
      'either a record or a read',
    ],
    ['no expectation', record(LOCK, '{}'), 'expects nothing'],
    [
      'fields of a read',
      '  - { name: x, read: { connector: demo, read: locks }, expect: { absent: [pid] } }',
      'is not known of a read',
    ],
    ['streams of a record', record(LOCK, '{ streams: [locks] }'), 'is not known of a record'],
    [
      'an unknown connector',
      record(LOCK, '{ absent: [x] }').replace(': demo', ': dmo'),
      'did you mean "demo"?',
    ],
    ['an unknown key', record(LOCK, '{ absnt: [x] }'), 'did you mean "absent"?'],
    [
      'an unknown read',
      '  - { name: x, read: { connector: demo, read: lock }, expect: { decision: admitted } }',
      'did you mean "locks"?',
    ],
  ])('%s', (_what, cases, message) => {
    const loaded = parsed(cases);
    expect('problems' in loaded ? formatProblems(loaded.problems) : '').toContain(message);
  });
});

describe('differences', () => {
  it('are found wherever they are, and only there', () => {
    const paths = (expected: unknown, got: unknown) => differences(expected, got).map((one) => one.path);
    expect(paths({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
    expect(paths({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }, 4], c: null })).toEqual(['a[1].b', 'a[2]', 'c']);
    expect(paths({ a: 'hmac-sha256:*' }, { a: 'pseudonym:k:x' })).toEqual(['a']);
    expect(paths({ a: {} }, { a: [] })).toEqual(['a']);
  });

  it('finds no values in what objects inherit', () => {
    expect(valuesAt({ a: 1 }, 'constructor')).toEqual([]);
    expect(valuesAt({ a: [{ b: 1 }, { b: 2 }] }, 'a[].b')).toEqual([1, 2]);
  });
});
