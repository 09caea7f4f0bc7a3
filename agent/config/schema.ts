import { z } from 'zod';
import { duration } from '../../connectors/sdk/index.ts';
import { filePath, keys, timestamps, transparency } from './key-schema.ts';

/**
 * The whole of agent.yaml. Every object is strict: a key that is not known is a problem, because a mistyped safety
 * setting must not fall back to its default in silence.
 */

const identifier = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'must be lower case letters, digits and -, starting with a letter, at most 63',
  );

const NO_CONNECTION = 'must be a list with at least one connection';

/** Where a credential comes from; resolved after the schema. */
export const secretRef = z
  .union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: filePath })], {
    error: 'must be a secret reference: { env: NAME } or { file: path }',
  })
  .meta({ description: 'A credential: { env: NAME } or { file: path }; relative paths start at this file.' });

const listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, {
    error: 'must be host:port, such as 127.0.0.1:8787',
    abort: true,
  })
  .refine(
    (text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535,
    'the port must be at most 65535',
  );

const api = z.strictObject({
  listen: listen.default('127.0.0.1:8787').meta({
    description: 'Address of the HTTP API. Anything but loopback needs a token and a proxy that ends TLS.',
  }),
  token: secretRef
    .optional()
    .meta({ description: 'Bearer token of the API. Without it: the file api-token among the keys.' }),
  rate: z
    .strictObject({
      perSecond: z.int().min(1).max(100_000).default(200),
      burst: z.int().min(1).max(100_000).default(500),
    })
    .prefault({})
    .meta({ description: 'Requests a second that one client address may make, and how many at once.' }),
});

const scheduler = z.strictObject({
  concurrency: z.int().min(1).max(64).default(4).meta({ description: 'Reads at once over all connections.' }),
  lookback: duration.prefault('6h').meta({ description: 'How far back the first run of a read looks.' }),
  overlap: duration.prefault('2m').meta({ description: 'How much two windows in a row share.' }),
  minimumInterval: duration
    .prefault('5s')
    .meta({ description: 'No read runs more often, not even in an incident.' }),
  retryBase: duration
    .prefault('1s')
    .meta({ description: 'Ceiling of the first wait after a failure; doubles.' }),
  retryCap: duration.prefault('5m').meta({ description: 'The longest wait after failures.' }),
  drain: duration
    .prefault('20s')
    .meta({ description: 'How long running reads may take to end at shutdown.' }),
});

const incidents = z.strictObject({
  cadence: z
    .int()
    .min(1)
    .max(16)
    .default(4)
    .meta({ description: 'Divides every interval while an incident is open.' }),
  burst: duration.prefault('30m').meta({ description: 'How long an incident raises the cadence at most.' }),
  firstReads: duration.prefault('30s').meta({ description: 'How long a bundle waits for the first reads.' }),
});

const governance = z.strictObject({
  reload: duration
    .prefault('5s')
    .meta({ description: 'How often the policy files are looked at; 0s: only at start and on SIGHUP.' }),
  startWithLastGood: z.boolean().default(false).meta({
    description: 'Start under the version that was last in force when the files are not usable, and say so.',
  }),
  canaries: z
    .array(z.strictObject({ id: identifier, value: secretRef }))
    .max(100)
    .default([])
    .meta({
      description: 'Markers that were planted in sources and must never leave; see `exhibit canary`.',
    }),
  apply: z.boolean().default(false).meta({ description: 'Whether POST /v1/policy/apply may replace it.' }),
  signatures: z
    .strictObject({
      keys: z
        .array(filePath)
        .max(32)
        .default([])
        .meta({ description: 'Public keys (PEM, P-256) of those who may sign policies.' }),
      required: z.int().min(0).max(32).default(0).meta({
        description: 'Signatures that each policy file needs, of different keys; presets need none.',
      }),
      widening: z.int().min(0).max(32).default(0).meta({
        description: 'Signatures that it needs when it lets out more than what is in force.',
      }),
    })
    .refine(({ keys: known, required }) => required <= known.length, {
      message: 'is more than there are keys',
      path: ['required'],
    })
    .refine(({ keys: known, widening }) => widening <= known.length, {
      message: 'is more than there are keys',
      path: ['widening'],
    })
    .prefault({})
    .meta({ description: 'Whose signatures a policy needs. Without keys: nobody is asked.' }),
});

const readOverride = z.strictObject({
  interval: duration.optional().meta({ description: 'Instead of the interval in the manifest.' }),
  enabled: z.boolean().default(true).meta({ description: 'false: never runs, and its absence is no gap.' }),
});

export const connectionConfig = z.strictObject({
  id: identifier.meta({
    description: 'Names the source in every entity URI; changing it changes every item id.',
  }),
  connector: z.string().min(1).meta({ description: 'A connector that `exhibit connector list` shows.' }),
  config: z.record(z.string(), z.unknown()).default({}).meta({ description: 'What the connector asks for.' }),
  reads: z
    .record(z.string(), readOverride)
    .default({})
    .meta({ description: 'Changes to single reads, by read id.' }),
});
export type ConnectionConfig = z.infer<typeof connectionConfig>;

export const agentConfig = z
  .strictObject({
    apiVersion: z.literal('exhibit/v1', 'must be "exhibit/v1"'),
    kind: z.literal('Agent', 'must be "Agent"'),
    tenant: identifier.meta({ description: 'Whose evidence this is; part of every item id.' }),
    dataDir: filePath.default('.exhibit').meta({ description: 'Folder of the store and the keys.' }),
    api: api.prefault({}),
    keys: keys.prefault({}),
    transparency: transparency.prefault({}),
    timestamps: timestamps
      .optional()
      .meta({ description: 'Who vouches for when evidence was signed. Without it no verifier can tell.' }),
    policy: z
      .array(z.string().min(1))
      .min(1)
      .default(['standard'])
      .meta({ description: 'Presets (standard, strict) and files, in order of layering.' }),
    governance: governance.prefault({}),
    scheduler: scheduler.prefault({}),
    incidents: incidents.prefault({}),
    log: z
      .strictObject({
        level: z
          .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
          .default('info'),
      })
      .prefault({}),
    connections: z.array(connectionConfig, NO_CONNECTION).min(1, NO_CONNECTION),
  })
  .superRefine((config, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of config.connections.entries()) {
      if (seen.has(id)) {
        context.addIssue({
          code: 'custom',
          path: ['connections', index, 'id'],
          message: 'another connection has this id',
        });
      }
      seen.add(id);
    }
  });
export type AgentConfig = z.infer<typeof agentConfig>;
