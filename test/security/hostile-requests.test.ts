import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, serveApi } from '../../agent/api/serve.ts';
import { ApiFixture, TOKEN } from '../../agent/api/testing/api-fixture.ts';
import { type Listed, operations } from '../../agent/api/testing/operations.ts';
import { at, fakeItem } from '../../evidence/store/testing/store-fixtures.ts';

/** What somebody who holds the token, or does not, may try at the API: it is asked for data and answers with data. */

const MARK = 'zq7xmark';
const PAYLOADS: Readonly<Record<string, string>> = {
  'a second statement': `x'; DROP TABLE evidence; -- ${MARK}`,
  'a tautology': `${MARK}' OR '1'='1`,
  'a union': `${MARK}') UNION SELECT canonical FROM evidence --`,
  'an SQL query': `SELECT ${MARK} FROM pg_shadow`,
  'a GraphQL query': `{ ${MARK}: repository(owner: "acme") { object { text } } }`,
  'a path upwards': `../../../../etc/passwd?${MARK}`,
  'an encoded path upwards': `..%2f..%2fetc%2fpasswd%00${MARK}`,
  'a file URL': `file:///etc/passwd#${MARK}`,
  'an address of a metadata service': `http://169.254.169.254/latest/${MARK}`,
  'a shell command': `$(touch /tmp/${MARK}); \`id\``,
  'a label selector': `app in (${MARK}),!tier`,
  'a field selector': `metadata.name!=${MARK}`,
  'a JSON path': `$..[?(@.${MARK})]`,
  'a pattern': `%${MARK}%_*?[a-z]`,
  'a template': `\${jndi:ldap://${MARK}/a}{{7*7}}`,
  markup: `<script>${MARK}</script>`,
  'a header': `${MARK}\r\nSet-Cookie: a=b`,
  'a NUL': `\u0000${MARK}`,
  'a long text': `${MARK}${'A'.repeat(12_000)}`,
  'a prototype': `__proto__[${MARK}]`,
};
const INTERNALS = /\bat .*\.[jt]s\b|node:internal|node_modules|\/work\/|sqlite|ZodError|TypeError/i;

const ITEMS = Array.from({ length: 5 }, (_, index) => fakeItem(`item-${index}`, { occurredAt: at(index) }));

let api: ApiFixture;
let server: ApiServer;
let routes: readonly Listed[];
beforeAll(async () => {
  api = await ApiFixture.open();
  await api.append(ITEMS);
  server = await serveApi(api.app, { port: 0 });
  routes = await operations(api);
});
afterAll(async () => {
  await server.close(0);
  await api.close();
});

async function stored(): Promise<number> {
  return (await api.get<{ items: unknown[] }>('/v1/evidence?limit=1000')).items.length;
}

/** Where an answer is neither a problem that says nothing of what came, nor a page on which nothing was found. */
async function harmOf(response: Response): Promise<readonly string[]> {
  const text = await response.text();
  const isRefused = response.status >= 400 && response.status < 500;
  const type = response.headers.get('content-type');
  const checks = {
    'says what came': text.includes(MARK),
    'shows internals': INTERNALS.test(text),
    'sets a cookie': response.headers.has('set-cookie'),
    'may be taken for something else': response.headers.get('x-content-type-options') !== 'nosniff',
    'is no problem': isRefused && type !== 'application/problem+json',
    'found something or failed': !isRefused && text !== '{"items":[],"next":null}',
  };
  return Object.entries(checks).flatMap(([harm, isSo]) => (isSo ? [`${response.status} ${harm}`] : []));
}

/** The body of the answer to an incident that can not be opened. */
async function refusal(body: unknown): Promise<string> {
  const response = await api.post('/v1/incidents', body);
  expect([400, 422]).toContain(response.status);
  const text = await response.text();
  expect(text).not.toMatch(INTERNALS);
  expect(text.length).toBeLessThan(2_000);
  return text;
}

