import { describe, expect, it } from 'vitest';
import { ConnectorError, Secret } from '../sdk/index.ts';
import { parseDsn } from './dsn.ts';
import { toConnectorError } from './errors.ts';
import { connector } from './index.ts';
import { pinsFor, readBack, setPins, trustedFacts } from './session.ts';

/** Put together here, so that no scanner of secrets takes these for real ones. */
const uri = (rest: string): string => ['postgresql', rest].join('://');
const dsn = new Secret(uri('exhibit:pa%40ss@db.example:6432/orders'));
const { config } = connector;

describe('config', () => {
  it('needs nothing but the DSN', () => {
    expect(config.parse({ dsn })).toEqual({
      dsn,
      connectTimeout: 5_000,
      statementTimeout: 2_000,
      lockTimeout: 20,
      idleInTransactionTimeout: 10_000,
      idleSessionTimeout: 3_600_000,
      responseGrace: 1_000,
      idleInTransactionSymptom: 10_000,
      longTransactionSymptom: 60_000,
    });
  });

  it('takes the console of a pooler, reaches its host too, and serves its reads only then', () => {
    const console = new Secret(uri('stats:secret@pool.example:6433/pgbouncer'));
    const [plain, pooled] = [config.parse({ dsn }), config.parse({ dsn, pgbouncer: { dsn: console } })];
    expect(connector.egress(plain)).toEqual(['db.example:6432']);
    expect(connector.egress(pooled)).toEqual(['db.example:6432', 'pool.example:6433']);
    const served = (settings: typeof plain) =>
      ['pgbouncer_pools', 'pgbouncer_databases', 'pgbouncer_stats', 'connections'].filter((read) =>
        connector.serves?.(settings, read),
      );
    expect(served(plain)).toEqual(['connections']);
    expect(served(pooled)).toHaveLength(4);
  });

  it.each([
    [{}, 'dsn'],
    [{ dsn: 'postgresql://u:p@h/d' }, 'dsn'],
    [{ dsn, pgbouncer: {} }, 'pgbouncer.dsn'],
    [{ dsn, pgbouncer: { dsn, host: 'pool.example' } }, 'pgbouncer'],
    [{ dsn, lockTimeout: '201ms' }, 'lockTimeout'],
    [{ dsn, lockTimeout: '0ms' }, 'lockTimeout'],
    [{ dsn, statementTimeout: 'soon' }, 'statementTimeout'],
    [{ dsn, ssl: 'prefer' }, 'ssl'],
    [{ dsn, query: 'select 1' }, ''],
    [{ dsn, certFile: '/run/agent.pem' }, 'keyFile'],
    [{ dsn, keyFile: '/run/agent.key' }, 'keyFile'],
    [{ dsn, certFile: '/run/agent.pem', keyFile: '/run/agent.key', ssl: 'disable' }, 'ssl'],
  ])('refuses %o', (input, path) => {
    const result = config.safeParse(input);
    expect(result.success).toBe(false);
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('tells which host it contacts, and no more', () => {
    expect(connector.egress(config.parse({ dsn }))).toEqual(['db.example:6432']);
    expect(JSON.stringify(config.parse({ dsn }))).not.toContain('pa');
  });
});

describe('parseDsn', () => {
  it('takes a URI apart', () => {
    expect(parseDsn(uri('exhibit:pa%40ss@db.example:6432/my%20orders'))).toEqual({
      host: 'db.example',
      port: 6432,
      user: 'exhibit',
      password: 'pa@ss',
      database: 'my orders',
      ssl: 'verify-full',
    });
  });

  it.each([
    ['postgres://u:p@localhost/d', 'localhost', 'disable'],
    ['postgres://u:p@127.0.0.7/d', '127.0.0.7', 'disable'],
    ['postgres://u:p@[::1]/d', '::1', 'disable'],
    ['postgres://u@/d?host=/run/postgresql', '/run/postgresql', 'disable'],
    ['postgres://u:p@10.0.0.1/d', '10.0.0.1', 'verify-full'],
    ['postgres://u:p@10.0.0.1/d?sslmode=require', '10.0.0.1', 'require'],
    ['postgres://u:p@localhost/d?sslmode=verify-ca', 'localhost', 'verify-full'],
  ])('reads host and TLS of %s', (text, host, ssl) => {
    expect(parseDsn(text)).toMatchObject({ host, ssl, port: 5432 });
  });

  it.each([
    'not a uri',
    'mysql://u:secret@h/d',
    uri('u:secret@h'),
    uri('h/secret'),
    uri('u:secret@h/d?sslmode=prefer'),
    uri('u:secret@h/d?options=-c%20statement_timeout%3D0'),
    uri('u:secr%zzet@h/d'),
  ])('refuses %s without quoting it', (text) => {
    const failure = caught(() => parseDsn(text));
    expect(failure.code).toBe('CONFIG');
    expect(`${failure.message} ${failure.hint}`).not.toContain('secr');
  });
});

describe('errors', () => {
  it.each([
    ['28P01', 'AUTH'],
    ['28000', 'AUTH'],
    ['3D000', 'CONFIG'],
    ['42501', 'PRIVILEGE'],
    ['42P01', 'DRIFT'],
    ['42703', 'DRIFT'],
    ['53300', 'UNREACHABLE'],
    ['53200', 'BAD_RESPONSE'],
    ['55P03', 'TIMEOUT'],
    ['57014', 'TIMEOUT'],
    ['57P01', 'UNREACHABLE'],
    ['57P03', 'UNREACHABLE'],
    ['25P03', 'TIMEOUT'],
    ['55000', 'UNSUPPORTED'],
    ['08006', 'UNREACHABLE'],
    ['XX000', 'BAD_RESPONSE'],
    ['22012', 'BAD_RESPONSE'],
    ['ECONNREFUSED', 'UNREACHABLE'],
    ['ENOTFOUND', 'UNREACHABLE'],
    ['EAI_AGAIN', 'UNREACHABLE'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'CONFIG'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'CONFIG'],
  ])('%s is %s', (code, expected) => {
    const cause = Object.assign(new Error('relation "canary_words" of the server'), { code });
    const error = toConnectorError(cause);
    expect(error.code).toBe(expected);
    expect(error.cause).toBe(cause);
    expect(`${error.message} ${error.hint}`).not.toContain('canary_words');
    expect(error.hint).toMatch(/\.$/);
  });

  it('knows the words of the client library that carry no code', () => {
    expect(toConnectorError(new Error('Connection terminated unexpectedly')).code).toBe('UNREACHABLE');
    expect(toConnectorError(new Error('The server does not support SSL connections')).code).toBe('CONFIG');
    expect(
      toConnectorError(new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')).code,
    ).toBe('AUTH');
    expect(toConnectorError(new Error('something else')).code).toBe('INTERNAL');
  });

  it('passes our own through', () => {
    const own = new ConnectorError('BUDGET', 'too much');
    expect(toConnectorError(own)).toBe(own);
  });
});

describe('session pins', () => {
  const parsed = config.parse({ dsn });
  const pins = pinsFor(parsed, 180_004);
  const row = (): Record<string, unknown> => ({
    ...Object.fromEntries(pins.map((pin, index) => [`pin_${index}`, pin.value])),
    read_only: 'on',
    version: '180004',
    role: 'exhibit',
    database: 'orders',
    reads_stats: 't',
    now: '1795220042000.25',
  });

  it('set and read back the same names', () => {
    expect(setPins(pins).values.filter((_, index) => index % 2 === 0)).toEqual(readBack(pins).values);
    expect(pins.map((pin) => pin.name)).toContain('transaction_timeout');
    expect(pinsFor(parsed, 160_000).map((pin) => pin.name)).not.toContain('transaction_timeout');
  });

  it('trust a session that keeps them, whatever unit the server answers in', () => {
    const answer = row();
    answer[`pin_${pins.findIndex((pin) => pin.name === 'statement_timeout')}`] = '2s';
    answer[`pin_${pins.findIndex((pin) => pin.name === 'idle_session_timeout')}`] = '1h';
    expect(trustedFacts(answer, pins)).toEqual({
      now: '2026-11-21T00:14:02.000Z',
      role: 'exhibit',
      database: 'orders',
      version: 180_004,
      readsStats: true,
    });
  });

  it.each(pins.map((pin) => pin.name))('refuse a session that lost %s', (name) => {
    const answer = row();
    answer[`pin_${pins.findIndex((pin) => pin.name === name)}`] = '17';
    expect(caught(() => trustedFacts(answer, pins))).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(name),
    });
  });

  it('refuse a transaction that may write', () => {
    expect(caught(() => trustedFacts({ ...row(), read_only: 'off' }, pins)).message).toContain(
      'transaction_read_only',
    );
  });
});

function caught(work: () => unknown): ConnectorError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
