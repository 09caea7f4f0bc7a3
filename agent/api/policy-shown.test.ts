import { afterEach, describe, expect, it } from 'vitest';
import { NAMES, policyText, QUERIES } from '../governance/testing/policy-folder.ts';
import { ApiFixture } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

const opened: ApiFixture[] = [];
const open = async (...args: Parameters<typeof ApiFixture.open>) => {
  const api = await ApiFixture.open(...args);
  opened.push(api);
  return api;
};
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

interface Shown {
  readonly digest: string;
  readonly layers: readonly { readonly name: string; readonly text: string }[];
}

const REASON = 'ticket OPS-17: look at the locks';
const PEOPLE = ['ada', 'grace'].map((name) => `${name}@bank.example`);
const EMERGENCY = `breakGlass:
  - id: inc-812
    reason: "INC-812: which service holds the locks"
    requestedBy: ${PEOPLE[0]}
    approvedBy: ${PEOPLE[1]}
    from: "2026-11-21T01:00:00Z"
    expires: "2026-11-21T03:00:00Z"
    streams: [sample/blocking]
    fields: [query]
    treatment: scan
patterns:
  - id: hr-number
    title: Number of somebody employed
    net: all
    shape: [{ text: HR }, { chars: digit, length: 7 }]
    examples: { match: [HR7654321], noMatch: [HR1] }
`;
const layers = [
  { name: 'strict' },
  { name: 'acme.yaml', text: policyText({ rules: [NAMES], more: EMERGENCY }) },
];

async function applied(api: ApiFixture, body: object): Promise<Response> {
  const { digest } = await api.get<Shown>('/v1/policy');
  return api.post('/v1/policy/apply', body, { 'If-Match': `"${digest}"` });
}