describe('a hostile value', () => {
  it.each(Object.entries(PAYLOADS))('%s, in any parameter of any route', async (_, payload) => {
    let tried = 0;
    const harmful: string[] = [];
    for (const { method, template, path, operation } of routes) {
      for (const { name, in: place } of operation.parameters ?? []) {
        if (place === 'header') continue;
        const value = encodeURIComponent(payload);
        const target = place === 'path' ? template.replace(`{${name}}`, value) : `${path}?${name}=${value}`;
        const harm = await harmOf(await api.request(target, { method }));
        if (harm.length > 0) harmful.push(`${method} ${template} ${name}: ${harm.join(', ')}`);
        tried += 1;
      }
    }
    expect(harmful).toEqual([]);
    expect(tried).toBeGreaterThan(10);
    expect(await stored()).toBe(ITEMS.length);
  });

  it.each(Object.entries(PAYLOADS))('%s, in any field of an incident', async (_, payload) => {
    const opened = api.incidents.opened.length;
    const values = [
      { title: 'x', lookback: payload },
      { title: 'x', window: { from: payload } },
      { title: 'x', window: { from: at(0), to: payload } },
      { title: 'x', scope: { connection: payload } },
      { title: 'x', scope: { namespace: [{ $ne: payload }] } },
      { title: { toString: payload } },
      { title: [payload] },
      payload,
      [payload],
    ];
    for (const body of values) expect(await refusal(body)).not.toContain(MARK);
    // A name that is not known is said again when somebody could have meant it, so that a typing error can be found.
    for (const body of [
      { title: 'x', [payload]: 1 },
      { title: 'x', scope: { [payload]: ['a'] } },
    ]) {
      await refusal(body);
    }
    expect(api.incidents.opened).toHaveLength(opened);
  });

  it('is kept as text where text belongs, and selects nothing where a name belongs', async () => {
    const title = `'; DROP TABLE incidents; -- ${MARK}`;
    const response = await api.post('/v1/incidents', {
      title,
      scope: { namespace: [`' OR 1=1 -- ${MARK}`] },
    });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as { id: string };
    expect(await api.get(`/v1/incidents/${id}`)).toMatchObject({ title });
    expect(await api.get('/v1/incidents')).toMatchObject({ items: [expect.objectContaining({ id })] });
  });

  it('never reaches the log', () => {
    expect(JSON.stringify(api.logged)).not.toContain(MARK);
  });
});

describe('what can be asked', () => {
  it('is a closed list of names: no query, command, path or selector among them', () => {
    const names = routes.flatMap(({ operation }) => (operation.parameters ?? []).map(({ name }) => name));
    expect(new Set(names)).toEqual(
      new Set([
        'from',
        'index',
        'manifest',
        'recipient',
        'size',
        'tile',
        'to',
        'kind',
        'class',
        'entity',
        'connection',
        'limit',
        'cursor',
        'id',
        'digest',
        'idempotency-key',
        // Of policies: which decisions, which stream goes on and why, and what the candidate was compared with.
        'decision',
        'since',
        'stream',
        'reason',
        'if-match',
      ]),
    );
    const writes = routes
      .filter(({ method }) => method !== 'GET')
      .map(({ method, template }) => `${method} ${template}`);
    expect(writes.sort()).toEqual([
      'DELETE /v1/policy/stops/{connection}/{stream}',
      'POST /v1/incidents',
      'POST /v1/incidents/{id}/close',
      'POST /v1/policy/apply',
      'POST /v1/policy/check',
      'POST /v1/policy/diff',
      'POST /v1/policy/explain',
      'POST /v1/policy/preview',
    ]);
  });

  it.each([
    'sql',
    'query',
    'q',
    'filter',
    'where',
    'path',
    'file',
    'url',
    'command',
    'labelSelector',
    'limit[]',
    '$where',
  ])('does not know a parameter %s, on any route', async (name) => {
    for (const { method, path, template } of routes) {
      const body =
        method === 'POST' && !template.includes('{')
          ? { body: '{"title":"x"}', headers: { 'content-type': 'application/json' } }
          : {};
      const response = await api.request(`${path}?${encodeURIComponent(name)}=${MARK}`, { method, ...body });
      expect([template, response.status]).toEqual([template, 400]);
      expect(await response.text()).not.toContain(MARK);
    }
  });

  it('is not changed by headers that ask for another method or address', async () => {
    const before = await stored();
    for (const header of ['x-http-method-override', 'x-original-url', 'x-rewrite-url', 'x-forwarded-path']) {
      const response = await api.request('/v1/evidence?limit=1', {
        headers: { [header]: 'DELETE /v1/incidents' },
      });
      expect([response.status, ((await response.json()) as { items: unknown[] }).items.length]).toEqual([
        200, 1,
      ]);
    }
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      expect([method, (await api.request('/v1/evidence', { method })).status]).toEqual([method, 405]);
    }
    expect(await stored()).toBe(before);
  });
});

