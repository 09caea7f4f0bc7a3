import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { GrantRequest } from '../../connectors/sdk/index.ts';
import type { ReadPlan } from '../../policies/plan.ts';
import { AgentError } from '../errors.ts';
import { discover } from '../registry/discover.ts';
import { type LoadedConnector, loadConnector, textsOf } from '../registry/load.ts';
import { type CommandContext, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';
import { type ChosenPolicies, choosePolicies, mustCompile } from './policy/layers.ts';

interface RbacOptions {
  readonly format: string;
  readonly config?: string;
  readonly connection?: string;
  readonly json?: boolean;
}

/** What is granted when no config says which policies are in force. */
const DEFAULT_POLICIES = ['standard'];

/** `exhibit rbac`: the least that the agent's account needs at a source, for the reads that are on. */
export function rbac(command: Command, { io, run }: CommandContext): void {
  withJson(command)
    .requiredOption('--format <connector>', 'whose terms to print it in: postgresql, kubernetes')
    .option(
      '-c, --config <file>',
      'the config: its policies and connections (default: agent.yaml, else all reads)',
    )
    .option('--connection <id>', 'one connection of the config instead of all of that connector')
    .action((options: RbacOptions) => run(options, (output) => printGrants(options, output, io)));
}

async function printGrants(options: RbacOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const connector = await connectorOf(options.format);
  const { module, folder, manifest, reads } = connector;
  const wanted = await wantedReads(connector, options, io);
  const all = await readFile(path.join(folder, manifest.privileges), 'utf8');
  const text = (module.grants as NonNullable<typeof module.grants>)({
    all,
    reads: wanted,
    texts: textsOf(reads),
  });
  await output.result(
    { connector: manifest.id, reads: wanted.map(({ spec }) => spec.id), text },
    text.trimEnd(),
  );
  return EXIT.good;
}

async function connectorOf(format: string): Promise<LoadedConnector> {
  const { definitions } = await discover();
  const definition = definitions.find(({ id }) => id === format);
  const loaded = definition === undefined ? undefined : await loadConnector(definition);
  if (loaded?.module.grants !== undefined) return loaded;
  throw new AgentError('USAGE', `there is no format "${format}"`, {
    hint: 'Formats are the connectors whose sources have grants of their own: postgresql, kubernetes.',
  });
}

/** Those that any of the connections has on, and no policy keeps off. */
async function wantedReads(
  { manifest }: LoadedConnector,
  { config, connection }: RbacOptions,
  io: CliIo,
): Promise<GrantRequest['reads']> {
  const chosen = await choosePolicies({ names: [], config }, io, DEFAULT_POLICIES);
  const { policy } = await mustCompile(chosen, io);
  const plans = connectionsOf(chosen, manifest.id, connection).flatMap(({ id, disabled }) =>
    [...policy.of(id).reads.values()].filter(
      (plan) => plan.connector.id === manifest.id && isOn(plan) && !disabled.includes(plan.read.id),
    ),
  );
  return manifest.reads.flatMap((spec) => {
    const own = plans.filter(({ read }) => read.id === spec.id);
    return own.length === 0 ? [] : [{ spec, views: own.flatMap(({ views }) => views) }];
  });
}

function isOn({ streams, lacks }: ReadPlan): boolean {
  return streams.length > 0 && lacks === null;
}

function connectionsOf(
  { connections }: ChosenPolicies,
  connector: string,
  only: string | undefined,
): NonNullable<ChosenPolicies['connections']> {
  if (connections === undefined) return [{ id: connector, connector, disabled: [] }];
  const own = connections.filter((one) => one.connector === connector && (only ?? one.id) === one.id);
  if (own.length > 0) return own;
  throw new AgentError('USAGE', `the config has no such connection of ${connector}`, {
    hint: `Its connections: ${connections.map(({ id, connector: of }) => `${id} (${of})`).join(', ') || 'none'}.`,
  });
}
