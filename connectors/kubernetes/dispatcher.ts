import type { Json } from './kube-object.ts';

/**
 * The Kubernetes client makes its TLS dispatchers with the `undici` package, whose major version may be ahead of the
 * one inside Node: then Node's fetch refuses them ("invalid onRequestStart method"), because it still hands over the
 * handler interface of undici 7 and before. This puts the one interface on top of the other, so that whatever fetch
 * the connector was handed (and that guards where it goes) can be used.
 */
export interface Dispatcher {
  dispatch(options: Json, handler: object): boolean;
}

interface Controller {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
  readonly rawHeaders?: unknown;
  readonly rawTrailers?: unknown;
}

type Callback = (...values: unknown[]) => unknown;

export function anyFetchDispatcher(dispatcher: Dispatcher): Dispatcher {
  return {
    dispatch(options, handler) {
      if ('onRequestStart' in handler) return dispatcher.dispatch(options, handler);
      return dispatcher.dispatch({ ...options, allowH2: false }, modernHandler(handler));
    },
  };
}

function modernHandler(handler: object): object {
  const call = (name: string, ...values: readonly unknown[]): unknown => {
    const callback: unknown = Reflect.get(handler, name);
    return isCallback(callback) ? callback.apply(handler, [...values]) : undefined;
  };
  const pauseIfFull = (controller: Controller, answer: unknown): void => {
    if (answer === false) controller.pause();
  };
  return {
    onRequestStart: (controller: Controller, context: unknown) =>
      call('onConnect', (reason: Error) => controller.abort(reason), context),
    onResponseStart: (controller: Controller, status: number, headers: unknown, message: string) =>
      pauseIfFull(
        controller,
        call(
          'onHeaders',
          status,
          rawPairs(controller.rawHeaders ?? headers),
          () => controller.resume(),
          message,
        ),
      ),
    onResponseData: (controller: Controller, chunk: Uint8Array) =>
      pauseIfFull(controller, call('onData', chunk)),
    onResponseEnd: (controller: Controller, trailers: unknown) =>
      call('onComplete', rawPairs(controller.rawTrailers ?? trailers)),
    onResponseError: (_controller: Controller, error: Error) => call('onError', error),
    onBodySent: (chunk: unknown) => call('onBodySent', chunk),
    onRequestSent: () => call('onRequestSent'),
    onResponseStarted: () => call('onResponseStarted'),
  };
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

/** Header pairs as the flat list of buffers of the older interface. */
function rawPairs(headers: unknown): readonly Buffer[] {
  if (Array.isArray(headers)) return headers.map(buffer);
  const pairs = Object.entries(typeof headers === 'object' && headers !== null ? headers : {});
  return pairs.flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => [buffer(name), buffer(one)]),
  );
}

function buffer(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value), 'latin1');
}