describe('a body', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  const hostile: readonly (readonly [name: string, init: RequestInit, statuses: readonly number[]])[] = [
    ['of a megabyte', { body: JSON.stringify({ title: MARK.repeat(131_072) }), headers: JSON_TYPE }, [413]],
    [
      'nested ten thousand deep',
      { body: `${'['.repeat(10_000)}${']'.repeat(10_000)}`, headers: JSON_TYPE },
      [400, 422],
    ],
    ['that is no JSON', { body: `{"title":"${MARK}`, headers: JSON_TYPE }, [400]],
    ['that is no UTF-8', { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), headers: JSON_TYPE }, [400]],
    ['that is empty', { body: '', headers: JSON_TYPE }, [400, 422]],
    [
      'in XML',
      {
        body: `<!DOCTYPE x [<!ENTITY m SYSTEM "file:///${MARK}">]>`,
        headers: { 'content-type': 'application/xml' },
      },
      [415],
    ],
    ['in YAML', { body: `title: ${MARK}`, headers: { 'content-type': 'application/yaml' } }, [415]],
    ['of a form', { body: new URLSearchParams({ title: MARK }) }, [415]],
    ['that sets a prototype', { body: `{"title":"x","__proto__":{"${MARK}":1}}`, headers: JSON_TYPE }, [422]],
    [
      'with a constructor',
      { body: '{"title":"x","constructor":{"prototype":{"polluted":1}}}', headers: JSON_TYPE },
      [422],
    ],
    ['with a huge number', { body: '{"title":"x","lookback":1e999}', headers: JSON_TYPE }, [422]],
    ['with control characters', { body: '{"title":"a\\u001b[2Jb\\u0000"}', headers: JSON_TYPE }, [422]],
    [
      'with a window of a thousand years',
      { body: '{"title":"x","lookback":"8760000h"}', headers: JSON_TYPE },
      [422],
    ],
    [
      'with a window in the future',
      { body: '{"title":"x","window":{"from":"2999-01-01T00:00:00Z"}}', headers: JSON_TYPE },
      [422],
    ],
  ];
  it.each(hostile)('%s is refused and opens nothing', async (_, init, statuses) => {
    const opened = api.incidents.opened.length;
    const response = await api.request('/v1/incidents', { method: 'POST', ...init });
    expect(statuses).toContain(response.status);
    const text = await response.text();
    expect(text).not.toMatch(INTERNALS);
    expect(text.replaceAll('__proto__', '')).not.toContain(MARK);
    expect(api.incidents.opened).toHaveLength(opened);
    expect(Object.keys({}.constructor.prototype as object)).toEqual([]);
  });

  it('of any shape is answered with 201 or refused', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }),
          fc.record({ title: fc.json(), scope: fc.object() }).map((value) => JSON.stringify(value)),
        ),
        async (body) => {
          const response = await api.request('/v1/incidents', { method: 'POST', body, headers: JSON_TYPE });
          expect([201, 400, 422]).toContain(response.status);
          expect(await response.text()).not.toMatch(INTERNALS);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('on the wire', () => {
  const AUTHORIZED = `Authorization: Bearer ${TOKEN}\r\n`;

  /** What the server answers to these bytes until it closes the connection. */
  function raw(bytes: string): Promise<string> {
    const { hostname, port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
      socket.on('data', (data) => {
        answer += data.toString('latin1');
      });
      // A server that refuses a request may close while it is still being sent.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
      );
      socket.on('close', () => resolve(answer));
    });
  }

  it.each([
    '/healthz/../v1/evidence',
    '/healthz/..%2fv1/evidence',
    '/healthz/%2e%2e/v1/evidence',
    '/healthz;/../v1/evidence',
    '//v1/evidence',
    '/v1//evidence',
    '/./v1/evidence',
    '/V1/Evidence',
    '/v1/evidence/',
    '/v1/evidence?/healthz',
    '/v1/evidence#/healthz',
    'http://127.0.0.1/v1/evidence',
    `http://${['user', 'pass'].join(':')}@127.0.0.1/v1/evidence`,
    '/healthz%00/v1/evidence',
    '\\v1\\evidence',
  ])('no way of writing %s gets round the token', async (target) => {
    const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain('"items"');
    expect(answer).not.toMatch(INTERNALS);
  });

  it.each([
    ['a header of 100 kB', `X-Junk: ${'A'.repeat(100_000)}\r\n`, /^HTTP\/1\.1 431 /],
    [
      'three thousand headers',
      Array.from({ length: 3_000 }, (_, index) => `X-${index}: ${MARK}\r\n`).join(''),
      /^HTTP\/1\.1 (431|400) /,
    ],
    ['a token of 8 kB', `Authorization: Bearer ${'A'.repeat(8_000)}\r\n`, /^HTTP\/1\.1 401 /],
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 4\r\n', /^HTTP\/1\.1 400 /],
    ['a length and chunks', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', /^HTTP\/1\.1 400 /],
    ['a folded header', 'X-A: b\r\n c: d\r\n', /^HTTP\/1\.1 (400|401) /],
  ])('%s is refused', async (_, header, expected) => {
    const answer = await raw(
      `GET /v1/evidence HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}\r\n`,
    );
    expect(answer).toMatch(expected);
    expect(answer).not.toContain(MARK);
    expect(answer).not.toMatch(INTERNALS);
  });

  it('a body without a length is counted while it comes', async () => {
    const chunk = `10000\r\n${'A'.repeat(0x10000)}\r\n`;
    const head = `POST /v1/incidents HTTP/1.1\r\nHost: localhost\r\n${AUTHORIZED}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    expect(await raw(head + chunk.repeat(20))).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a small body without a length is read', async () => {
    const body = JSON.stringify({ title: 3 });
    const head = `POST /v1/incidents HTTP/1.1\r\nHost: localhost\r\n${AUTHORIZED}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
    const answer = await raw(`${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 422 /);
    expect(answer).toContain('"name":"title"');
  });

  it('a request id is taken over only when it is harmless, and never splits a header', async () => {
    const request = (id: string) =>
      raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Request-Id: ${id}\r\n\r\n`);
    expect(await request(`<${MARK}>`)).not.toContain(MARK);
    expect(await request(MARK.repeat(40))).not.toContain(MARK);
    expect(await request('abc-123')).toMatch(/^x-request-id: abc-123\r$/im);
  });
});
