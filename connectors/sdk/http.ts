import { ConnectorError } from './errors.ts';

type Redirect = NonNullable<RequestInit['redirect']>;

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * A fetch that reaches the listed hosts and nothing else.
 *
 * @param hosts `host` (the scheme's own port) or `host:port`; IPv6 in brackets.
 * @throws ConnectorError CONFIG for any other host, for a URL that carries credentials, for a scheme other than
 *   http(s), and for a redirect that leaves the origin: an origin that could send us elsewhere would choose our
 *   egress. Redirects within the origin are followed for GET and HEAD, at most three; `redirect: 'manual'` and
 *   `'error'` keep their meaning.
 */
export function egressFetch(hosts: readonly string[], inner: typeof fetch = fetch): typeof fetch {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()));
  return async (input, init) => {
    const mode = init?.redirect ?? (input instanceof Request ? input.redirect : 'follow');
    let target: string | URL | Request = input;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
      const url = checked(target, allowed);
      const response = await inner(target, { ...init, redirect: 'manual' });
      const next = mode === 'manual' ? undefined : location(response, url);
      if (next === undefined) return response;
      await response.body?.cancel();
      refuseUnsafe(mode, next, url, methodOf(input, init));
      target = input instanceof Request ? new Request(next.href, input) : next;
    }
    throw refusal(`${hostOf(input)} redirected more than ${MAX_REDIRECTS} times`);
  };
}

function checked(target: string | URL | Request, allowed: ReadonlySet<string>): URL {
  const url = urlOf(target);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refusal(`the scheme ${url.protocol} is not http(s)`);
  if (url.username !== '' || url.password !== '') throw refusal(`a URL for ${url.host} carries credentials`);
  // URL drops a port that is the scheme's own, so a host listed with it needs the second look.
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (allowed.has(url.host) || allowed.has(`${url.hostname}:${port}`)) return url;
  throw refusal(`the host ${url.host} is not among those this connection may reach`);
}

function location(response: Response, from: URL): URL | undefined {
  const header = response.headers.get('location');
  if (!REDIRECTS.has(response.status) || header === null) return undefined;
  if (!URL.canParse(header, from.href))
    throw refusal(`${from.host} redirected to something that is not a URL`);
  return new URL(header, from);
}

function refuseUnsafe(mode: Redirect, next: URL, from: URL, method: string): void {
  if (mode === 'error') throw refusal(`${from.host} redirected a request that allows no redirect`);
  if (next.origin !== from.origin) throw refusal(`${from.host} redirected to another origin`);
  if (method !== 'GET' && method !== 'HEAD') throw refusal(`${from.host} redirected a ${method} request`);
}

function methodOf(input: string | URL | Request, init: RequestInit | undefined): string {
  return (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase();
}

function urlOf(target: string | URL | Request): URL {
  const text = target instanceof Request ? target.url : String(target);
  if (!URL.canParse(text)) throw refusal('the address is not an absolute URL');
  return new URL(text);
}

function hostOf(target: string | URL | Request): string {
  return urlOf(target).host;
}

function refusal(message: string): ConnectorError {
  return new ConnectorError('CONFIG', `the request was refused: ${message}`, {
    hint: 'A connection reaches only the hosts named in its config; check its address and those of proxies.',
  });
}
