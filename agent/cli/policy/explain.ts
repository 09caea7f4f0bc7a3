import type { Command } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../../policies/compile.ts';
import { layersOf } from '../../../policies/decide.ts';
import { type ExplainQuestion, explain, NotDeclared } from '../../../policies/explain.ts';
import { explainView, isView } from '../../../policies/explain-view.ts';
import type { BreakGlassRule } from '../../../policies/policy.ts';
import { hintFor } from '../../../policies/suggest.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import type { Output } from '../output.ts';
import { explanationText, viewText } from './explain-text.ts';
import { compiledFor, IN_FORCE_HELP, inForceText, withInForce } from './in-force.ts';
import { type ChosenPolicies, NAMES } from './layers.ts';
import { presetAt } from './places.ts';

interface ExplainOptions {
  readonly config?: string;
  readonly policy?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly inForce?: boolean;
  readonly json?: boolean;
}

interface Asked {
  readonly connection: string;
  readonly stream: string;
  readonly field: string | undefined;
}

/** `exhibit policy explain`: why something leaves, or does not, and what would change that. */
export function explainCommand(command: Command, { io, run }: CommandContext): void {
  withInForce(withJson(command))
    .argument('<connection>', 'a connection of the config; any name with --policy alone')
    .argument('<stream>', '<connector>/<stream>, or <stream>; or a view, <schema>.<view>')
    .argument('[field]', 'as the manifest names it: changes[].path; of a view, a column (default: all)')
    .option('-c, --config <file>', 'the config: its policies and connections (default: agent.yaml)')
    .option('--policy <names>', `instead of the config's: ${NAMES}, with commas between`)
    .addHelpText('after', IN_FORCE_HELP)
    .action((connection: string, stream: string, field: string | undefined, options: ExplainOptions) =>
      run(options, (output) => answer({ connection, stream, field }, options, output, io)),
    );
}

async function answer(
  asked: Asked,
  { config, policy: list, ...asking }: ExplainOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const names = list === undefined ? [] : list.split(',').filter((name) => name !== '');
  const chosen = await compiledFor({ names, config, ...asking }, io);
  const { policy, manifests, inForce } = chosen;
  const head = asking.inForce === true ? inForceText(inForce) : '';
  if (isView(asked.stream)) {
    const { connection, stream: view, field } = asked;
    mustBeConfigured(connection, chosen);
    const question = { connection, view, ...(field === undefined ? {} : { column: field }) };
    const explanation = declared(() => explainView(policy, question));
    await output.result({ ...explanation, inForce }, `${head}${viewText(explanation)}`);
    return EXIT.good;
  }
  const question = questionOf(asked, chosen, manifests);
  const explanation = declared(() => explain(policy, manifests, question));
  const isOneField = question.field !== undefined;
  const emergency = isOneField ? emergencyOf(policy, explanation.fields[0]?.decides?.rule) : undefined;
  const writeTo = ownLayer(policy, question.connection);
  await output.result(
    { ...explanation, inForce, ...(emergency === undefined ? {} : { emergency }) },
    `${head}${explanationText(explanation, { isOneField, emergency, writeTo })}`,
  );
  return EXIT.good;
}

/** Who opened something for how long, and why. */
function emergencyOf(policy: CompiledPolicy, rule: string | undefined): BreakGlassRule | undefined {
  return policy.layers
    .flatMap(({ policy: { metadata, breakGlass } }) =>
      breakGlass.map((one) => ({ one, name: `${metadata.name}#break-glass/${one.id}` })),
    )
    .find(({ name }) => name === rule)?.one;
}

/** The file that decides last about a connection; undefined where that is a preset. */
function ownLayer(policy: CompiledPolicy, connection: string): string | undefined {
  const file = layersOf(connection, policy.layers).at(-1)?.source.file;
  return presetAt(file) === undefined ? file : undefined;
}

function questionOf(
  { connection, stream, field }: Asked,
  { connections }: ChosenPolicies,
  manifests: readonly ConnectorManifest[],
): ExplainQuestion {
  const [first = '', rest] = stream.split('/');
  const about = { connection, stream: rest ?? first, ...(field === undefined ? {} : { field: bare(field) }) };
  const named = rest === undefined ? undefined : first;
  const known = mustBeConfigured(connection, { connections });
  if (known === undefined) {
    return { ...about, connector: named ?? connectorWith(about.stream, manifests) };
  }
  if (named !== undefined && named !== known.connector) {
    throw new AgentError('USAGE', `${connection} is a connection of ${known.connector}, not of ${named}`);
  }
  return { ...about, connector: known.connector };
}

/** Undefined without a config: then any name is one. Throws AgentError USAGE. */
function mustBeConfigured(connection: string, { connections }: Pick<ChosenPolicies, 'connections'>) {
  const known = connections?.find(({ id }) => id === connection);
  if (connections === undefined || known !== undefined) return known;
  const ids = connections.map(({ id }) => id);
  throw new AgentError('USAGE', 'the config has no such connection', { hint: hintFor(connection, ids) });
}

/** Items and `policy show` say `body.wait_ms`, policies `wait_ms`: both are understood. */
function bare(field: string): string {
  return field.startsWith('body.') ? field.slice('body.'.length) : field;
}

function connectorWith(stream: string, manifests: readonly ConnectorManifest[]): string {
  const all = manifests.flatMap(({ id, streams }) =>
    streams.map((one) => ({ connector: id, stream: one.id })),
  );
  const found = all.filter((one) => one.stream === stream);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.connector;
  const message =
    only === undefined ? 'no connector has such a stream' : 'several connectors have such a stream';
  const names = (only === undefined ? all : found).map((one) => `${one.connector}/${one.stream}`);
  const hint =
    only === undefined
      ? hintFor(
          stream,
          all.map((one) => one.stream),
        )
      : `say which: ${names.join(', ')}`;
  throw new AgentError('USAGE', message, { hint });
}

function declared<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NotDeclared)) throw error;
    throw new AgentError('USAGE', error.message, { hint: error.hint, cause: error });
  }
}
