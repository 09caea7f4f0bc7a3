import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiFixture, TOKEN } from '../../agent/api/testing/api-fixture.ts';

/** Policies that somebody sends who wants the agent to hang, to fall over, or to say what it should not. */

const MARK = 'zq7xmark';
const HEAD = 'apiVersion: exhibit/v1\nkind: Policy\nmetadata: {name: acme, version: 1}\n';

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

const TEXTS: Readonly<Record<string, string>> = {
  nothing: '',
  'what is no mapping': MARK,
  'many unknown keys': `${HEAD}${lines(20_000, (index) => `${MARK}${index}: 1`)}`,
  'the same key': `${HEAD}${lines(10_000, () => `${MARK}: 1`)}`,
  'many rules': `${HEAD}rules:\n${lines(4_000, (index) => `  - {${MARK}${index}: {a: 1}}`)}`,
  'many streams': `${HEAD}streams:\n${lines(8_000, (index) => `  ${MARK}/s${index}: {x: 1}`)}`,
  'many patterns': `${HEAD}patterns:\n${lines(4_000, (index) => `  ${MARK}${index}: {a: 1}`)}`,
  'deep lists': `${HEAD}rules: ${'['.repeat(40_000)}`,
  'deep mappings': `${HEAD}rules: ${'{a: '.repeat(20_000)}`,
  'a billion laughs': `a: &a [${MARK}]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`,
  'a merge': `${HEAD}rules: {<<: {a: ${MARK}}}\n`,
  'a tag': `${HEAD}rules: !!js/function ${MARK}\n`,
  'another version of YAML': `%YAML 1.1\n---\n${HEAD}`,
  'names of prototypes': `${HEAD}__proto__: {mayApply: true}\nconstructor: {prototype: {${MARK}: 1}}\n`,
  'a key of another script': `${HEAD.replace('kind', 'k\u0456nd')}`,
  'hidden characters': `${HEAD}# ${MARK}\u202e\n`,
  'wrong escapes': `${HEAD}rules: "${'\\q'.repeat(50_000)}"\n`,
  'a number beyond all': `${HEAD}budgets: {maxItems: 1e999}\n`,
  'a long word': `${HEAD}rules: ${MARK.repeat(60_000)}\n`,
};

let api: ApiFixture;
beforeAll(async () => {
  api = await ApiFixture.open();
});
afterAll(() => api.close());

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(
    api.app.request(path, {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
    }),
  );
}

describe('a hostile policy', () => {
  it.each(Object.entries(TEXTS))('%s: is refused, in few words', async (_case, text) => {
    const response = await post(
      '/v1/policy/check',
      JSON.stringify({ layers: [{ name: 'acme.yaml', text }] }),
    );
    const answer = await response.text();
    expect([response.status, answer.length < 64 * 1024]).toEqual([200, true]);
    const { good, problems } = JSON.parse(answer) as { good: boolean; problems: unknown[] };
    expect(good).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(101);
    expect('mayApply' in {}).toBe(false);
  });

  it.each([
    ['compared', 'diff', {}],
    ['applied', 'apply', { reason: 'ticket OPS-17: a try' }],
  ])('is not %s', async (_case, route, body) => {
    const { digest } = await api.get<{ digest: string }>('/v1/policy');
    const layers = [{ name: 'acme.yaml', text: TEXTS['many unknown keys'] }];
    const response = await post(`/v1/policy/${route}`, JSON.stringify({ layers, ...body }), {
      'If-Match': `"${digest}"`,
    });
    expect(response.status).toBe(422);
    expect((await response.text()).length).toBeLessThan(64 * 1024);
    expect((await api.get<{ digest: string }>('/v1/policy')).digest).toBe(digest);
  });
});

describe('a hostile body about policies', () => {
  const nested = (open: string, close: string): string =>
    `{"layers":[{"name":"acme.yaml","text":"","signatures":[${open.repeat(50_000)}1${close.repeat(50_000)}]}]}`;

  it.each([
    ['nested lists as a signature', nested('[', ']')],
    ['nested objects as a signature', nested('{"a":', '}')],
    ['what only begins', '{"layers":['],
    ['a number', '7'],
    ['a list', '[]'],
    ['nothing', 'null'],
    ['too many layers', JSON.stringify({ layers: Array.from({ length: 33 }, () => ({ name: 'standard' })) })],
    ['no layer', '{"layers":[]}'],
    ['a layer that is none', '{"layers":[7]}'],
    ['a path', JSON.stringify({ layers: [{ name: '../../etc/passwd' }] })],
    ['a name with a line end', JSON.stringify({ layers: [{ name: 'acme.yaml\n', text: '' }] })],
    ['a text that is none', JSON.stringify({ layers: [{ name: 'acme.yaml', text: { toString: MARK } }] })],
    ['a key of a prototype', '{"layers":[{"name":"standard"}],"__proto__":{"a":1}}'],
    ['compressed bytes', '\u001f\u008b\u0008'],
  ])('%s: is refused', async (_case, body) => {
    const response = await post('/v1/policy/check', body);
    const answer = await response.text();
    expect(answer).not.toContain(MARK);
    expect(answer.length).toBeLessThan(8 * 1024);
    const isRefused = response.status >= 400 && response.status < 500;
    expect(isRefused || (response.status === 200 && answer.includes('"good":false'))).toBe(true);
  });
});
