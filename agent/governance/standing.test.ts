import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuthReport, type Connector, ConnectorError } from '../../connectors/sdk/index.ts';
import { fakeClock } from '../../connectors/sdk/testing/index.ts';
import { LiveStanding } from './standing.ts';
import { PolicyFolder } from './testing/policy-folder.ts';

let folder: PolicyFolder;
beforeEach(async () => {
  folder = await PolicyFolder.make();
});
afterEach(() => folder.remove());

const never = new AbortController().signal;

async function standing(authenticate: Connector['authenticate'], refused: readonly string[] = ['superuser']) {
  const clock = fakeClock({ sleep: 'manual' });
  const ended: string[] = [];
  let asked = 0;
  const connector = {
    authenticate: (signal: AbortSignal) => {
      asked += 1;
      return authenticate(signal);
    },
  } as Connector;
  const subject = await LiveStanding.open({
    connections: {
      ids: ['db', 'unread'],
      aside: (id, work) => work({ ...connector, ...(id === 'unread' ? UNREAD : {}) }),
    },
    store: folder.store,
    refused: () => refused,
    isRead: (id) => id !== 'unread',
    onRefused: (connection) => void ended.push(connection),
    clock,
    logger: folder.logger,
  });
  return { subject, clock, ended, asked: () => asked };
}

const UNREAD = { authenticate: () => Promise.reject(new Error('nobody was to be asked')) };

const report = (...excess: readonly string[]): AuthReport => ({
  identity: 'agent',
  granted: [],
  missing: [],
  excess,
});

describe('rights', () => {
  it('are asked for before the first read, and then every ten minutes', async () => {
    const { subject, clock, asked } = await standing(async () => report('superuser'));
    expect(await subject.ask('db', never)).toBe(true);
    expect(subject.excess('db')).toEqual(['superuser']);
    clock.advance(599_999);
    expect(await subject.ask('db', never)).toBe(false);
    clock.advance(1);
    expect(await subject.ask('db', never)).toBe(true);
    expect(asked()).toBe(2);
  });

  it('are not asked for where the policy refuses none', async () => {
    const { subject, asked } = await standing(async () => report('superuser'), []);
    expect([await subject.ask('db', never), asked()]).toEqual([false, 0]);
  });

  it('are asked for once by all who want to know', async () => {
    let answer: (given: AuthReport) => void = () => undefined;
    const { subject, asked } = await standing(() => new Promise((resolve) => (answer = resolve)));
    const all = [subject.ask('db', never), subject.ask('db', never)];
    answer(report());
    expect([await Promise.all(all), asked()]).toEqual([[true, true], 1]);
  });

  it('that can not be asked for fail the read, and are asked for again', async () => {
    const { subject, asked } = await standing(async () => {
      throw new ConnectorError('UNREACHABLE', 'the source does not answer');
    });
    await expect(subject.ask('db', never)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(subject.ask('db', never)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect([asked(), subject.excess('db')]).toEqual([2, []]);
  });

  it('that are not told in time, or before the read ends, fail the read', async () => {
    const { subject, clock } = await standing(() => new Promise(() => undefined));
    const late = subject.ask('db', never);
    const ended = new AbortController();
    const given = subject.ask('db', ended.signal);
    ended.abort();
    await expect(given).rejects.toMatchObject({ code: 'TIMEOUT' });
    clock.advance(30_000);
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('are known to whoever signs soon after the first reads: what is held and missing, and how many too many', async () => {
    const { subject, clock } = await standing(async () => ({
      ...report('superuser', 'harmless'),
      granted: ['pg_read_all_stats', 'pg_monitor'],
      missing: [{ privilege: 'pg_stat_statements', reads: ['statements'], hint: 'create it' }],
    }));
    const turns = async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    void subject.watch();
    await turns();
    expect(subject.privileges('db')).toBeNull();
    clock.advance(5_000);
    await turns();
    // Nobody reads there, so nobody asks.
    expect(subject.privileges('unread')).toBeNull();
    expect(subject.privileges('db')).toEqual({
      held: ['pg_monitor', 'pg_read_all_stats'],
      missing: ['pg_stat_statements'],
      excess: 2,
    });
    subject.end();
  });

  it('that are refused and come later end what runs', async () => {
    const held: string[] = [];
    const { subject, clock, ended } = await standing(async () => report(...held));
    await subject.ask('db', never);
    held.push('superuser', 'harmless');
    const turns = async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    };
    void subject.watch();
    await turns();
    clock.advance(5_000);
    await turns();
    clock.advance(600_000);
    await turns();
    expect(ended).toEqual(['db']);
    subject.end();
  });
});

describe('stops', () => {
  it('hold at once and over a restart, until somebody releases them', async () => {
    const { subject } = await standing(async () => report());
    subject.stop('db', 'blocking', 'archive-row');
    subject.stop('db', 'blocking', 'another');
    expect([subject.isStopped('db', 'blocking'), subject.isStopped('db', 'locks')]).toEqual([true, false]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await folder.reopen();
    const { subject: next } = await standing(async () => report());
    expect(next.stops()).toEqual([
      { connection: 'db', stream: 'blocking', canary: 'archive-row', since: '2026-11-21T00:30:00.000Z' },
    ]);
    expect([await next.release('db', 'blocking'), await next.release('db', 'blocking')]).toEqual([
      true,
      false,
    ]);
    await folder.reopen();
    expect((await standing(async () => report())).subject.isStopped('db', 'blocking')).toBe(false);
  });
});
