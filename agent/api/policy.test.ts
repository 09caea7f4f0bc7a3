import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NAMES, NUMBERS, policyText, QUERIES } from '../governance/testing/policy-folder.ts';
import { ApiFixture } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.open({}, { names: ['strict'] });
});
afterEach(() => api.close());

const layersOf = (...rules: readonly string[]) => [
  { name: 'strict' },
  { name: 'acme.yaml', text: policyText({ rules }) },
];
const REASON = 'ticket OPS-17: look at the locks';

interface InForce {
  readonly version: string;
  readonly digest: string;
  readonly source: string;
  readonly by: string;
  readonly reason: string | null;
  readonly layers: readonly { readonly name: string; readonly preset: boolean; readonly text: string }[];
  readonly lastFailure: unknown;
  readonly stops: readonly unknown[];
}

const inForce = () => api.get<InForce>('/v1/policy');
const apply = async (body: unknown, digest?: string) =>
  api.post('/v1/policy/apply', body, { 'If-Match': `"${digest ?? (await inForce()).digest}"` });

describe('/v1/policy', () => {
  it('tells what is in force, with its texts', async () => {
    expect(await inForce()).toMatchObject({
      version: 'strict@2',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      source: 'start',
      by: 'agent',
      reason: null,
      validUntil: null,
      layers: [
        { name: 'preset:strict', preset: true, signers: [], text: expect.stringContaining('kind: Policy') },
      ],
      warnings: expect.any(Array),
      stops: [],
      lastFailure: null,
      mayApply: true,
    });
  });

  it('tells why what was sent was refused, and what the files have wrong', async () => {
    const broken = policyText({ rules: [NAMES.replace('relation', 'relatoin')] });
    const problem = await expectProblem(
      await apply({ layers: [{ name: 'acme.yaml', text: broken }], reason: REASON }),
      422,
    );
    expect(problem.detail).toMatch(/^PROBLEMS: /);
    expect(problem.errors).toEqual([
      {
        in: 'body',
        name: expect.stringMatching(/^acme\.yaml:5:\d+ rules\[0\]\.fields\[0\]$/),
        message: expect.stringContaining('did you mean "relation"?'),
      },
    ]);
    expect((await inForce()).lastFailure).toBeNull();
  });
});

describe('check', () => {
  it('says whether a candidate could be used, with every problem at its line, and changes nothing', async () => {
    const before = await inForce();
    const good = await api.post('/v1/policy/check', { layers: layersOf(QUERIES) });
    expect(await good.json()).toMatchObject({ good: true, version: 'strict@2+acme@1', problems: [] });
    const text = `${policyText({ rules: [NAMES] })}rulez: []\nretentoin: []\n`;
    const bad = await api.post('/v1/policy/check', { layers: [{ name: 'acme.yaml', text }] });
    expect(await bad.json()).toMatchObject({
      good: false,
      version: null,
      problems: [
        { file: 'acme.yaml', line: 6, message: expect.stringContaining('is not a known key') },
        { file: 'acme.yaml', line: 7, hint: expect.stringContaining('retention') },
      ],
    });
    expect(await inForce()).toEqual(before);
  });

  it('knows presets by name, and reads no file that a client names', async () => {
    for (const name of ['etc/passwd', '/etc/passwd', 'preset:etc/passwd']) {
      const report = await api.post('/v1/policy/check', { layers: [{ name }] });
      expect(await report.json()).toMatchObject({
        good: false,
        outcome: 'problems',
        problems: [{ file: name, message: 'is not a preset, and has no text' }],
      });
    }
    await expectProblem(await api.post('/v1/policy/check', { layers: [{ name: 'a\nb' }] }), 422);
    const other = { name: 'preset:standard', text: policyText({ rules: [QUERIES] }) };
    const report = await api.post('/v1/policy/check', { layers: [other] });
    expect(await report.json()).toMatchObject({
      problems: [{ file: 'preset:standard', message: expect.stringMatching(/^is a preset, and/) }],
    });
  });

  it('takes a candidate of up to 1 MiB, and no more', async () => {
    const text = `${policyText({ rules: [NAMES] })}#${'x'.repeat(900_000)}\n`;
    const large = await api.post('/v1/policy/check', { layers: [{ name: 'acme.yaml', text }] });
    expect(await large.json()).toMatchObject({ good: true });
    const tooLarge = { layers: [{ name: 'acme.yaml', text: `#${'x'.repeat(1_050_000)}` }] };
    await expectProblem(await api.post('/v1/policy/check', tooLarge), 413);
    const bomb = `a: &a [x, x]\n${Array.from({ length: 20 }, (_, n) => `b${n}: [*a, *a]`).join('\n')}`;
    const report = await api.post('/v1/policy/check', { layers: [{ name: 'bomb.yaml', text: bomb }] });
    expect(await report.json()).toMatchObject({ good: false });
  });
});

