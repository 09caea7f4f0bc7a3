import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { type BudgetMeter, type ConnectorDeps, ConnectorError } from '../sdk/index.ts';
import type { GitHubConfig } from './config.ts';
import { failureOf, waitOf } from './failure.ts';
import { meteredFetch, raced } from './metered.ts';

const API_VERSION = '2022-11-28';
/** A server that accepts a call and never answers must not hold a run until its own deadline. */
const CALL_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 3;

export interface Call {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface CallContext {
  /** For messages: `commits of acme/shop`. */
  readonly subject: string;
  readonly permission: string;
  readonly etag?: string | undefined;
}

export interface Answer {
  /** `unchanged`: 304 to the ETag that was sent. `empty`: 409, a repository without a commit. */
  readonly kind: 'data' | 'unchanged' | 'empty';
  readonly data: unknown;
  readonly etag: string | undefined;
  /** Parameters of the next page, when there is one. */
  readonly next: Readonly<Record<string, string>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface GitHubClient {
  get(call: Call, context: CallContext): Promise<Answer>;
}

export interface ClientOptions {
  /** Unit of the waits between tries after a 5xx: 1, 4 … times this. */
  readonly retryBaseMs: number;
  readonly callTimeoutMs: number;
}

export const CLIENT_OPTIONS: ClientOptions = { retryBaseMs: 1_000, callTimeoutMs: CALL_TIMEOUT_MS };

export interface Limits {
  readonly meter: BudgetMeter;
  readonly signal: AbortSignal;
}

const Client = Octokit.plugin(throttling, retry);

/**
 * A client for one run: every request, retries included, counts against the run's budget and ends with its signal.
 *
 * The throttling plugin recognises limits and bounds concurrency per connection, but its own waiting cannot be
 * aborted, so it is told not to, and the wait happens here, on our clock, when it fits the run's budget.
 */
export function openClient(
  config: GitHubConfig,
  deps: ConnectorDeps,
  limits: Limits,
  options: ClientOptions = CLIENT_OPTIONS,
): GitHubClient {
  const octokit = new Client({
    auth: config.token.open(),
    baseUrl: config.baseUrl,
    userAgent: 'exhibit-github-connector',
    // What the SDK logs has URLs in it.
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    throttle: { id: deps.connection, onRateLimit: () => false, onSecondaryRateLimit: () => false },
    retry: {
      retries: MAX_ATTEMPTS - 1,
      retryAfterBaseValue: options.retryBaseMs,
      // 429 is not for it: it would come back sooner than the server asked.
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
    },
  });
  // Set once the API says that nothing is left: the next call would only deepen the limit.
  let limitedUntil = 0;

  async function get(call: Call, context: CallContext): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await pause(limitedUntil - deps.clock.now().getTime(), context);
        return await once(call, context);
      } catch (error) {
        const failure = ConnectorError.from(error);
        if (failure.code !== 'RATE_LIMITED' || failure.retryAt === undefined) throw failure;
        if (attempt === MAX_ATTEMPTS || !fits(failure.retryAt)) throw failure;
        limitedUntil = failure.retryAt.getTime();
      }
    }
  }

  async function pause(ms: number, context: CallContext): Promise<void> {
    if (ms <= 0) return;
    const retryAt = new Date(limitedUntil);
    if (!fits(retryAt)) throw limited(retryAt, context);
    deps.logger.info('waiting for the rate limit of the API', { ms });
    await deps.clock.sleep(ms, limits.signal);
  }

  function fits(retryAt: Date): boolean {
    return retryAt.getTime() - deps.clock.now().getTime() < limits.meter.remainingMs();
  }

  function limited(retryAt: Date, context: CallContext): ConnectorError {
    const headers = { 'retry-after': String((retryAt.getTime() - deps.clock.now().getTime()) / 1_000) };
    return failureOf({
      ...context,
      status: 429,
      headers,
      message: '',
      now: deps.clock.now(),
      cause: undefined,
    });
  }

  async function once(call: Call, context: CallContext): Promise<Answer> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), Math.min(options.callTimeoutMs, limits.meter.remainingMs()));
    const signal = AbortSignal.any([limits.signal, stop.signal]);
    const sent = meteredFetch(deps.fetch, limits.meter, signal);
    try {
      const response = await raced(
        octokit.request({
          method: 'GET',
          url: call.path,
          ...call.parameters,
          headers: {
            'x-github-api-version': API_VERSION,
            ...(context.etag && { 'if-none-match': context.etag }),
          },
          request: { fetch: sent.fetch },
        }),
        signal,
      );
      const headers = textHeaders(response.headers);
      noteLimit(headers);
      if (response.status !== 200) throw answered(response.status, headers, '', context, undefined);
      return { kind: 'data', data: response.data, etag: headers['etag'], next: nextPage(headers), headers };
    } catch (error) {
      const failure = sent.failure();
      if (failure !== undefined) throw failure;
      if (signal.aborted) throw timedOut(context, error);
      return refused(error, context);
    } finally {
      clearTimeout(timer);
    }
  }

  function noteLimit(headers: Readonly<Record<string, string>>): void {
    const now = deps.clock.now();
    const wait = waitOf(headers, now);
    if (wait !== undefined) limitedUntil = Math.max(limitedUntil, now.getTime() + wait);
  }

  function refused(error: unknown, context: CallContext): Answer {
    if (error instanceof ConnectorError) throw error;
    if (!isRequestError(error) || error.response === undefined) {
      throw new ConnectorError('UNREACHABLE', `there was no answer for ${context.subject}`, {
        hint: 'Check baseUrl, the network and the proxy between the agent and the API.',
        cause: error,
      });
    }
    const headers = textHeaders(error.response.headers);
    const answer = { data: undefined, etag: undefined, next: undefined, headers };
    if (error.status === 304 && context.etag !== undefined) return { ...answer, kind: 'unchanged' };
    if (error.status === 409) return { ...answer, kind: 'empty' };
    throw answered(error.status, headers, error.message, context, error);
  }

  function answered(
    status: number,
    headers: Readonly<Record<string, string>>,
    message: string,
    context: CallContext,
    cause: unknown,
  ): ConnectorError {
    return failureOf({ ...context, status, headers, message, now: deps.clock.now(), cause });
  }

  /** Next-page links are read, not followed: their origin is checked and only their position is taken over. */
  function nextPage(headers: Readonly<Record<string, string>>): Record<string, string> | undefined {
    const link = /<([^<>]+)>;\s*rel="next"/.exec(headers['link'] ?? '')?.[1];
    if (link === undefined) return undefined;
    const origin = new URL(config.baseUrl).origin;
    if (!URL.canParse(link, config.baseUrl) || new URL(link, config.baseUrl).origin !== origin) {
      throw new ConnectorError(
        'BAD_RESPONSE',
        'the API named a next page at another origin, which is not followed',
        {
          hint: 'Set baseUrl to the address under which the API links to itself.',
        },
      );
    }
    const search = new URL(link, config.baseUrl).searchParams;
    const position = ['page', 'after', 'cursor'].flatMap((name) => {
      const value = search.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return position.length === 0 ? undefined : Object.fromEntries(position);
  }

  return { get };
}

function timedOut(context: CallContext, cause: unknown): ConnectorError {
  return new ConnectorError('TIMEOUT', `the time for ${context.subject} was over before the API answered`, {
    hint: 'Raise budget.duration for this read, or read fewer repositories per connection.',
    cause,
  });
}

interface RequestErrorLike extends Error {
  readonly status: number;
  readonly response?: { readonly headers: Readonly<Record<string, unknown>> };
}

function isRequestError(error: unknown): error is RequestErrorLike {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

function textHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function ignore(): void {}
