import { describe, expect, it } from 'vitest';
import type { ScheduledRead } from '../scheduler/job.ts';
import { Readiness } from './readiness.ts';

const read = (
  connection: string,
  name: string,
  mode: ScheduledRead['mode'] = 'streaming',
): ScheduledRead => ({
  connection,
  connector: 'demo',
  read: name,
  mode,
  intervalMs: 1_000,
});

describe('Readiness', () => {
  it('waits for streaming reads only, and for each of them', async () => {
    const readiness = new Readiness([read('a', 'pods'), read('b', 'pods'), read('a', 'locks', 'full')]);
    let settled = false;
    const waiting = readiness.settled().then(() => {
      settled = true;
    });
    readiness.ready({ connection: 'a', read: 'pods' });
    await Promise.resolve();
    expect(settled).toBe(false);
    expect(readiness.late().map(({ connection }) => connection)).toEqual(['b']);
    readiness.ready({ connection: 'b', read: 'pods' });
    await waiting;
    expect(readiness.late()).toEqual([]);
  });

  it('waits for the connections that are named, and no others', async () => {
    const readiness = new Readiness([read('a', 'pods'), read('b', 'pods')]);
    const waiting = readiness.settled(['a']);
    readiness.ready({ connection: 'a', read: 'pods' });
    await waiting;
    expect(readiness.late(['b'])).toHaveLength(1);
  });

  it('does not mind a read that it does not know, or one that is ready twice', async () => {
    const readiness = new Readiness([]);
    readiness.ready({ connection: 'a', read: 'pods' });
    readiness.ready({ connection: 'a', read: 'pods' });
    await readiness.settled();
    expect(readiness.late()).toEqual([]);
  });
});
