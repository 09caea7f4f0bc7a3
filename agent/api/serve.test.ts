import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiServer, serveApi } from './serve.ts';
import { ApiFixture, TOKEN } from './testing/api-fixture.ts';

let api: ApiFixture;
let server: ApiServer;
let release: () => void;
let connectionsAsked: Promise<void>;
beforeEach(async () => {
  let asked: () => void;
  connectionsAsked = new Promise((resolve) => {
    asked = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const connections = async () => {
    asked();
    await released;
    return [];
  };
  api = await ApiFixture.open({ connections });
  server = await serveApi(api.app, { port: 0 });
});
afterEach(async () => {
  release();
  await server.close(0);
  await api.close();
});

function get(path: string): Promise<Response> {
  return fetch(server.url + path, { headers: { Authorization: `Bearer ${TOKEN}` } });
}

/** What the server answers to these bytes until it closes the connection. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('serveApi', () => {
  it('listens on loopback and serves', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await get('/v1/evidence')).status).toBe(200);
    expect((await fetch(`${server.url}/v1/evidence`)).status).toBe(401);
  });

  it('refuses an address that is taken', async () => {
    const port = Number(new URL(server.url).port);
    await expect(serveApi(api.app, { port })).rejects.toMatchObject({
      code: 'LISTEN',
      hint: expect.any(String),
    });
  });

  it('finishes what is under way when it closes, and takes nothing more', async () => {
    const underWay = get('/v1/connections');
    await connectionsAsked;
    const closed = server.close();
    await expect(get('/healthz')).rejects.toThrow('fetch failed');
    release();
    expect((await underWay).status).toBe(200);
    await closed;
    await server.close();
  });

  it('cuts off what does not finish', async () => {
    const underWay = get('/v1/connections').then(
      () => 'answered',
      () => 'cut off',
    );
    await connectionsAsked;
    await server.close(1);
    expect(await underWay).toBe('cut off');
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['a large header', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /v1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    ['a strange Host', 'GET /healthz HTTP/1.1\r\nHost: @@\r\nConnection: close\r\n\r\n', 400],
    ['a path outside', 'GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 401],
    ['broken escapes', 'GET /v1/evidence/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 401],
  ])('answers to %s', async (_what, bytes, status) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
