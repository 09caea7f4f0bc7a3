import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCases } from './case-file.ts';
import { runCases } from './cases.ts';
import { makeKeyed } from './keyed.ts';
import { epochOf } from './keyring.ts';
import { PolicyProblems } from './load.ts';
import { DEMO_MANIFEST } from './testing/layers.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const MANIFESTS = [DEMO_MANIFEST];
const KEYED = makeKeyed(epochOf(Buffer.alloc(32, 6), NOW), 'acme', (value) => JSON.stringify(value));

const POLICY = `apiVersion: exhibit/v1
kind: Policy
metadata: { name: acme, version: "1", description: for tests }
rules:
  - { id: metadata, description: x, streams: ["*"], classes: [measurement, identifier, configuration, person] }
  - { id: note, description: x, streams: [demo/locks], fields: [note], treatment: scan }
  - { id: no-pid, description: x, streams: [demo/locks], fields: [pid], treatment: drop }
  - { id: unused, description: x, streams: [demo/people], fields: [name], treatment: digest }
scope: { database: { deny: [payroll] } }
privileges: { refuse: [SUPERUSER] }
breakGlass:
  - id: inc-7
    reason: "INC-7: which process holds the lock"
    requestedBy: ada@acme.example
    approvedBy: grace@acme.example
    from: "2026-11-21T18:00:00Z"
    expires: "2026-11-21T20:00:00Z"
    streams: [demo/locks]
    fields: [pid]
    treatment: keep
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'exhibit-cases-'));
  await writeFile(path.join(folder, 'acme.yaml'), POLICY);
});
afterAll(() => rm(folder, { recursive: true }));

const HEAD = 'apiVersion: exhibit/v1\nkind: PolicyTest\n';
const LOCKS =
  'connector: demo, stream: locks, class: symptom, body: { pid: 41, relation: orders, value: 8, note: "by ada@acme.example", holders: [{ role: ada }, { role: bob }], other: 1 }';

function parse(cases: string, policies = '[./acme.yaml]') {
  return parseCases(
    `${HEAD}policies: ${policies}\ncases:\n${cases}\n`,
    path.join(folder, 'acme.test.yaml'),
    MANIFESTS,
  );
}

async function run(cases: string) {
  const loaded = parse(cases);
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return runCases(loaded, { manifests: MANIFESTS, keyed: KEYED, now: NOW });
}

/** What differs in the one case that is run. */
async function differing(what: string, expected: string, more = '') {
  const { results } = await run(`  - { name: one, ${more}${what}, expect: { ${expected} } }`);
  return results.flatMap(({ differences }) => differences);
}

describe('policy tests', () => {
  it.each([
    'body: { relation: orders, value: "hmac-sha256:*", note: "by [REDACTED:email]", holders: [{ role: "pseudonym:*" }, { role: "pseudonym:*" }] }',
    'fields: { relation: orders, "holders[0].role": "pseudonym:*", "holders[].role": ["pseudonym:*", "pseudonym:*"] }',
    'absent: [pid], dropped: [pid], rules: { relation: "acme#metadata", note: "acme#note" }',
    'redactions: [{ path: value, rule: digest }, { path: note, rule: email }, { path: "holders[].role", rule: pseudonymize }]',
    'decision: admitted',
  ])('pass when it is so: %s', async (expected) => {
    expect(await differing(`record: { ${LOCKS} }`, expected)).toEqual([]);
  });

  it.each([
    ['body: { relation: orders }', ['value', 'note', 'holders']],
    ['fields: { relation: invoices }', ['relation']],
    ['fields: { "holders[1].role": bob }', ['holders[1].role']],
    ['fields: { value: "pseudonym:*" }', ['value']],
    ['absent: [note]', ['note']],
    ['dropped: []', ['dropped']],
    ['redactions: []', ['redactions', 'redactions', 'redactions']],
    ['rules: { relation: "acme#note" }', ['rule of relation']],
    ['withheld: scope', ['record']],
    ['decision: STREAM_DENIED', ['record']],
  ])('fail when it is not so, and say where: %s', async (expected, paths) => {
    const differences = await differing(`record: { ${LOCKS} }`, expected);
    expect(differences.map((one) => one.path).sort()).toEqual([...paths].sort());
  });

  it('say of a record that it does not leave, and why', async () => {
    const record = `record: { scope: { database: payroll }, ${LOCKS} }`;
    expect(await differing(record, 'withheld: scope')).toEqual([]);
    expect(await differing(record, 'fields: { relation: orders }')).toEqual([
      { path: 'record', expected: 'leaves', got: 'withheld: scope' },
    ]);
  });

  it('ask the first gate as well, with the rights that an account holds', async () => {
    const read = (more: string) => `read: { connector: demo, read: ${more} }`;
    expect(await differing(read('locks'), 'decision: admitted, streams: [locks, people]')).toEqual([]);
    expect(await differing(read('locks'), 'decision: admitted, streams: [locks]')).toHaveLength(1);
    expect(await differing(read('locks, excess: [SUPERUSER]'), 'decision: PRIVILEGE_REFUSED')).toEqual([]);
    expect(await differing(read('row_changes'), 'decision: CAPABILITY_DENIED')).toEqual([]);
    const [denied] = await differing(read('row_changes'), 'decision: admitted');
    expect(denied).toMatchObject({ expected: 'admitted', got: expect.stringContaining('CAPABILITY_DENIED') });
  });

  it('happen when they say: what has begun holds, what has ended does not', async () => {
    const at = async (now: string) => {
      const differences = await differing(`record: { ${LOCKS} }`, 'fields: { pid: 41 }', `now: "${now}", `);
      return differences.length === 0;
    };
    const moments = [
      '2026-11-21T17:59:59Z',
      '2026-11-21T18:00:00Z',
      '2026-11-21T19:59:59Z',
      '2026-11-21T20:00:00Z',
    ];
    expect(await Promise.all(moments.map(at))).toEqual([false, true, true, false]);
  });

  it('tell which rules decided about something, also those that keep it in', async () => {
    const { coverage } = await run(
      `  - { name: one, record: { ${LOCKS} }, expect: { fields: { relation: orders } } }`,
    );
    expect(coverage.map(({ rule, line, decided }) => [rule, line, decided])).toEqual([
      ['acme#metadata', 5, true],
      ['acme#note', 6, true],
      ['acme#no-pid', 7, true],
      ['acme#unused', 8, false],
      ['acme#break-glass/inc-7', 12, false],
    ]);
  });

  it('name the line of their case', async () => {
    const { results } = await run(
      '  - { name: one, read: { connector: demo, read: locks }, expect: { decision: admitted } }\n  - name: two\n    read: { connector: demo, read: people }\n    expect: { decision: MODE_DENIED }',
    );
    expect(results.map(({ name, line, differences }) => [name, line, differences.length])).toEqual([
      ['one', 5, 0],
      ['two', 6, 1],
    ]);
  });

  it('refuse policies with problems, with all of them', async () => {
    const loaded = parse(
      '  - { name: one, read: { connector: demo, read: locks }, expect: { decision: admitted } }',
      '[standrd, ./gone.yaml]',
    );
    if ('problems' in loaded) throw new Error('the tests themselves are good');
    const failed = runCases(loaded, { manifests: MANIFESTS, keyed: KEYED, now: NOW });
    await expect(failed).rejects.toThrow(PolicyProblems);
    await expect(failed).rejects.toMatchObject({ problems: { length: 2 } });
  });
});

describe('files of policy tests', () => {
  it.each([
    [
      'an unknown key',
      '{ name: x, reed: {}, expect: { decision: admitted } }',
      'cases[0].reed',
      'did you mean "read"?',
    ],
    [
      'a connector that is none',
      '{ name: x, read: { connector: dmo, read: locks }, expect: { decision: admitted } }',
      'cases[0].read.connector',
      'did you mean "demo"?',
    ],
    [
      'a stream that is none',
      '{ name: x, record: { connector: demo, stream: lock, class: state, body: {} }, expect: { decision: admitted } }',
      'cases[0].record.stream',
      'did you mean "locks"?',
    ],
    [
      'a read that is none',
      '{ name: x, read: { connector: demo, read: lokcs }, expect: { decision: admitted } }',
      'cases[0].read.read',
      'did you mean "locks"?',
    ],
  ])('%s is a problem with a suggestion', (_what, one, at, hint) => {
    const found = parse(`  - ${one}`);
    expect('problems' in found ? found.problems : []).toContainEqual(
      expect.objectContaining({ line: 5, path: at, hint }),
    );
  });

  it('a case is about a record or a read, and what it expects fits that', () => {
    for (const one of [
      '{ name: x, expect: { decision: admitted } }',
      `{ name: x, record: { ${LOCKS} }, read: { connector: demo, read: locks }, expect: { decision: admitted } }`,
      '{ name: x, read: { connector: demo, read: locks }, expect: { dropped: [] } }',
    ]) {
      expect(parse(`  - ${one}`)).toMatchObject({ problems: [{ line: 5 }] });
    }
  });
});