describe('a policy that holds what detectors find', () => {
  it('is shown with that masked, in force and as a version, and the net has nothing to hold back', async () => {
    const api = await open({}, { names: ['strict'] });
    expect((await applied(api, { layers, reason: REASON })).status).toBe(200);
    const inForce = await api.get<Shown>('/v1/policy');
    const kept = await api.get<Shown>(`/v1/policy/versions/${inForce.digest}`);
    for (const { layers: shown } of [inForce, kept]) {
      const text = shown.find(({ name }) => name === 'acme.yaml')?.text ?? '';
      expect(text).toContain('requestedBy: [REDACTED:email]');
      expect(text).toContain('match: [[REDACTED:hr-number]]');
      expect(text).toContain('INC-812: which service holds the locks');
    }
    expect(await api.governed.metrics.render()).not.toMatch(/exhibit_net_hits_total\{/);
  });
});

describe('a version that was in force', () => {
  const versionLayers = async (api: ApiFixture, digest: string) =>
    (await api.get<Shown>(`/v1/policy/versions/${digest}`)).layers;

  it('is applied again with the layers as they are given out, also where something in them is masked', async () => {
    const api = await open({}, { names: ['strict'] });
    await applied(api, { layers, reason: REASON });
    const first = await api.get<Shown>('/v1/policy');
    const other = [{ name: 'strict' }, { name: 'acme.yaml', text: policyText({ rules: [QUERIES] }) }];
    await applied(api, { layers: other, reason: REASON });
    expect((await api.get<Shown>('/v1/policy')).digest).not.toBe(first.digest);
    const back = await versionLayers(api, first.digest);
    expect(back.map(({ name }) => name)).toEqual(['preset:strict', 'acme.yaml']);
    const response = await applied(api, { layers: back, reason: REASON });
    expect([response.status, (await api.get<Shown>('/v1/policy')).digest]).toEqual([200, first.digest]);
    expect(api.governed.supervisor.version().layers.map(({ isPreset }) => isPreset)).toEqual([true, false]);
    expect(api.governed.supervisor.version().layers[1]?.text).toContain(PEOPLE[0]);
  });

  it('is taken by the digests of its layers, and an edit of what is masked is not taken for the original', async () => {
    const api = await open({}, { names: ['strict'] });
    await applied(api, { layers, reason: REASON });
    const { digest } = await api.get<Shown>('/v1/policy');
    const given = await versionLayers(api, digest);
    const bare = given.map(({ text: _text, ...layer }) => layer);
    const check = async (sent: readonly object[]) =>
      (await api.post('/v1/policy/check', { layers: sent })).json();
    expect(await check(bare)).toMatchObject({ good: true, digest });
    const edited = given.map((layer) => ({ ...layer, text: `${layer.text}# edited\n` })).slice(1);
    expect(await check(edited)).toMatchObject({
      outcome: 'problems',
      problems: [{ file: 'acme.yaml', message: expect.stringContaining('digest') }],
    });
    const unknown = [{ name: 'acme.yaml', digest: `sha256:${'4'.repeat(64)}` }];
    expect(await check(unknown)).toMatchObject({ outcome: 'problems' });
  });
});

describe('a refusal for want of signatures', () => {
  it('reaches whoever applied, and is not held back as if it said a secret', async () => {
    const trust = { keys: new Map(), required: 1, widening: 0 };
    const api = await open({}, { names: ['strict'], trust });
    const problem = await expectProblem(await applied(api, { layers, reason: REASON }), 422);
    expect(problem.detail).toMatch(/^SIGNATURE_ABSENT: The policy acme\.yaml is not signed/);
    expect(await (await api.post('/v1/policy/check', { layers, as: 'files' })).json()).toMatchObject({
      good: false,
      outcome: 'refused',
      version: 'strict@2+acme@1',
      refusal: { code: 'SIGNATURE_ABSENT', message: 'the policy acme.yaml is not signed and needs 1' },
    });
  });
});

describe('a comparison', () => {
  it('takes a version that was in force on either side, so that no text need travel', async () => {
    const asked: unknown[] = [];
    const tools = {
      replay: async (before: { readonly version: string }, after: { readonly version: string }) => {
        asked.push([before.version, after.version]);
        return { items: 3 };
      },
    };
    const api = await open({}, { names: ['strict'], tools });
    const first = await api.get<Shown>('/v1/policy');
    await applied(api, { layers, reason: REASON });
    const second = await api.get<Shown>('/v1/policy');
    const back = { version: first.digest, before: { version: second.digest }, replay: true };
    const response = await api.post('/v1/policy/diff', back);
    expect(await response.json()).toMatchObject({
      from: second.digest,
      fromVersion: 'strict@2+acme@1',
      to: first.digest,
      toVersion: 'strict@2',
      closed: expect.arrayContaining([expect.stringContaining('body.query')]),
      replay: { items: 3 },
    });
    expect(asked).toEqual([['strict@2+acme@1', 'strict@2']]);
    const texts = {
      layers: [{ name: 'acme.yaml', text: policyText({ rules: [NAMES, QUERIES] }) }],
      before: { layers: [{ name: 'acme.yaml', text: policyText({ rules: [NAMES] }) }] },
    };
    expect(await (await api.post('/v1/policy/diff', texts)).json()).toMatchObject({
      fromVersion: 'acme@1',
      opened: ['db: sample/blocking body.query'],
    });
  });

  it.each([
    ['neither', {}],
    ['both', { layers, version: `sha256:${'1'.repeat(64)}` }],
    ['a side of neither', { layers, before: {} }],
  ])('wants texts or a version, not %s', async (_case, body) => {
    const api = await open({}, { names: ['strict'] });
    await expectProblem(await api.post('/v1/policy/diff', body), 422);
  });

  it('knows no version that never was', async () => {
    const api = await open({}, { names: ['strict'] });
    const body = { version: `sha256:${'1'.repeat(64)}` };
    await expectProblem(await api.post('/v1/policy/diff', body), 404);
  });
});

describe('GET /v1/policy/audit/chain', () => {
  it('says that the trail is whole, and how long it is', async () => {
    const api = await open({}, { names: ['strict'] });
    expect(await api.get('/v1/policy/audit/chain')).toEqual({ ok: true, entries: 1 });
    await applied(api, { layers, reason: REASON });
    expect(await api.get('/v1/policy/audit/chain')).toEqual({ ok: true, entries: 2 });
  });
});
