import { type BudgetMeter, ConnectorError } from '../sdk/index.ts';

export interface MeteredFetch {
  readonly fetch: typeof fetch;
  /** The error that ended the last call, when it was ours: the SDK would hide it in one of its own. */
  failure(): ConnectorError | undefined;
}

/** A fetch that counts calls and bytes against a budget, follows no redirect and ends with the signal. */
export function meteredFetch(inner: typeof fetch, meter: BudgetMeter, signal: AbortSignal): MeteredFetch {
  let failure: ConnectorError | undefined;
  async function send(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    try {
      signal.throwIfAborted();
      meter.useCall();
      const response = await inner(input, { ...init, redirect: 'manual', signal });
      const body = await boundedBody(response, meter);
      return new Response(body, { status: response.status, headers: response.headers });
    } catch (error) {
      if (error instanceof ConnectorError) failure = error;
      // The one error that the SDK neither wraps nor tries again.
      if (failure !== undefined || signal.aborted)
        throw new DOMException('the call was given up', 'AbortError');
      throw error;
    }
  }
  return { fetch: send, failure: () => failure };
}

async function boundedBody(response: Response, meter: BudgetMeter): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) {
    const bytes = chunk as Uint8Array;
    meter.useBytes(bytes.byteLength);
    chunks.push(bytes);
  }
  const bodyless = response.status === 204 || response.status === 205 || response.status === 304;
  return bodyless ? null : new Uint8Array(Buffer.concat(chunks));
}

/** Settles with the promise or rejects when aborted, whichever comes first. */
export async function raced<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Nobody is there for its failure once the signal has won.
  promise.catch(() => {});
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const abort = (): void => gone.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, gone.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
