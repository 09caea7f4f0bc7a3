import { randomBytes } from 'node:crypto';
import { EvidenceError } from '../errors.ts';
import { badToken } from './asn1.ts';
import { readTimestampChain } from './chain.ts';
import { derInteger } from './der.ts';
import { NONCE_BYTES, timestampRequest } from './request.ts';
import { MAX_TOKEN_BYTES, readToken } from './token.ts';
import { assertToken } from './verify.ts';

export interface TimestampAuthority {
  /** `http:` or `https:`; what comes back is believed for its signature, not for its way here. */
  readonly url: string;
  /** PEM: the certificate that signs timestamps first, then its issuers, the root last. */
  readonly certificates: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970; the real clock when left out. */
  readonly now?: () => number;
}

/** Gets a timestamp of a signature: TimeStampResp in DER, already verified. */
export type TimestampClient = (signature: Uint8Array) => Promise<Uint8Array>;

/** How far the authority's clock and ours may be apart. A wrong clock makes evidence that nobody can place. */
const MAX_SKEW_MS = 60_000;

/**
 * A client of RFC 3161 over HTTP (§3.4). Follows no redirects, reads no more than a token can have, and hands out nothing
 * that `verifyTimestamp` would refuse, or that was not made for this very request.
 *
 * @throws EvidenceError TIMESTAMP at once for an address or certificates that can not be used; later for each answer
 *   that is late, too large, refused or not what was asked for
 */
export function timestampClient(authority: TimestampAuthority): TimestampClient {
  const url = readUrl(authority.url);
  const chain = readTimestampChain(authority.certificates);
  const now = authority.now ?? Date.now;
  return async (signature) => {
    const nonce = randomBytes(NONCE_BYTES);
    const asked = now();
    const answer = await post(url, timestampRequest(signature, nonce), authority.timeoutMs);
    const token = readToken(answer);
    if (token.nonce === null || !integerContent(nonce).equals(token.nonce)) {
      throw badToken('does not answer this request: its nonce is another one');
    }
    assertToken(token, signature, chain);
    if (token.time.getTime() < asked - MAX_SKEW_MS || token.time.getTime() > now() + MAX_SKEW_MS) {
      throw badToken('is not of now: the clock of the authority or of this machine is wrong');
    }
    return answer;
  };
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new EvidenceError('TIMESTAMP', 'the address of the timestamp authority is no http or https URL');
}

async function post(url: URL, request: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: Buffer.from(request),
      redirect: 'error',
      signal,
    });
    if (response.status !== 200) throw noAnswer(`answered with HTTP status ${response.status}`);
    const type = response.headers.get('content-type') ?? '';
    if (!/^application\/timestamp-reply\s*(?:;|$)/i.test(type))
      throw noAnswer('answered with something else');
    return await readBounded(response);
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    throw noAnswer(signal.aborted ? `did not answer within ${timeoutMs} ms` : 'can not be reached', error);
  }
}

async function readBounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the rest of the answer.
    if (length > MAX_TOKEN_BYTES) throw noAnswer(`answered with more than ${MAX_TOKEN_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What DER makes of the nonce: without leading zeros, not negative. */
function integerContent(bytes: Uint8Array): Buffer {
  return derInteger(bytes).subarray(2);
}

function noAnswer(what: string, cause?: unknown): EvidenceError {
  return new EvidenceError('TIMESTAMP', `the timestamp authority ${what}`, {
    hint: 'Check the address in the configuration and that the authority can be reached from here.',
    cause,
  });
}
