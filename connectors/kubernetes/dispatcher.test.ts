import { describe, expect, it } from 'vitest';
import { anyFetchDispatcher, type Dispatcher } from './dispatcher.ts';

/** Answers like a dispatcher of undici 8, and only speaks its handler interface. */
function modernDispatcher(): Dispatcher {
  return {
    dispatch(_options, handler) {
      if (!('onRequestStart' in handler)) throw new Error('invalid onRequestStart method');
      const call = (name: string, ...values: unknown[]) => {
        const callback: unknown = Reflect.get(handler, name);
        if (typeof callback === 'function') callback.apply(handler, values);
      };
      const controller = {
        rawHeaders: [Buffer.from('x-kind'), Buffer.from('Pod')],
        abort() {},
        pause() {},
        resume() {},
      };
      call('onRequestStart', controller, {});
      call('onResponseStart', controller, 200, { 'x-kind': 'Pod' }, 'OK');
      call('onResponseData', controller, Buffer.from('{"a":'));
      call('onResponseData', controller, Buffer.from('1}'));
      call('onResponseEnd', controller, {});
      return true;
    },
  };
}

describe('anyFetchDispatcher', () => {
  it("lets Node's own fetch use a dispatcher that it would refuse", async () => {
    const init: object = { dispatcher: anyFetchDispatcher(modernDispatcher()) };
    const response = await fetch('http://api.example/', init);
    expect(response.headers.get('x-kind')).toBe('Pod');
    expect(await response.json()).toEqual({ a: 1 });
  });

  it('leaves a modern handler alone', () => {
    const seen: string[] = [];
    const handler = { onRequestStart: () => seen.push('start'), onResponseEnd: () => seen.push('end') };
    anyFetchDispatcher(modernDispatcher()).dispatch({}, handler);
    expect(seen).toEqual(['start', 'end']);
  });
});
