import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { recordingLogger } from '../connectors/sdk/testing/index.ts';
import { once, runUntilSignal, stopInOrder } from './lifecycle.ts';

function bench(reload?: () => void) {
  const signals = new EventEmitter();
  const exits: number[] = [];
  let now = 1_000;
  let stops = 0;
  let finish: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const done = runUntilSignal(
    {
      stop: () => {
        stops += 1;
        return stopped;
      },
    },
    {
      signals,
      monotonic: () => now,
      logger: recordingLogger(),
      exitNow: (code) => void exits.push(code),
      ...(reload === undefined ? {} : { reload }),
    },
  );
  return { signals, exits, done, finish, stops: () => stops, pass: (ms: number) => (now += ms) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('runUntilSignal', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('drains on %s, and leaves no listener behind', async (signal) => {
    const { signals, done, finish, stops, exits } = bench();
    await turn();
    expect(stops()).toBe(0);
    signals.emit(signal);
    await turn();
    expect(stops()).toBe(1);
    finish();
    await done;
    expect(exits).toEqual([]);
    expect(signals.eventNames()).toEqual([]);
  });

  it('reloads on SIGHUP where it is told how, any number of times, and still stops on the others', async () => {
    let reloads = 0;
    const { signals, done, finish, stops, exits } = bench(() => (reloads += 1));
    for (const _ of [1, 2, 3]) signals.emit('SIGHUP');
    await turn();
    expect([reloads, stops()]).toEqual([3, 0]);
    signals.emit('SIGTERM');
    finish();
    await done;
    expect([stops(), exits]).toEqual([1, []]);
    expect(signals.eventNames()).toEqual([]);
  });

  it('ends at once on a second signal', async () => {
    const { signals, exits, pass, stops } = bench();
    signals.emit('SIGTERM');
    pass(251);
    signals.emit('SIGINT');
    await turn();
    expect([exits, stops()]).toEqual([[130], 1]);
  });

  it('takes a signal that arrives twice, from the terminal and passed on, for one', async () => {
    const { signals, exits, pass } = bench();
    signals.emit('SIGINT');
    pass(12);
    signals.emit('SIGINT');
    await turn();
    expect(exits).toEqual([]);
  });
});

describe('once', () => {
  it('does its work a single time', async () => {
    let times = 0;
    const work = once(async () => (times += 1));
    expect(await Promise.all([work(), work(), work()])).toEqual([1, 1, 1]);
  });
});

describe('stopInOrder', () => {
  it('goes on after a failure, and does not log what the failure quoted', async () => {
    const order: string[] = [];
    const logger = recordingLogger();
    await stopInOrder(
      [
        ['api', async () => void order.push('api')],
        ['scheduler', () => Promise.reject(new Error('canary-611'))],
        ['store', async () => void order.push('store')],
      ],
      logger,
    );
    expect(order).toEqual(['api', 'store']);
    expect(logger.lines.map(({ fields }) => fields['step'])).toEqual(['scheduler']);
    expect(JSON.stringify(logger.lines)).not.toContain('canary-611');
  });
});
