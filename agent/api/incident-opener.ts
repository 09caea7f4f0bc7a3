import type { Window } from '../../connectors/sdk/index.ts';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { sha256Hex } from '../../evidence/digest.ts';
import type { Incident } from '../../evidence/store/store.ts';
import type { ApiDeps } from './deps.ts';
import { ApiError } from './problem.ts';
import type { OpenIncidentBody } from './schemas.ts';

const DEFAULT_LOOKBACK_MS = 3_600_000;
/** Clocks of clients differ a little. */
const CLOCK_SLACK_MS = 60_000;

export interface Opened {
  readonly incident: Incident;
  /** The key was used before: this is what was opened then. */
  readonly isReplay: boolean;
}

/**
 * Opens incidents, each idempotency key once: a client that lost the answer sends the request again and gets the same
 * incident. After draft-ietf-httpapi-idempotency-key-header. Only digests of keys and requests are kept.
 */
export class IncidentOpener {
  readonly #deps: Pick<ApiDeps, 'store' | 'incidents' | 'clock'>;
  readonly #underWay = new Set<string>();

  constructor(deps: Pick<ApiDeps, 'store' | 'incidents' | 'clock'>) {
    this.#deps = deps;
  }

  /** Throws ApiError 409 while the key is being served, 422 when it came with another request before. */
  async open(body: OpenIncidentBody, key: string | undefined): Promise<Opened> {
    if (key === undefined) return { incident: await this.#open(body), isReplay: false };
    const idempotency = { key: sha256Hex(key), request: sha256Hex(canonicalize(body)) };
    if (this.#underWay.has(idempotency.key)) {
      throw new ApiError(409, 'A request with this Idempotency-Key is being served; try again.', {
        headers: { 'Retry-After': '1' },
      });
    }
    this.#underWay.add(idempotency.key);
    try {
      const prior = await this.#deps.store.incidentByKey(idempotency.key);
      if (prior === null) return { incident: await this.#open(body, idempotency), isReplay: false };
      if (prior.request === idempotency.request) return { incident: prior.incident, isReplay: true };
      throw new ApiError(422, 'The Idempotency-Key came with another request body before.', {
        errors: [{ in: 'header', name: 'Idempotency-Key', message: 'use a new key for a new incident' }],
      });
    } finally {
      this.#underWay.delete(idempotency.key);
    }
  }

  #open(
    { title, scope, window, lookback }: OpenIncidentBody,
    idempotency?: { key: string; request: string },
  ) {
    const now = this.#deps.clock.now().getTime();
    return this.#deps.incidents.open({
      title,
      window: windowOf(window, lookback ?? DEFAULT_LOOKBACK_MS, now),
      scope: Object.fromEntries(
        Object.entries(scope).flatMap(([name, values]) => (values ? [[name, values]] : [])),
      ),
      trigger: 'api',
      ...(idempotency === undefined ? {} : { idempotency }),
    });
  }
}

function windowOf(window: OpenIncidentBody['window'], lookbackMs: number, now: number): Window {
  if (window === undefined) return { from: iso(now - lookbackMs), to: iso(now) };
  if (Date.parse(window.from) > now + CLOCK_SLACK_MS) {
    throw new ApiError(422, 'The window begins in the future.', {
      errors: [{ in: 'body', name: 'window.from', message: 'must not lie in the future' }],
    });
  }
  const to = window.to ?? iso(Math.max(now, Date.parse(window.from) + 1));
  return { from: window.from, to };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
