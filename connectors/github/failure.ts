import { ConnectorError, type ErrorCode } from '../sdk/index.ts';

/** What is known of an answer that was not a success; the body's text serves only to recognise limits. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
  /** What was asked for, in names of ours: `commits of acme/shop`. */
  readonly subject: string;
  /** Permission the call needs: `contents:read`. */
  readonly permission: string;
  readonly now: Date;
  readonly cause: unknown;
}

/** GitHub asks for at least a minute after a secondary limit that does not say how long. */
const UNSTATED_WAIT_MS = 60_000;
const PERMISSIONS = /^[a-z_]+=[a-z]+([,;] ?[a-z_]+=[a-z]+){0,9}$/;

/**
 * Turns a refusal of the API into an error with a code.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
export function failureOf(refusal: Refusal): ConnectorError {
  const { status, subject, cause } = refusal;
  const fail = (code: ErrorCode, message: string, advice: { hint?: string; retryAt?: Date } = {}) =>
    new ConnectorError(code, message, { ...advice, cause });

  if (isRateLimit(refusal)) {
    const retryAt = retryTime(refusal);
    return fail('RATE_LIMITED', `the API's rate limit kept ${subject} back until ${retryAt.toISOString()}`, {
      retryAt,
      hint: 'Lengthen the interval, give this connection a token of its own, or use a GitHub App with a higher limit.',
    });
  }
  if (status === 401) {
    return fail('AUTH', 'the API does not accept the token', {
      hint: 'Make a new token: this one is wrong, expired or revoked.',
    });
  }
  if (status === 403)
    return fail('PRIVILEGE', `the token may not read ${subject}`, { hint: privilegeHint(refusal) });
  if (status === 404 || status === 410 || status === 451) {
    return fail('NOT_FOUND', `${subject}: not there, or not visible to the token`, {
      hint: `Check the name in the config; if it is right, give the token access to the repository with ${refusal.permission}.`,
    });
  }
  if (status >= 300 && status < 400 && status !== 304) {
    return fail('NOT_FOUND', `${subject}: the repository was renamed or moved`, {
      hint: 'Put the new name into the config and, where the policy names repositories, there too.',
    });
  }
  if (status >= 500) {
    return fail('UNREACHABLE', `the API did not answer for ${subject} (status ${status})`, {
      hint: 'See the status page of the server; the next run tries again.',
    });
  }
  return fail('BAD_RESPONSE', `the API refused to answer for ${subject} (status ${status})`);
}

function isRateLimit({ status, headers, message }: Refusal): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  if (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0') return true;
  return /\bsecondary rate limit\b|\babuse detection\b/i.test(message);
}

/** When to try again, on our clock: the server's reset time is compared with the server's own date. */
function retryTime({ headers, now }: Refusal): Date {
  return new Date(now.getTime() + (waitOf(headers, now) ?? UNSTATED_WAIT_MS));
}

/** Milliseconds that the headers of a limited answer ask for; at least one second. */
export function waitOf(headers: Readonly<Record<string, string>>, now: Date): number | undefined {
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(retryAfter)) return Math.max(1_000, retryAfter * 1_000);
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (!Number.isFinite(reset) || headers['x-ratelimit-remaining'] !== '0') return undefined;
  const date = Date.parse(headers['date'] ?? '');
  return Math.max(1_000, reset * 1_000 - (Number.isNaN(date) ? now.getTime() : date) + 1_000);
}

function privilegeHint({ headers, permission }: Refusal): string {
  if (headers['x-github-sso'] !== undefined)
    return "Authorize the token for the organization's single sign-on.";
  const accepted = headers['x-accepted-github-permissions'];
  if (accepted !== undefined && PERMISSIONS.test(accepted)) {
    return `Give the token the permission that the API names: ${accepted}.`;
  }
  return `Give the token the repository permission ${permission}.`;
}
