import { describe, expect, it } from 'vitest';
import { egressFetch } from './http.ts';
import { fakeFetch } from './testing/index.ts';

const CONFIG = expect.objectContaining({ name: 'ConnectorError', code: 'CONFIG' });

describe('egressFetch', () => {
  it.each([
    ['https://api.example.com/a', ['api.example.com']],
    ['https://api.example.com/a', ['api.example.com:443']],
    ['https://API.example.com/a', ['Api.Example.com']],
    ['http://127.0.0.1:8081/a', ['other.example.com', '127.0.0.1:8081']],
    ['http://[::1]:8082/a', ['[::1]:8082']],
  ])('reaches %s when %j is listed', async (url, hosts) => {
    const { fetch, assertAllUsed } = fakeFetch([{ url, answer: { text: 'in' } }]);
    const response = await egressFetch(hosts, fetch)(url);
    expect(await response.text()).toBe('in');
    assertAllUsed();
  });

  it.each([
    ['https://evil.example.org/a', 'another host'],
    ['https://api.example.com:8443/a', 'another port'],
    ['http://api.example.com:443.evil.example.org/', 'not even a URL'],
    ['https://api.example.com.evil.example.org/a', 'a longer name'],
    [`https://${['user', 'word'].join(':')}@api.example.com/a`, 'credentials in the URL'],
    ['file:///etc/hostname', 'another scheme'],
    ['/relative', 'no host at all'],
  ])('refuses %s (%s) before anything is sent', async (url) => {
    const { fetch, calls } = fakeFetch([]);
    await expect(egressFetch(['api.example.com'], fetch)(url)).rejects.toEqual(CONFIG);
    expect(calls).toEqual([]);
  });

  it('looks at Request objects too', async () => {
    const { fetch, calls } = fakeFetch([]);
    const request = new Request('https://evil.example.org/b');
    await expect(egressFetch(['api.example.com'], fetch)(request)).rejects.toEqual(CONFIG);
    expect(calls).toEqual([]);
  });

  it('follows a redirect within the origin', async () => {
    const { fetch, calls } = fakeFetch([
      { url: 'https://api.example.com/old', answer: { status: 301, headers: { location: '/new?x=1' } } },
      { url: 'https://api.example.com/new?x=1', headers: { accept: 'text/csv' }, answer: { text: 'moved' } },
    ]);
    const response = await egressFetch(['api.example.com'], fetch)('https://api.example.com/old', {
      headers: { accept: 'text/csv' },
    });
    expect(await response.text()).toBe('moved');
    expect(calls).toHaveLength(2);
  });

  it.each<[string, string, RequestInit]>([
    ['another host', 'https://evil.example.org/', {}],
    ['another listed host', 'https://second.example.com/', {}],
    ['another scheme', 'http://api.example.com/', {}],
    ['anywhere after a POST', '/new', { method: 'POST', body: 'x' }],
    ['anywhere when the caller allows none', '/new', { redirect: 'error' }],
  ])('refuses a redirect to %s', async (_, target, init) => {
    const { fetch, calls } = fakeFetch([
      {
        method: init.method ?? 'GET',
        url: 'https://api.example.com/old',
        answer: { status: 307, headers: { location: target } },
      },
    ]);
    const bound = egressFetch(['api.example.com', 'second.example.com'], fetch);
    await expect(bound('https://api.example.com/old', init)).rejects.toEqual(CONFIG);
    expect(calls).toHaveLength(1);
  });

  it('hands a redirect to a caller who asked for it', async () => {
    const { fetch } = fakeFetch([
      {
        url: 'https://api.example.com/old',
        answer: { status: 302, headers: { location: 'https://evil.example.org/' } },
      },
    ]);
    const response = await egressFetch(['api.example.com'], fetch)('https://api.example.com/old', {
      redirect: 'manual',
    });
    expect(response.status).toBe(302);
  });

  it('gives up on a loop', async () => {
    const { fetch, calls } = fakeFetch(
      Array.from({ length: 9 }, () => ({
        url: 'https://api.example.com/loop',
        answer: { status: 308, headers: { location: '/loop' } },
      })),
    );
    await expect(egressFetch(['api.example.com'], fetch)('https://api.example.com/loop')).rejects.toEqual(
      CONFIG,
    );
    expect(calls).toHaveLength(4);
  });
});
