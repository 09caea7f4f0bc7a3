import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { EvidenceError } from '../../evidence/errors.ts';
import { AgentError } from '../errors.ts';
import { PolicyRefusal } from '../governance/refusal.ts';
import type { ApiEnv } from './deps.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** RFC 9457. `type` and `title` go with the status; `detail` says what to do. Never quotes values of a request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  /** What is wrong with the request, each with its place. */
  readonly errors?: readonly ProblemPlace[];
}

export interface ProblemPlace {
  readonly in: 'query' | 'path' | 'header' | 'body';
  /** Parameter, header, or path of a field in the body. */
  readonly name: string;
  readonly message: string;
}

const MAX_PROBLEMS = 100;

const KINDS = {
  400: ['bad-request', 'The request is not valid'],
  401: ['unauthorized', 'A valid token is needed'],
  403: ['forbidden', 'This is not allowed here'],
  404: ['not-found', 'There is no such resource'],
  405: ['method-not-allowed', 'The resource does not have this method'],
  406: ['not-acceptable', 'The resource does not come in the form that is asked for'],
  409: ['conflict', 'The request conflicts with another'],
  412: ['precondition-failed', 'It has changed since it was read'],
  413: ['too-large', 'The request body is too large'],
  415: ['unsupported-media-type', 'The media type of the request body is not supported'],
  422: ['unprocessable', 'The request body is not valid'],
  429: ['too-many-requests', 'Too many requests'],
  500: ['internal', 'The request could not be served'],
  503: ['unavailable', 'The agent can not serve this now'],
} as const;

export type ProblemStatus = keyof typeof KINDS;

export interface ProblemOptions {
  readonly errors?: readonly ProblemPlace[];
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(
  context: Context<ApiEnv>,
  status: ProblemStatus,
  detail: string,
  options: ProblemOptions = {},
): Response {
  const [slug, title] = KINDS[status];
  const body: Problem = {
    type: `https://exhibit.dev/problems/${slug}`,
    title,
    status,
    detail,
    requestId: context.get('requestId'),
    ...(options.errors === undefined ? {} : { errors: options.errors }),
  };
  return context.body(JSON.stringify(body), status, {
    'Content-Type': PROBLEM_MEDIA_TYPE,
    ...options.headers,
  });
}

/** Carries a problem out of a handler. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: ProblemStatus;
  readonly options: ProblemOptions;

  constructor(status: ProblemStatus, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.status = status;
    this.options = options;
  }
}

/** What is stored is not what was sealed: whoever asks has to know that it is not for want of evidence. */
const TAMPERED: ReadonlySet<EvidenceError['code']> = new Set(['NOT_CLEARED', 'CHAIN', 'LOG']);

/** What a client is told of an error; null for what is none of its business. */
export function clientProblem(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof EvidenceError && error.code === 'QUERY') return new ApiError(400, sentence(error));
  if (error instanceof EvidenceError && error.code === 'STORE') {
    return new ApiError(503, 'The store is not available; see the log of the agent.', {
      headers: { 'Retry-After': '5' },
    });
  }
  if (error instanceof EvidenceError && TAMPERED.has(error.code)) return new ApiError(500, sentence(error));
  if (error instanceof EvidenceError && error.code === 'TIMESTAMP') {
    return new ApiError(503, 'The timestamp authority gave no timestamp; see the log of the agent.', {
      headers: { 'Retry-After': '30' },
    });
  }
  if (error instanceof PolicyRefusal) return policyProblem(error);
  if (error instanceof AgentError && error.code === 'FORBIDDEN') return new ApiError(403, sentence(error));
  if (error instanceof AgentError && error.code === 'NOT_FOUND') return new ApiError(404, sentence(error));
  if (error instanceof AgentError && error.code === 'CONFLICT') return new ApiError(409, sentence(error));
  // Hono itself throws for one thing only: a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400)
    return new ApiError(400, 'The request body is not JSON.');
  return null;
}

/** Problems of a policy, each with its file and line; the code of the refusal stands first in the detail. */
function policyProblem(error: PolicyRefusal): ApiError {
  if (error.refusal === 'CHANGED_MEANWHILE') return new ApiError(412, sentence(error));
  if (error.refusal === 'NOT_KEPT')
    return new ApiError(503, sentence(error), { headers: { 'Retry-After': '5' } });
  if (error.refusal === 'INTERNAL') return new ApiError(500, sentence(error));
  const errors = error.problems.slice(0, MAX_PROBLEMS).map(({ file, line, column, path, message, hint }) => ({
    in: 'body' as const,
    name: `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}`,
    message: hint === undefined ? message : `${message} (${hint})`,
  }));
  return new ApiError(422, `${error.refusal}: ${sentence(error)}`, errors.length === 0 ? {} : { errors });
}

/** Our own errors quote nothing, so their message and hint may go out. What names a file, or an id, stays as it is. */
function sentence(error: EvidenceError | AgentError): string {
  const message = `${error.message.replace(/^[a-z](?=[a-z]*(?: |$))/, (first) => first.toUpperCase())}.`;
  return error.hint === undefined ? message : `${message} ${error.hint}`;
}
