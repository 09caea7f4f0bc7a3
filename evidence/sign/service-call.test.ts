import { afterEach, describe, expect, it } from 'vitest';
import { callService } from './service-call.ts';
import { type Reply, type Service, serve } from './testing/service.ts';

let service: Service | undefined;
afterEach(() => service?.close());

async function call(reply: () => Reply, change: Partial<Parameters<typeof callService>[0]> = {}) {
  service = await serve(reply);
  return callService({
    service: 'Test',
    url: new URL(service.address),
    method: 'GET',
    headers: {},
    ...change,
  });
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'KEY', message: expect.stringMatching(message) });

describe('callService', () => {
  it('hands out what was answered', async () => {
    const answer = await call(() => ({ status: 418, body: { a: 'é' } }), { method: 'POST', body: 'é' });
    expect(answer).toEqual({ status: 418, body: '{"a":"é"}' });
    expect(service?.asked).toMatchObject([{ method: 'POST', body: 'é', headers: { 'content-length': '2' } }]);
  });

  it.each<[string, RegExp, () => Reply, number?]>([
    [
      'a redirect',
      /sent a redirect \(307\)/,
      () => ({ status: 307, headers: { Location: 'http://127.0.0.1:1/' } }),
    ],
    ['an answer without end', /more than is read/, () => ({ status: 200, body: 'x'.repeat(300_000) })],
    ['silence', /did not answer within 50 ms/, () => undefined, 50],
  ])('refuses %s', async (_what, message, reply, timeoutMs = 5_000) => {
    await expect(call(reply, { timeoutMs })).rejects.toThrow(refused(message));
  });

  it.each([
    ['http to another machine', 'http://vault.example.org/', /must be reached over https/],
    [
      'http to a machine that is named like this one',
      'http://127.0.0.1.example.org/',
      /must be reached over https/,
    ],
    ['another scheme', 'ftp://127.0.0.1/', /must be reached over https/],
    [
      'credentials in the address',
      ['https://user', 'pass@127.0.0.1/'].join(':'),
      /must not have credentials/,
    ],
    ['a port where nobody listens', 'http://127.0.0.1:1/', /can not be reached \(ECONNREFUSED\)/],
  ])('refuses %s', async (_what, url, message) => {
    await expect(
      callService({ service: 'Test', url: new URL(url), method: 'GET', headers: {} }),
    ).rejects.toThrow(refused(message));
  });
});
