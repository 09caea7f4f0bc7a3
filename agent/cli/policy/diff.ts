import { type Command, Option } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import type { StoredPolicyVersion } from '../../../evidence/store/governance.ts';
import { allOf } from '../../../evidence/store/paging.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { type CompiledPolicy, compilePolicy } from '../../../policies/compile.ts';
import { anyConnections, type Connected, diffPolicies } from '../../../policies/diff.ts';
import { type LoadedPolicy, loadPolicies, PolicyProblems, parsePolicy } from '../../../policies/load.ts';
import { replay } from '../../../policies/replay.ts';
import { hintFor } from '../../../policies/suggest.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import type { Output } from '../output.ts';
import { type Compared, diffMarkdown, diffText } from './diff-text.ts';
import { allManifests, choosePolicies, outlineOf } from './layers.ts';
import { onStore } from './records.ts';

interface DiffOptions {
  readonly config?: string;
  readonly replay?: boolean;
  readonly format: 'text' | 'markdown';
  readonly json?: boolean;
}

const SIDE =
  'policies with commas between, "current" (those of the config), or @<digest> of a version that was in force';

/** `exhibit policy diff`: what an edit opens and closes, and what it would have done to what is stored. */
export function diffCommand(policy: Command, { io, run }: CommandContext): void {
  withJson(policy.command('diff'))
    .description('show what one policy lets out and another does not, and how much that risks')
    .argument('<before>', SIDE)
    .argument('<after>', 'the same')
    .option('-c, --config <file>', 'the config: compares for each of its connections')
    .option('--replay', 'show what would become of the stored items; not while the agent runs')
    .addOption(
      new Option('--format <format>', 'how it is printed').choices(['text', 'markdown']).default('text'),
    )
    .addHelpText('after', '\nEnds with 0 when nothing opens, and with 1 when something does.')
    .action((before: string, after: string, options: DiffOptions) =>
      run(options, (output) => compare([before, after], options, output, io)),
    );
}

async function compare(
  sides: readonly [string, string],
  options: DiffOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const manifests = await allManifests();
  const needsConfig =
    options.replay === true || sides.some((side) => side === 'current' || side.startsWith('@'));
  const config = options.config ?? (needsConfig ? 'agent.yaml' : undefined);
  const configured = config === undefined ? undefined : (await outlineOf(config, io))?.connections;
  const now = io.clock.now().toISOString();
  const compiled = async (side: string) => {
    const layers = await layersAt(side, config, io);
    const ids = configured === undefined ? {} : { connections: configured.map(({ id }) => id) };
    const { policy, problems } = compilePolicy(manifests, layers, { now, ...ids });
    if (problems.length > 0) throw new PolicyProblems(problems);
    return policy;
  };
  const [before, after] = [await compiled(sides[0]), await compiled(sides[1])];
  // A config that names no connection yet would otherwise be one for which nothing ever opens.
  const isAboutAny = configured === undefined || configured.length === 0;
  const connections = isAboutAny ? anyConnections([before, after], manifests) : configured;
  mustBeKnown(connections, manifests);
  const diff = diffPolicies(before, after, manifests, connections);
  const replayed =
    options.replay === true ? await replayStored(before, after, config ?? 'agent.yaml', io) : null;
  const compared: Compared = { before: headOf(before), after: headOf(after), ...diff, replay: replayed };
  const text = options.format === 'markdown' ? diffMarkdown : diffText;
  await output.result(compared, text(compared, connections));
  return diff.widens ? EXIT.notGood : EXIT.good;
}

/** Nothing is known of what another connector lets out, so nothing may be said of it. Throws AgentError CONFIG. */
function mustBeKnown(connections: readonly Connected[], manifests: readonly ConnectorManifest[]): void {
  const ids = manifests.map(({ id }) => id);
  const unknown = connections.find(({ connector }) => !ids.includes(connector));
  if (unknown === undefined) return;
  throw new AgentError('CONFIG', `the connection ${unknown.id} has a connector that there is not`, {
    hint: hintFor(unknown.connector, ids),
  });
}

function headOf({ version, digest }: CompiledPolicy): Compared['before'] {
  return { version, digest };
}

/** The layers that one side names. Throws PolicyProblems, AgentError. */
async function layersAt(
  side: string,
  config: string | undefined,
  io: CliIo,
): Promise<readonly LoadedPolicy[]> {
  if (side.startsWith('@')) return storedLayers(side.slice(1), config ?? 'agent.yaml', io);
  const names = side === 'current' ? [] : side.split(',').filter((name) => name !== '');
  if (side !== 'current' && names.length === 0) throw new AgentError('USAGE', 'no policy is named');
  const chosen = await choosePolicies({ names, config: side === 'current' ? config : undefined }, io);
  return loadPolicies(chosen.names);
}

async function storedLayers(prefix: string, config: string, io: CliIo): Promise<readonly LoadedPolicy[]> {
  const { digest, layers } = await onStore(config, 'POST /v1/policy/diff', io, (store) =>
    versionAt(store, prefix),
  );
  const short = digest.slice('sha256:'.length, 'sha256:'.length + 12);
  const parsed = layers.map(({ name, text }) => parsePolicy(text, `${name}@${short}`));
  const problems = parsed.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems);
  return parsed.flatMap((result) => ('policy' in result ? [result] : []));
}

async function versionAt(store: Store, prefix: string): Promise<StoredPolicyVersion> {
  const wanted = prefix.startsWith('sha256:') ? prefix : `sha256:${prefix}`;
  const found: StoredPolicyVersion[] = [];
  for await (const version of allOf((page) => store.governance.policyVersions(page))) {
    if (version.digest.startsWith(wanted)) found.push(version);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new AgentError(
    'USAGE',
    only === undefined
      ? 'no version with this digest was in force'
      : 'several versions have digests that begin so',
    { hint: 'exhibit policy versions lists them.' },
  );
}

function replayStored(before: CompiledPolicy, after: CompiledPolicy, config: string, io: CliIo) {
  return onStore(config, 'POST /v1/policy/diff', io, (store) =>
    replay(
      allOf((page) => store.query(page)),
      before,
      after,
    ),
  );
}
