import path from 'node:path';
import type { Secret } from '../../connectors/sdk/index.ts';
import { loadIdentity } from '../config/load.ts';
import { AgentError, type AgentErrorCode } from '../errors.ts';
import { resolveSecret } from '../secrets/resolve.ts';
import type { CliIo } from './io.ts';
import { shownPath } from './own-store.ts';

/** How to reach an agent that runs; what is absent is taken from its config. */
export interface AgentAddress {
  readonly config: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

/** The agent that has the store, over its API. */
export interface RunningAgent {
  readonly url: string;
  /** The body of the answer; undefined when it has none. Throws AgentError. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
/** A replay over all that is stored takes longest. */
const TIMEOUT_MS = 10 * 60_000;

/** Finds the agent by its config. Contacts nothing yet. Throws AgentError CONFIG, SECRET, USAGE. */
export async function runningAgent(address: AgentAddress, io: CliIo): Promise<RunningAgent> {
  const file = shownPath(address.config, io);
  const url = address.url === undefined ? await configuredUrl(file) : givenUrl(address.url);
  const token = await tokenOf(address, file, io);
  if (!TOKEN.test(token.open())) {
    throw new AgentError('SECRET', 'what should hold the token of the agent is no token', {
      hint: 'It is one line of letters, digits and . _ ~ + / -',
    });
  }
  mustBePrivate(url);
  return {
    url: url.origin,
    ask: (method, where, body) => ask(new URL(where, url), method, token, body),
  };
}

async function configuredUrl(file: string): Promise<URL> {
  const { api } = await loadIdentity(file);
  const url = new URL(`http://${api.listen}`);
  if (api.listen.endsWith(':0')) {
    throw new AgentError('CONFLICT', 'the running agent has the store for itself, and any port', {
      hint: 'Give its address with --url; the agent printed it when it started.',
    });
  }
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url;
}

function givenUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new AgentError('USAGE', '--url must be the http or https address of an agent', {
    hint: 'Such as http://127.0.0.1:8787.',
  });
}

async function tokenOf({ tokenFile }: AgentAddress, file: string, io: CliIo): Promise<Secret> {
  if (tokenFile !== undefined) return resolveSecret({ file: tokenFile }, { env: io.env, base: io.cwd });
  const { api, paths } = await loadIdentity(file);
  const source = { env: io.env, base: path.dirname(path.resolve(file)) };
  try {
    return resolveSecret(api.token ?? { file: paths.apiToken }, source);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    throw new AgentError('SECRET', `the agent runs, and its token is not at hand: ${error.message}`, {
      hint: 'Name a file that holds it with --token-file.',
      cause: error,
    });
  }
}

function mustBePrivate({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new AgentError('USAGE', 'the token would be sent without encryption', {
    hint: 'Give an https address with --url, or run this where the agent runs.',
  });
}

async function ask(url: URL, method: string, token: Secret, body: unknown): Promise<unknown> {
  const headers = { Authorization: `Bearer ${token.open()}`, 'Content-Type': 'application/json' };
  const init = { method, headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) } as const;
  try {
    const response = await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw refused(response.status, text);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw new AgentError('CONFLICT', `no agent answers at ${url.origin}`, {
      hint: 'If it runs, give its address with --url. If it does not, end what else has its store open.',
      cause: error,
    });
  }
}

const CODES: Readonly<Record<number, AgentErrorCode>> = {
  401: 'SECRET',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  422: 'POLICY',
};

/** What an agent says of a request that it does not serve: RFC 9457, and it quotes no values. */
function refused(status: number, text: string): AgentError {
  const said = problemOf(text);
  if (status === 401) {
    return new AgentError('SECRET', 'the agent does not accept the token', {
      hint: 'It may be the token of another agent. Name a file that holds the right one with --token-file.',
    });
  }
  const places = said.errors.map(({ name, message }) => `\n  ${name}: ${message}`).join('');
  return new AgentError(CODES[status] ?? 'INTERNAL', `the agent says: ${said.detail}${places}`);
}

function problemOf(text: string): {
  readonly detail: string;
  readonly errors: readonly { readonly name: string; readonly message: string }[];
} {
  try {
    const said = JSON.parse(text) as Partial<ReturnType<typeof problemOf>>;
    return { detail: said.detail ?? 'nothing more', errors: said.errors ?? [] };
  } catch {
    return { detail: 'nothing that can be read', errors: [] };
  }
}
