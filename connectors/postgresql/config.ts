import { z } from 'zod';
import { duration, type Secret, secretField } from '../sdk/index.ts';

const timeout = (fallback: string, description: string, ceilingMs: number): z.ZodType<number> =>
  duration
    .prefault(fallback)
    .refine((ms) => ms >= 1 && ms <= ceilingMs, `must be between 1ms and ${ceilingMs}ms`)
    .meta({ description });

/** Where the server is and how patient to be with it. All durations are in milliseconds once parsed. */
export interface PostgresqlConfig {
  readonly dsn: Secret;
  readonly ssl?: 'disable' | 'require' | 'verify-full' | undefined;
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly pgbouncer?: PoolerConfig | undefined;
  readonly cdc?: CdcConfig | undefined;
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly idleInTransactionTimeout: number;
  readonly idleSessionTimeout: number;
  readonly responseGrace: number;
  readonly idleInTransactionSymptom: number;
  readonly longTransactionSymptom: number;
}

/** The admin console of the PgBouncer in front of the server. */
export interface PoolerConfig {
  readonly dsn: Secret;
}

/** Where changes are read from, where a policy lets them be read. */
export interface CdcConfig {
  /** Made by an administrator: which tables and operations are looked at. */
  readonly publication: string;
  readonly slot: string;
}

const pemFile = (description: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).optional().meta({ description });

const fields = z.strictObject({
  dsn: secretField('postgresql://user:password@host:port/database of the one database to look at'),
  ssl: z
    .enum(['disable', 'require', 'verify-full'])
    .optional()
    .meta({
      description:
        'TLS: verify-full checks certificate and host name, require only encrypts. By default the sslmode of the DSN, ' +
        'else disable for a socket or loopback address and verify-full for all others.',
    }),
  caFile: pemFile('PEM file of the certificate authority to trust for TLS'),
  certFile: pemFile('PEM file of the client certificate to log in with; read anew at each login'),
  keyFile: pemFile('PEM file of the private key of certFile, without a passphrase'),
  pgbouncer: z
    .strictObject({
      dsn: secretField(
        'postgresql://user:password@host:port/pgbouncer of the admin console; a user of stats_users is enough',
      ),
    })
    .optional()
    .meta({ description: 'The PgBouncer in front of the server, whose pools and waits are read too' }),
  cdc: z
    .strictObject({
      publication: z
        .string()
        .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'must be lower case: letters, digits and _')
        .meta({ description: 'The publication, made by an administrator, of the tables to look at' }),
      slot: z
        .string()
        .regex(/^exhibit_[a-z0-9_]{1,55}$/, 'must begin with exhibit_, then lower case letters, digits and _')
        .default('exhibit_cdc')
        .meta({ description: 'The replication slot, made and dropped by the agent; no other may use it' }),
    })
    .optional()
    .meta({
      description:
        'Counts of changes by table; read only while a flag of the policy gives the capability cdc',
    }),
  connectTimeout: timeout('5s', 'Longest wait for a session, name lookup and TLS included', 60_000),
  statementTimeout: timeout('2s', 'statement_timeout of the session: the server ends a slower read', 60_000),
  // A read that waits for a catalog makes those wait who want it for themselves alone: 200 ms is the most it may ever be.
  // Why the default is no shorter is measured in README.md.
  lockTimeout: timeout('20ms', 'lock_timeout of the session, at most 200ms', 200),
  idleInTransactionTimeout: timeout('10s', 'idle_in_transaction_session_timeout of the session', 600_000),
  idleSessionTimeout: timeout(
    '1h',
    'idle_session_timeout: the server drops a session that an agent forgot',
    86_400_000,
  ),
  responseGrace: timeout(
    '1s',
    'How long after the statement timeout a silent server is given up on and the socket is closed',
    60_000,
  ),
  idleInTransactionSymptom: timeout(
    '10s',
    'A session idle in transaction for longer is reported as a symptom',
    86_400_000,
  ),
  longTransactionSymptom: timeout('1m', 'A transaction open for longer is reported as a symptom', 86_400_000),
});

export const config: z.ZodType<PostgresqlConfig> = fields
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['keyFile'],
    message: 'a client certificate needs both certFile and keyFile',
  })
  .refine(({ certFile, ssl }) => certFile === undefined || ssl !== 'disable', {
    path: ['ssl'],
    message: 'a client certificate is of no use without TLS',
  });
