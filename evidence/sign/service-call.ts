import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { EvidenceError } from '../errors.ts';

/** One request to a service that holds a key. Milliseconds from the first byte out to the last byte in. */
export const DEFAULT_DEADLINE_MS = 5_000;

/** Answers of these services have a few KB. */
const MAX_ANSWER_BYTES = 256 * 1024;

export interface ServiceCall {
  /** For error messages: `Vault`. */
  readonly service: string;
  /** https, or http to this machine. */
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificates in PEM that sign the service's own; default: those of the system. */
  readonly ca?: string;
  readonly timeoutMs?: number;
  /** Hosts that may be reached without TLS besides this machine: link-local addresses of a container platform. */
  readonly plainHosts?: readonly string[];
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends one request and reads the whole answer. Follows no redirect, because a key's service has one address. Throws
 * EvidenceError KEY; its message says which service and what happened, never what was answered.
 */
export async function callService(call: ServiceCall): Promise<ServiceAnswer> {
  assertSafe(call);
  const timeoutMs = call.timeoutMs ?? DEFAULT_DEADLINE_MS;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await exchange(call, signal);
    if (answer.status >= 300 && answer.status < 400)
      throw failure(call, `sent a redirect (${answer.status}), which is not followed`, ADDRESS_HINT);
    return answer;
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    if (signal.aborted)
      throw failure(
        call,
        `did not answer within ${timeoutMs} ms`,
        'Check that it is up and reachable.',
        error,
      );
    throw failure(call, `can not be reached (${codeOf(error)})`, REACH_HINT, error);
  }
}

const ADDRESS_HINT = 'Give the address that it has itself.';
const REACH_HINT =
  'Check the address, the network policy, and that its certificate is signed by the CA that is configured.';

/** How a call that was answered with something unusable is reported. */
export function failure(
  { service, url }: Pick<ServiceCall, 'service' | 'url'>,
  what: string,
  hint: string,
  cause?: unknown,
): EvidenceError {
  return new EvidenceError('KEY', `${service} at ${url.host} ${what}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The answer as JSON. Throws KEY for what is none. */
export function jsonOf(call: Pick<ServiceCall, 'service' | 'url'>, { body }: ServiceAnswer): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw failure(call, 'answered with something that is not JSON', ADDRESS_HINT, error);
  }
}

function exchange(call: ServiceCall, signal: AbortSignal): Promise<ServiceAnswer> {
  const { url, method, headers, body = '', ca } = call;
  const options = {
    method,
    headers: { Accept: 'application/json', ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
    signal,
  };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? // Said here, because an environment variable can turn it off for a whole process.
          requestHttps(url, { ...options, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) })
        : requestHttp(url, options);
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ANSWER_BYTES) {
          reject(failure(call, 'answered with more than is read', ADDRESS_HINT));
          request.destroy();
        }
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}

function assertSafe(call: ServiceCall): void {
  const { url, plainHosts = [] } = call;
  if (url.username !== '' || url.password !== '')
    throw failure(call, 'must not have credentials in its address', 'Remove them from the address.');
  if (url.protocol === 'https:') return;
  if (url.protocol === 'http:' && (isLoopback(url.hostname) || plainHosts.includes(url.hostname))) return;
  throw failure(call, 'must be reached over https', 'Give an address that starts with https://.');
}

/** `127.0.0.0/8`, `::1` and `localhost`, as URL writes them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
