import { readFile } from 'node:fs/promises';
import type { Logger } from '../connectors/sdk/index.ts';
import { timestampClient } from '../evidence/timestamp/client.ts';
import type { TimestampAuthority } from '../evidence/trust/trusted-root.ts';
import type { LoadedConfig } from './config/load.ts';
import { AgentError } from './errors.ts';
import type { SealingDeps } from './sealing.ts';
import { errorFields } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface Timestamps {
  readonly seal: NonNullable<SealingDeps['timestamp']>;
  readonly authority: TimestampAuthority;
}

/**
 * Who is asked for timestamps, and for which manifests; undefined without an authority. When it does not answer, the
 * evidence is sealed without, unless the configuration says that it must not be: a missing timestamp shows in every
 * verification, missing evidence does not come back.
 *
 * @throws AgentError CONFIG when its certificates can not be used
 */
export async function timestampsOf(
  { config, paths }: Pick<LoadedConfig, 'config' | 'paths'>,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Pick<Metrics, 'timestamp'> },
): Promise<Timestamps | undefined> {
  const { timestamps } = config;
  const { timestampCertificate: file } = paths;
  if (timestamps === undefined || file === null) return undefined;
  const { url, purposes, timeout, required } = timestamps;
  const chainPem = await certificatesIn(file);
  const client = timestampClient({ url, certificates: chainPem, timeoutMs: timeout });
  const seal: Timestamps['seal'] = {
    purposes,
    ask: async (signature) => {
      try {
        const token = await client(signature);
        metrics.timestamp('given');
        return token;
      } catch (error) {
        metrics.timestamp('missing');
        logger.warn('the timestamp authority gave no timestamp', { required, ...errorFields(error) });
        if (required) throw error;
        return null;
      }
    },
  };
  return { seal, authority: { url, chainPem } };
}

async function certificatesIn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AgentError('CONFIG', `the certificates of the timestamp authority can not be read: ${file}`, {
      hint: 'timestamps.certificate names a PEM file: the certificate of the authority first, the root last.',
      cause: error,
    });
  }
}
