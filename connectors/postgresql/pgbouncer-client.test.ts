import { type AddressInfo, createServer } from 'node:net';
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

  it('says that it was asked for the password in clear text, and did not send it', async () => {
    const heard: Buffer[] = [];
    const console = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => heard.push(chunk));
      // AuthenticationCleartextPassword (PostgreSQL manual, 54.7), the answer of a PgBouncer with auth_type = plain.
      socket.once('data', () => socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])));
    });
    await new Promise<void>((resolve) => {
      console.listen(0, '127.0.0.1', resolve);
    });
    const { port } = console.address() as AddressInfo;
    const secret = new Secret(['postgresql', `stats:clear-pw-41@127.0.0.1:${port}/pgbouncer`].join('://'));
    const asked = pooler('SHOW POOLS\n', secret).query('pgbouncer_pools', limits, never);
    await expect(asked).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('in clear text'),
      hint: expect.stringContaining('auth_type'),
    });
    console.close();
    expect(Buffer.concat(heard).toString('latin1')).toContain('stats');
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('clear-pw-41');
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
