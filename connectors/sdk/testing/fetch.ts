import { isDeepStrictEqual } from 'node:util';

export interface Exchange {
  /** Default GET. */
  readonly method?: string;
  /** Absolute, with its query string; compared exactly. */
  readonly url: string;
  /** Request headers that must be there with these values; others are not looked at. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The request body as JSON, where it matters. */
  readonly body?: unknown;
  readonly answer: Answer;
}

export interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, with its content type. */
  readonly json?: unknown;
  /** Sent as is; wins over `json`. */
  readonly text?: string;
  /** Fails the call instead of answering it. */
  readonly error?: Error;
}

export interface FakeFetch {
  readonly fetch: typeof fetch;
  /** `METHOD url` of every call, in order. */
  readonly calls: readonly string[];
  /** Throws unless every exchange was used and every call was known. */
  assertAllUsed(): void;
}

/**
 * Answers from a list. Each exchange answers one call, the first that matches; a call that none answers fails, and is
 * remembered, because a client may swallow the failure.
 */
export function fakeFetch(exchanges: readonly Exchange[]): FakeFetch {
  const waiting = [...exchanges];
  const calls: string[] = [];
  const unknown: string[] = [];

  async function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    init?.signal?.throwIfAborted();
    const request = new Request(input, init);
    const body = request.body === null ? undefined : await request.text();
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    const position = waiting.findIndex((exchange) => matches(exchange, request, body));
    const [exchange] = position < 0 ? [] : waiting.splice(position, 1);
    if (exchange === undefined) {
      unknown.push(call);
      throw new Error(`fakeFetch: no exchange is left for ${call}`);
    }
    if (exchange.answer.error !== undefined) throw exchange.answer.error;
    return responseOf(exchange.answer);
  }

  function assertAllUsed(): void {
    const unused = waiting.map((exchange) => `${exchange.method ?? 'GET'} ${exchange.url}`);
    if (unused.length === 0 && unknown.length === 0) return;
    throw new Error(`fakeFetch: unused [${unused.join(', ')}], unknown [${unknown.join(', ')}]`);
  }

  return { fetch: answer, calls, assertAllUsed };
}

function matches(exchange: Exchange, request: Request, body: string | undefined): boolean {
  if ((exchange.method ?? 'GET') !== request.method || new URL(exchange.url).href !== request.url)
    return false;
  for (const [name, value] of Object.entries(exchange.headers ?? {})) {
    if (request.headers.get(name) !== value) return false;
  }
  return (
    exchange.body === undefined || (body !== undefined && isDeepStrictEqual(JSON.parse(body), exchange.body))
  );
}

function responseOf(answer: Answer): Response {
  const status = answer.status ?? 200;
  const headers = new Headers(answer.headers);
  if (answer.text === undefined && answer.json !== undefined && !headers.has('content-type')) {
    headers.set('content-type', 'application/json; charset=utf-8');
  }
  const text = answer.text ?? (answer.json === undefined ? undefined : JSON.stringify(answer.json));
  const bodyless = status === 204 || status === 205 || status === 304;
  return new Response(bodyless ? null : (text ?? null), { status, headers });
}