describe('questions about a candidate', () => {
  it('diff tells what it opens and closes, and changes nothing', async () => {
    const before = await inForce();
    const response = await api.post('/v1/policy/diff', { layers: layersOf(QUERIES) });
    expect(await response.json()).toMatchObject({
      from: before.digest,
      widens: true,
      opened: [expect.stringContaining('query')],
      closed: [],
    });
    await expectProblem(await api.post('/v1/policy/diff', { layers: [{ name: 'x', text: 'a: [' }] }), 422);
    await expectProblem(await api.post('/v1/policy/diff', { layers: layersOf(QUERIES), replay: true }), 404);
    expect(await inForce()).toEqual(before);
  });

  it('explain asks about a connection that there is, under the candidate or the policy in force', async () => {
    const asked: unknown[] = [];
    const tools = {
      explain: (policy: { readonly version: string }, question: object) => {
        asked.push([policy.version, question]);
        return { rule: 'strict#metadata' };
      },
    };
    const asking = await ApiFixture.open({}, { names: ['strict'], tools });
    const question = { connection: 'db', stream: 'blocking', field: 'query' };
    const response = await asking.post('/v1/policy/explain', question);
    expect(await response.json()).toEqual({ rule: 'strict#metadata' });
    await asking.post('/v1/policy/explain', { ...question, layers: layersOf(NAMES) });
    expect(asked).toEqual([
      ['strict@2', { ...question, connector: 'sample' }],
      ['strict@2+acme@1', { ...question, connector: 'sample' }],
    ]);
    await asking.post('/v1/policy/explain', { ...question, stream: 'rca.queues' });
    expect(asked.at(-1)).toEqual(['strict@2', { ...question, stream: 'rca.queues', connector: 'sample' }]);
    await asking.post('/v1/policy/explain', { ...question, stream: 'sample/blocking' });
    expect(asked.at(-1)).toEqual(['strict@2', { ...question, connector: 'sample' }]);
    const ofAnother = await asking.post('/v1/policy/explain', { ...question, stream: 'github/commits' });
    expect((await expectProblem(ofAnother, 404)).detail).toContain('Ask for sample/commits');
    const noStream = await asking.post('/v1/policy/explain', { ...question, stream: 'Blocking' });
    expect((await expectProblem(noStream, 422)).errors).toMatchObject([
      { name: 'stream', message: expect.stringContaining('such as pull_requests or github/pull_requests') },
    ]);
    const noView = await asking.post('/v1/policy/explain', { ...question, stream: 'rca.queues.note' });
    await expectProblem(noView, 422);
    const unknown = { ...question, connection: 'nowhere' };
    await expectProblem(await asking.post('/v1/policy/explain', unknown), 404);
    await asking.close();
  });

  it('preview runs one at a time', async () => {
    let finish: (report: object) => void = () => undefined;
    const tools = { preview: () => new Promise<object>((resolve) => (finish = resolve)) };
    const asking = await ApiFixture.open({}, { names: ['strict'], tools });
    const body = { connection: 'db', read: 'blocking' };
    const first = asking.post('/v1/policy/preview', body);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await expectProblem(await asking.post('/v1/policy/preview', body), 409);
    finish({ items: [] });
    expect(await (await first).json()).toEqual({ items: [] });
    await asking.close();
  });
});

describe('apply', () => {
  it('puts a policy in force for whoever compared with the one that is, and says who and why', async () => {
    const { digest } = await inForce();
    const response = await apply({ layers: layersOf(NAMES), reason: REASON }, digest);
    expect(response.status).toBe(200);
    const after = await inForce();
    expect(await response.json()).toEqual({
      result: 'applied',
      version: 'strict@2+acme@1',
      digest: after.digest,
    });
    expect(after).toMatchObject({ source: 'api', by: 'api:token', reason: REASON });
    expect(after.layers.map(({ name, preset }) => [name, preset])).toEqual([
      ['preset:strict', true],
      ['acme.yaml', false],
    ]);
    await expectProblem(await apply({ layers: layersOf(NUMBERS), reason: REASON }, digest), 412);
    expect((await inForce()).digest).toBe(after.digest);
    const audit = await api.get<{ items: readonly object[] }>('/v1/policy/audit');
    expect(audit.items).toMatchObject([
      { action: 'policy.api', outcome: 'refused', detail: { code: 'CHANGED_MEANWHILE' } },
      {
        action: 'policy.api',
        outcome: 'done',
        actor: 'api:token',
        detail: { reason: REASON, to: after.digest },
      },
      { action: 'policy.start', outcome: 'done' },
    ]);
    const versions = await api.get<{ items: readonly object[] }>('/v1/policy/versions');
    expect(versions.items).toMatchObject([
      { version: 'strict@2+acme@1', active: true, source: 'api' },
      { version: 'strict@2', active: false },
    ]);
    expect(versions.items[0]).not.toHaveProperty('layers.0.text');
    expect(await api.get(`/v1/policy/versions/${after.digest}`)).toMatchObject({
      version: 'strict@2+acme@1',
      layers: [{ name: 'preset:strict' }, { name: 'acme.yaml', text: expect.stringContaining('names') }],
    });
    await expectProblem(await api.request(`/v1/policy/versions/sha256:${'0'.repeat(64)}`), 404);
  });

  it.each<[string, object, Record<string, string>]>([
    ['without If-Match', { layers: layersOf(NAMES), reason: REASON }, {}],
    ['with another If-Match', { layers: layersOf(NAMES), reason: REASON }, { 'If-Match': '*' }],
  ])('is refused %s', async (_case, body, headers) => {
    await expectProblem(await api.post('/v1/policy/apply', body, headers), 400);
  });

  it.each([
    ['a reason', { layers: layersOf(NAMES) }],
    ['a reason worth the name', { layers: layersOf(NAMES), reason: 'because' }],
    ['layers', { layers: [], reason: REASON }],
  ])('is refused without %s', async (_case, body) => {
    await expectProblem(await apply(body), 422);
  });

  it('is refused where the config does not allow it', async () => {
    const closed = await ApiFixture.open({}, { mayApply: false });
    const { digest } = await closed.get<InForce>('/v1/policy');
    const body = { layers: layersOf(NAMES), reason: REASON };
    const problem = await expectProblem(
      await closed.post('/v1/policy/apply', body, { 'If-Match': `"${digest}"` }),
      403,
    );
    expect(problem.detail).toContain('governance.apply');
    expect((await closed.get<InForce>('/v1/policy')).digest).toBe(digest);
    await closed.close();
  });
});

