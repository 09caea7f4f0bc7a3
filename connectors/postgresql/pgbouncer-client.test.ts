import { describe, expect, it } from 'vitest';
import { Secret } from '../sdk/index.ts';
import { fakeClock } from '../sdk/testing/index.ts';
import { openPooler } from './pgbouncer-client.ts';

const dsn = new Secret(['postgresql', 'stats:pw@127.0.0.1:1/pgbouncer'].join('://'));
const patience = { caFile: undefined, connectTimeout: 1_000, responseGrace: 1_000, statementTimeout: 1_000 };
const limits = { timeoutMs: 5_000, bytes: 1_000 };
const never = new AbortController().signal;

function pooler(text: string, secret = dsn) {
  const reads = new Map([['pgbouncer_pools', text]]);
  return openPooler({ dsn: secret }, patience, { clock: fakeClock(), reads });
}

describe('the client of the console', () => {
  it.each(['SHUTDOWN\n', 'SHOW POOLS; PAUSE\n', 'SHOW CLIENTS\n', 'show pools\n', ''])(
    'does not even log in for %j',
    async (text) => {
      const asked = pooler(text).query('pgbouncer_pools', limits, never);
      await expect(asked).rejects.toMatchObject({ code: 'INTERNAL' });
    },
  );

  it('refuses a read that it has no text of', async () => {
    const asked = pooler('SHOW POOLS\n').query('wal', limits, never);
    await expect(asked).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('refuses to ask a database of users as if it were the console', async () => {
    const wrong = new Secret(['postgresql', 'stats:pw@127.0.0.1:1/orders'].join('://'));
    const asked = pooler('SHOW POOLS\n', wrong).query('pgbouncer_pools', limits, never);
    await expect(asked).rejects.toMatchObject({ code: 'CONFIG' });
  });

  it('says that nobody answers, and nothing of the DSN', async () => {
    const error: unknown = await pooler('SHOW POOLS\n')
      .query('pgbouncer_pools', limits, never)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect(String(error)).not.toContain('127.0.0.1');
  });

  it('asks nothing after it was closed, and is closed twice without harm', async () => {
    const client = pooler('SHOW POOLS\n');
    await client.close();
    await client.close();
    const asked = client.query('pgbouncer_pools', limits, never);
    await expect(asked).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('closed'),
    });
  });

  it('returns at once when it was given up on', async () => {
    const asked = pooler('SHOW POOLS\n').query('pgbouncer_pools', limits, AbortSignal.abort());
    await expect(asked).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});
