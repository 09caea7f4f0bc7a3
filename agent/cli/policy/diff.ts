import { type Command, Option } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
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
import { compareInAgent } from './diff-remote.ts';
import { type Compared, diffMarkdown, diffText } from './diff-text.ts';
import { allManifests, choosePolicies, outlineOf } from './layers.ts';
import { fromStoreOrAgent, withAgent } from './records-source.ts';
import { onlyVersion } from './version-prefix.ts';

interface DiffOptions {
  readonly config?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly replay?: boolean;
  readonly format: 'text' | 'markdown';
  readonly json?: boolean;
}

const SIDE =
  'policies with commas between, "current" (those of the config), or @<digest> of a version that was in force';

/** `exhibit policy diff`: what an edit opens and closes, and what it would have done to what is stored. */
export function diffCommand(command: Command, { io, run }: CommandContext): void {
  withAgent(withJson(command))
    .argument('<before>', SIDE)
    .argument('<after>', 'the same')
    .option('-c, --config <file>', 'the config: compares for each of its connections')
    .option('--replay', 'show what would become of the stored items')
    .addOption(
      new Option('--format <format>', 'how it is printed').choices(['text', 'markdown']).default('text'),
    )
    .addHelpText('after', '\nEnds with 0 when nothing opens, and with 1 when something does.')
    .action((before: string, after: string, options: DiffOptions) =>
      run(options, (output) => compare([before, after], options, output, io)),
    );
}

type Sides = readonly [string, string];

async function compare(sides: Sides, options: DiffOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const withReplay = options.replay === true;
  const needsRecords = withReplay || sides.some((side) => side.startsWith('@'));
  const needsConfig = needsRecords || sides.includes('current');
  const config = options.config ?? (needsConfig ? 'agent.yaml' : undefined);
  const configured = config === undefined ? undefined : (await outlineOf(config, io))?.connections;
  const about = { sides, withReplay, config, configured };
  const { connections, ...compared } = needsRecords
    ? await fromStoreOrAgent({ ...options, config: config ?? 'agent.yaml' }, io, {
        store: (store) => compareHere(about, store, io),
        agent: async (agent) => ({
          ...(await compareInAgent(about, agent, (side) => namesOf(side, config, io))),
          connections: configured ?? [],
        }),
      })
    : await compareHere(about, undefined, io);
  const text = options.format === 'markdown' ? diffMarkdown : diffText;
  await output.result(compared, text(compared, connections));
  return compared.widens ? EXIT.notGood : EXIT.good;
}

interface About {
  readonly sides: Sides;
  readonly withReplay: boolean;
  readonly config: string | undefined;
  readonly configured: readonly Connected[] | undefined;
}

/** @param store absent when nothing that was in force or is stored is asked for */
async function compareHere(
  { sides, withReplay, config, configured }: About,
  store: Store | undefined,
  io: CliIo,
): Promise<Compared & { readonly connections: readonly Connected[] }> {
  const manifests = await allManifests();
  const now = io.clock.now().toISOString();
  const compiled = async (side: string) => {
    const layers =
      store !== undefined && side.startsWith('@')
        ? await storedLayers(store, side.slice(1))
        : await loadPolicies(await namesOf(side, config, io));
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
    withReplay && store !== undefined
      ? await replay(
          allOf((page) => store.query(page)),
          before,
          after,
        )
      : null;
  return { before: headOf(before), after: headOf(after), ...diff, replay: replayed, connections };
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

/** The policies that one side names, but for a version. Throws AgentError. */
async function namesOf(side: string, config: string | undefined, io: CliIo): Promise<readonly string[]> {
  const names = side === 'current' ? [] : side.split(',').filter((name) => name !== '');
  if (side !== 'current' && names.length === 0) throw new AgentError('USAGE', 'no policy is named');
  const chosen = await choosePolicies({ names, config: side === 'current' ? config : undefined }, io);
  return chosen.names;
}

async function storedLayers(store: Store, prefix: string): Promise<readonly LoadedPolicy[]> {
  const { digest, layers } = await onlyVersion(
    allOf((page) => store.governance.policyVersions(page)),
    prefix,
  );
  const short = digest.slice('sha256:'.length, 'sha256:'.length + 12);
  const parsed = layers.map(({ name, text }) => parsePolicy(text, `${name}@${short}`));
  const problems = parsed.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems);
  return parsed.flatMap((result) => ('policy' in result ? [result] : []));
}