describe('decisions', () => {
  it('are counted by connection, read and reason', async () => {
    const one = { connection: 'db', read: 'blocking', policy: `sha256:${'7'.repeat(64)}`, reason: 'why' };
    const at = '2026-11-21T01:00:00.000Z';
    const { governance } = api.store;
    for (const code of ['STREAM_DENIED', 'STREAM_DENIED', 'BAD_WINDOW'])
      await governance.recordDecision({ ...one, decision: 'deny', code, at });
    await governance.recordDecision({ ...one, decision: 'allow', code: 'ADMITTED', at });
    const denied = await api.get<{ items: readonly object[] }>('/v1/policy/decisions?decision=deny');
    expect(denied.items).toHaveLength(2);
    expect(denied.items).toContainEqual(expect.objectContaining({ code: 'STREAM_DENIED', count: 2 }));
    expect(await api.get('/v1/policy/decisions?connection=other')).toEqual({ items: [], next: null });
    expect(await api.get('/v1/policy/decisions?since=2026-11-21T01:00:01Z')).toMatchObject({ items: [] });
    await expectProblem(await api.request('/v1/policy/decisions?decision=maybe'), 400);
  });
});

describe('stops', () => {
  it('are shown, and released with a reason that is kept', async () => {
    api.governed.standing.stop('db', 'blocking', 'archive-row');
    expect((await inForce()).stops).toMatchObject([
      { connection: 'db', stream: 'blocking', canary: 'archive-row' },
    ]);
    const path = '/v1/policy/stops/db/blocking';
    await expectProblem(await api.request(path, { method: 'DELETE' }), 400);
    const release = () => api.request(`${path}?reason=${encodeURIComponent(REASON)}`, { method: 'DELETE' });
    expect((await release()).status).toBe(204);
    expect((await inForce()).stops).toEqual([]);
    await expectProblem(await release(), 404);
    const audit = await api.get<{ items: readonly object[] }>('/v1/policy/audit?limit=1');
    expect(audit.items).toMatchObject([
      {
        action: 'stream.release',
        actor: 'api:token',
        target: 'db/blocking',
        detail: { reason: REASON, canary: 'archive-row' },
      },
    ]);
  });
});

describe('the last look at responses', () => {
  it('holds a response back in which there is something that must not leave, and says so', async () => {
    const token = ['ghp', 'Q7xV2mK9pL4nR8tW3yB6cD1fG5hJ0kZs2aX4'].join('_');
    const leaking = await ApiFixture.open({
      connectorTypes: async () => [{ id: 'x', summary: token } as never],
      metrics: { render: async () => `up{token="${token}"} 1\n`, contentType: 'text/plain' },
    });
    for (const path of ['/v1/connector-types', '/metrics']) {
      const problem = await expectProblem(await leaking.request(path), 500);
      expect(problem.detail).toContain('held back');
      expect(JSON.stringify(problem)).not.toContain(token);
    }
    expect(leaking.logged.map(({ fields }) => [fields['where'], fields['rule']])).toEqual([
      ['response', 'github-token'],
      ['metrics', 'github-token'],
    ]);
    expect(JSON.stringify(leaking.logged)).not.toContain(token);
    const metrics = await leaking.governed.metrics.render();
    expect(metrics).toContain('exhibit_net_hits_total{where="response",rule="github-token"} 1');
    await leaking.close();
  });
});
