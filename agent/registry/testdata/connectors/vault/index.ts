import { z } from 'zod';
import { type ConnectorModule, observe, type Secret, secretField } from '../../../../../connectors/sdk/index.ts';

interface VaultConfig {
  readonly host: string;
  readonly port: number;
  readonly password: Secret;
}

const config: z.ZodType<VaultConfig> = z.strictObject({
  host: z.string().min(1).meta({ description: 'Host.' }),
  port: z.int().max(65_535).default(4712).meta({ description: 'Port.' }),
  password: secretField('Password.'),
});

/** Emits one open door for each run; a stream goes on until it is told to stop. */
export const connector: ConnectorModule<VaultConfig> = {
  config,
  egress: ({ host, port }) => [`${host}:${port}`],
  create: (_config, { clock, connection }) => ({
    authenticate: async () => ({ identity: 'porter', granted: ['LOOK'], missing: [], excess: ['OPEN'] }),
    discover: async () => [{ stream: 'doors', available: true }],
    read: async (run, request, signal) => {
      run.meter.useRows(1);
      await run.emit(
        observe({
          stream: 'doors',
          class: 'state',
          entity: `vault://${connection}/north`,
          key: request.read,
          occurredAt: '2026-11-21T00:14:02.000Z',
          body: { door: 'north', open: true, combination: 'canary-8841' },
        }),
      );
      if (request.mode === 'streaming') await clock.sleep(3_600_000, signal).catch(() => undefined);
      return { completeness: { state: 'complete', read: 1, expected: 1, reason: null } };
    },
    close: async () => undefined,
  }),
};
