import path from 'node:path';
import { PRESETS } from '../../policies/load.ts';
import { type Agent, createAgent } from '../app.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { type ConnectorDefinition, discover } from '../registry/discover.ts';
import { standardError } from '../telemetry/logger.ts';
import { agentVersion } from '../version.ts';
import type { CliIo } from './io.ts';

export interface Setup {
  readonly loaded: LoadedConfig;
  readonly definitions: readonly ConnectorDefinition[];
}

/** Discovers the connectors and loads the config. Throws AgentError REGISTRY or CONFIG with every problem at once. */
export async function loadSetup(config: string, io: CliIo): Promise<Setup> {
  const { definitions, problems } = await discover();
  if (problems.length > 0) {
    throw new AgentError('REGISTRY', 'a connector has a manifest that is not valid', {
      hint: 'Restore the folder, or remove it.',
      problems,
    });
  }
  const file = path.isAbsolute(config) ? config : path.join(path.relative(process.cwd(), io.cwd), config);
  const loaded = await loadConfig(file, { env: io.env, definitions, presets: PRESETS });
  return { loaded, definitions };
}

export function agentFrom(
  { loaded, definitions }: Setup,
  io: CliIo,
  options: { readonly rehearsal?: boolean } = {},
): Promise<Agent> {
  return createAgent(loaded, {
    clock: io.clock,
    version: agentVersion(),
    definitions,
    logTo: standardError(),
    ...options,
  });
}
