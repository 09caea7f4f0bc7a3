import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { keyPathsIn } from '../config/key-places.ts';
import { AgentError } from '../errors.ts';
import { type ConnectorDefinition, discover } from '../registry/discover.ts';
import { makeMissingKeys } from '../secrets/keys.ts';
import { type CommandContext, repeated, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

interface InitOptions {
  readonly tenant: string;
  readonly connector?: readonly string[];
  readonly json?: boolean;
}

/** `exhibit init`: a config to edit, and keys. Overwrites nothing. */
export function init(command: Command, context: CommandContext): void {
  withJson(command)
    .argument('[file]', 'the config file to write', 'agent.yaml')
    .option('--tenant <name>', 'whose evidence it will be', 'default')
    .option(
      '--connector <id>',
      'write the example connection of this connector as an active one; repeat it for several',
      repeated,
    )
    .action((file: string, options: InitOptions) =>
      context.run(options, (output) => write(file, options, output, context.io)),
    );
}

async function write(file: string, options: InitOptions, output: Output, io: CliIo): Promise<ExitCode> {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(options.tenant)) {
    throw new AgentError(
      'USAGE',
      '--tenant must be lower case letters, digits and -, starting with a letter',
    );
  }
  const { definitions } = await discover();
  const active = new Set(options.connector ?? []);
  for (const id of active) {
    if (definitions.some((definition) => definition.id === id)) continue;
    throw new AgentError('USAGE', 'one of the connectors given with --connector does not exist', {
      hint: `There are: ${definitions.map((definition) => definition.id).join(', ')}.`,
    });
  }
  const target = path.resolve(io.cwd, file);
  await writeNew(target, configText(options.tenant, definitions, active));
  const keys = await makeMissingKeys(
    keyPathsIn(path.join(path.dirname(target), '.exhibit/keys'), options.tenant),
  );
  const next =
    active.size === 0 ? `Uncomment a connection in ${file}, then run` : 'Fill in the connections, then run';
  const lines = [target, ...keys].map((written) => `wrote ${written}`);
  await output.result({ config: target, keys }, `${lines.join('\n')}\n${next}: exhibit doctor -c ${file}`);
  return EXIT.good;
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    throw new AgentError('USAGE', `${file} exists already`, {
      hint: 'Edit it, or give another name: exhibit init other.yaml',
    });
  }
}

/** The example connections come from the manifests, so that a connector added as a folder is here as well. */
export function configText(
  tenant: string,
  definitions: readonly ConnectorDefinition[],
  active: ReadonlySet<string> = new Set(),
): string {
  const connections = definitions
    .map((definition) => example(definition, active.has(definition.id)))
    .join('\n');
  return `${HEAD}\ntenant: ${tenant}\n${SETTINGS}\nconnections:\n${connections}`;
}

function example({ id, manifest }: ConnectorDefinition, active: boolean): string {
  const entry = { id: `my-${id}`, connector: id, config: manifest.test.config };
  const title = `  # ${manifest.title}: ${manifest.summary}`;
  const body = stringify([entry], { lineWidth: 0 }).trimEnd().split('\n');
  return [title, ...body.map((line) => (active ? `  ${line}` : `  # ${line}`))].join('\n').concat('\n');
}

const HEAD = `# The agent's config. \`exhibit doctor\` says whether it works. Credentials are never written here: name where
# they are with { env: NAME } or { file: path }. Relative paths start at this file.
apiVersion: exhibit/v1
kind: Agent

# Whose evidence this is; part of every item's id.`;

const SETTINGS = `
# Store and keys.
dataDir: .exhibit

api:
  # Loopback unless a proxy that ends TLS stands before it.
  listen: 127.0.0.1:8787
  # The bearer token is in .exhibit/keys/api-token, unless another one is named:
  # token: { env: EXHIBIT_API_TOKEN }

# What may leave: presets (standard, strict) and files of your own, layered in this order.
policy: [standard]

# Edits of these files take hold while the agent runs. To ask for signatures of others, and to name markers that must
# never leave (\`exhibit canary new\`):
# governance:
#   signatures: { keys: [ann.pub.pem, ben.pub.pem], required: 1, widening: 2 }
#   canaries: [{ id: planted, value: { file: canary.txt } }]

scheduler:
  # Reads at once over all connections.
  concurrency: 4
  # How far back the first run of a read looks.
  lookback: 6h

log:
  level: info

# Each connection names a source. Single reads can be turned off or slowed down:
#   reads: { settings: { interval: 10m }, locks: { enabled: false } }`;
