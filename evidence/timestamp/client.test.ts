import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { testAuthority, type WrongAnswer } from '../../test/helpers/timestamp-authority.ts';
import { EvidenceError } from '../errors.ts';
import { timestampClient } from './client.ts';
import { verifyTimestamp } from './verify.ts';

const authority = testAuthority();
const signature = Buffer.from('3046022100b1', 'hex');
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
}

/** A server that answers each request with what this makes of it. */
function answering(
  answer: (request: Buffer) => Uint8Array,
  type = 'application/timestamp-reply',
  status = 200,
): Promise<string> {
  return serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isAsked = request.headers['content-type'] === 'application/timestamp-query';
      response.writeHead(isAsked ? status : 415, { 'content-type': type });
      response.end(answer(Buffer.concat(chunks)));
    });
  });
}

async function outcome(
  url: string,
  options: { chain?: string; timeoutMs?: number; now?: () => number } = {},
) {
  const { chain = authority.chainPem, timeoutMs = 5_000, ...rest } = options;
  try {
    await timestampClient({ url, certificates: chain, timeoutMs, ...rest })(signature);
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'TIMESTAMP') return error.message;
    throw error;
  }
  return 'stamped';
}

describe('timestampClient', () => {
  it('gets a token that verifies, with a new nonce each time', async () => {
    const requests: Buffer[] = [];
    const url = await answering((request) => {
      requests.push(request);
      return authority.answer(request);
    });
    const stamp = timestampClient({ url, certificates: authority.chainPem, timeoutMs: 5_000 });
    const before = Math.floor(Date.now() / 1000) * 1000;
    const tokens = [await stamp(signature), await stamp(signature)];
    for (const token of tokens) {
      const { time } = verifyTimestamp(token, signature, authority.chainPem);
      expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
    }
    expect(requests[0]?.equals(requests[1] ?? Buffer.alloc(0))).toBe(false);
  });

  it.each<[string, WrongAnswer, RegExp]>([
    ['another nonce', { nonce: Buffer.from('0102030405060708', 'hex') }, /nonce is another/],
    ['no nonce', { nonce: null }, /nonce is another/],
    ['another imprint', { imprintOf: Buffer.from('other') }, /not about this signature/],
    ['a rejection', { status: 2, withoutToken: true }, /did not grant the request \(status 2\)/],
    ['a time of yesterday', { time: new Date(Date.now() - 80_000_000) }, /is not of now/],
    ['a time of tomorrow', { time: new Date(Date.now() + 80_000_000) }, /is not of now/],
  ])('refuses an answer with %s', async (_, wrong, message) => {
    expect(await outcome(await answering((request) => authority.answer(request, wrong)))).toMatch(message);
  });

  it('refuses answers by another authority and by one whose certificate has expired', async () => {
    const url = await answering((request) => authority.answer(request));
    expect(await outcome(url, { chain: testAuthority().chainPem })).toMatch(/certificate of the configured/);
    const expired = testAuthority({ notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') });
    const late = await answering((request) => expired.answer(request));
    expect(await outcome(late, { chain: expired.chainPem })).toMatch(/certificates were not valid/);
  });

  it('refuses a wrong clock of its own', async () => {
    const url = await answering((request) => authority.answer(request));
    expect(await outcome(url, { now: () => Date.now() + 3_600_000 })).toMatch(/is not of now/);
  });

  it('refuses what is no token', async () => {
    expect(await outcome(await answering(() => Buffer.from('<html>maintenance</html>')))).toMatch(
      /not the DER/,
    );
    expect(await outcome(await answering(() => Buffer.alloc(0)))).toMatch(/not the DER/);
    const asHtml = await answering((request) => authority.answer(request), 'text/html');
    expect(await outcome(asHtml)).toMatch(/answered with something else/);
    const failing = await answering(
      (request) => authority.answer(request),
      'application/timestamp-reply',
      503,
    );
    expect(await outcome(failing)).toMatch(/HTTP status 503/);
  });

  it('does not follow a redirect, not even to one that would answer', async () => {
    const right = await answering((request) => authority.answer(request));
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(307, { location: right });
      response.end();
    });
    expect(await outcome(url)).toMatch(/can not be reached/);
  });

  it('stops reading an answer that does not end', async () => {
    const url = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', more);
      more();
    });
    expect(await outcome(url)).toMatch(/more than 65536 bytes/);
  });

  it('gives up on one that says nothing, and on one that stops in the middle', async () => {
    const silent = await serve((request) => request.resume());
    expect(await outcome(silent, { timeoutMs: 50 })).toBe(
      'the timestamp authority did not answer within 50 ms',
    );
    const halting = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
      response.write('0');
    });
    expect(await outcome(halting, { timeoutMs: 50 })).toMatch(/did not answer within 50 ms/);
    expect(await outcome('http://127.0.0.1:1/')).toMatch(/can not be reached/);
  });

  it('says at once that an address or certificates can not be used', () => {
    const client = (url: string, certificates: string) => () =>
      timestampClient({ url, certificates, timeoutMs: 1 });
    expect(client('file:///etc/passwd', authority.chainPem)).toThrow(/no http or https URL/);
    expect(client('http://tsa.example', 'none')).toThrow(/must have 2 to 8 certificates/);
    expect(client('http://tsa.example', testAuthority({ extendedKeyUsage: 'absent' }).chainPem)).toThrow(
      /not timeStamping alone/,
    );
  });
});
