import type { Command } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import { type ExplainQuestion, type Explanation, explain, NotDeclared } from '../../../policies/explain.ts';
import { hintFor } from '../../../policies/suggest.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import type { Output } from '../output.ts';
import { explanationText } from './explain-text.ts';
import { type ChosenPolicies, choosePolicies, mustCompile, NAMES } from './layers.ts';

interface ExplainOptions {
  readonly config?: string;
  readonly policy?: string;
  readonly json?: boolean;
}

interface Asked {
  readonly connection: string;
  readonly stream: string;
  readonly field: string | undefined;
}

/** `exhibit policy explain`: why something leaves, or does not, and what would change that. */
export function explainCommand(policy: Command, { io, run }: CommandContext): void {
  withJson(policy.command('explain'))
    .description('show which rule lets a field out, where it stands, and what would open or close it')
    .argument('<connection>', 'a connection of the config; any name with --policy alone')
    .argument('<stream>', '<connector>/<stream>, or <stream>')
    .argument('[field]', 'as the manifest names it: changes[].path (default: all fields)')
    .option('-c, --config <file>', 'the config: its policies and connections (default: agent.yaml)')
    .option('--policy <names>', `instead of the config's: ${NAMES}, with commas between`)
    .action((connection: string, stream: string, field: string | undefined, options: ExplainOptions) =>
      run(options, (output) => answer({ connection, stream, field }, options, output, io)),
    );
}

async function answer(
  asked: Asked,
  { config, policy: list }: ExplainOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const names = list === undefined ? [] : list.split(',').filter((name) => name !== '');
  const chosen = await choosePolicies({ names, config }, io);
  const { policy, manifests } = await mustCompile(chosen, io);
  const question = questionOf(asked, chosen, manifests);
  const explanation = declared(() => explain(policy, manifests, question));
  await output.result(explanation, explanationText(explanation, question.field !== undefined));
  return EXIT.good;
}

function questionOf(
  { connection, stream, field }: Asked,
  { connections }: ChosenPolicies,
  manifests: readonly ConnectorManifest[],
): ExplainQuestion {
  const [first = '', rest] = stream.split('/');
  const about = { connection, stream: rest ?? first, ...(field === undefined ? {} : { field: bare(field) }) };
  const named = rest === undefined ? undefined : first;
  if (connections === undefined) {
    return { ...about, connector: named ?? connectorWith(about.stream, manifests) };
  }
  const known = connections.find(({ id }) => id === connection);
  if (known === undefined) {
    const ids = connections.map(({ id }) => id);
    throw new AgentError('USAGE', 'the config has no such connection', { hint: hintFor(connection, ids) });
  }
  if (named !== undefined && named !== known.connector) {
    throw new AgentError('USAGE', `${connection} is a connection of ${known.connector}, not of ${named}`);
  }
  return { ...about, connector: known.connector };
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

function declared(work: () => Explanation): Explanation {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NotDeclared)) throw error;
    throw new AgentError('USAGE', error.message, { hint: error.hint, cause: error });
  }
}
