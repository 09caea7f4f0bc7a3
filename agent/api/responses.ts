import { createHash } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ApiEnv } from './deps.ts';
import { PROBLEM_MEDIA_TYPE, type ProblemStatus } from './problem.ts';
import { problemBody } from './schemas.ts';

/** The part of a route definition that says what a success looks like. */
export function success(description: string, schema: z.ZodType, mediaType = 'application/json') {
  // Typed as any media type: handlers hand out stored bytes, which no type can check against the schema.
  const content: Record<string, { schema: z.ZodType }> = { [mediaType]: { schema } };
  return { description, content };
}

const DESCRIPTIONS: Readonly<Record<ProblemStatus, string>> = {
  400: 'The request is not valid; `errors` names what.',
  401: 'The token is missing or wrong.',
  403: 'The configuration of the agent does not allow it.',
  404: 'There is no such resource.',
  405: 'The resource does not have this method.',
  406: 'Nothing that the header Accept allows is to be had.',
  409: 'The same Idempotency-Key is being served, or there is too much to bundle.',
  412: 'What If-Match names is not in force any more.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The body is not valid, or the Idempotency-Key came with another body before.',
  429: 'Too many requests; see Retry-After.',
  500: 'The request could not be served; the log of the agent has the request id.',
  503: 'Not now; see Retry-After.',
};

/** What can go wrong with any request, and what else can with this one. */
export function problems(...statuses: readonly ProblemStatus[]) {
  const all = [...new Set<ProblemStatus>([400, 401, 429, 500, 503, ...statuses])].toSorted((a, b) => a - b);
  const content: Record<string, { schema: z.ZodType }> = { [PROBLEM_MEDIA_TYPE]: { schema: problemBody } };
  return Object.fromEntries(all.map((status) => [status, { description: DESCRIPTIONS[status], content }]));
}

/**
 * JSON with a weak ETag (RFC 9110, section 8.8.3): a client that polls is told 304 while nothing changed.
 */
export function taggedJson(
  context: Context<ApiEnv>,
  json: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const tag = `W/"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"`;
  return tagged(context, json, tag, { 'Content-Type': 'application/json', ...headers });
}

/** Bytes as they are. Answers 304 to a client that holds them already. */
export function tagged(
  context: Context<ApiEnv>,
  body: string | Uint8Array,
  tag: string,
  headers: Readonly<Record<string, string>>,
): Response {
  if (isHeld(context, tag)) return context.body(null, 304, { ETag: tag });
  const bytes = typeof body === 'string' ? body : new Uint8Array(body);
  return context.body(bytes, 200, { ...headers, ETag: tag });
}

/** RFC 9110, section 13.1.2: whether the client holds what has this tag. */
export function isHeld(context: Context<ApiEnv>, tag: string): boolean {
  const held = context.req.header('If-None-Match');
  const bare = (text: string): string => text.trim().replace(/^W\//, '');
  return held?.split(',').some((each) => each.trim() === '*' || bare(each) === bare(tag)) ?? false;
}

/** RFC 8288: the same request for the page after this one. */
export function nextLink(context: Context<ApiEnv>, next: string | null): Readonly<Record<string, string>> {
  if (next === null) return {};
  const url = new URL(context.req.url);
  url.searchParams.set('cursor', next);
  return { Link: `<${url.pathname}${url.search}>; rel="next"` };
}
