import type { Command } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import { nearest } from '../../../policies/yaml.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, table } from '../output.ts';
import { compiledFor, IN_FORCE_HELP, inForceText, withInForce } from './in-force.ts';
import { NAMES } from './layers.ts';
import { shownRule } from './places.ts';
import { type DecidedField, decidedFields, decidedViews } from './show-fields.ts';
import { summaryOf } from './summary.ts';

interface ShowOptions {
  readonly config?: string;
  readonly connection?: string;
  readonly stream?: string;
  readonly open?: boolean;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly inForce?: boolean;
  readonly json?: boolean;
}

/** `exhibit policy show`: what becomes of every field. */
export function showCommand(command: Command, { io, run }: CommandContext): void {
  withInForce(withJson(command))
    .argument('[names...]', `${NAMES} (default: those of the config, or standard)`)
    .option('-c, --config <file>', 'the config: shows each of its connections (default: agent.yaml)')
    .option('--connection <id>', 'only this connection of the config')
    .option('--stream <name>', 'only this stream: <connector>/<stream>, or <stream>')
    .option('--open', 'only what leaves')
    .addHelpText('after', IN_FORCE_HELP)
    .action((names: string[], options: ShowOptions) =>
      run(options, (output) => show(names, options, output, io)),
    );
}

async function show(
  names: readonly string[],
  { config, connection, stream, open = false, ...asking }: ShowOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const chosen = await compiledFor({ names, config, ...asking }, io, ['standard']);
  const { policy, manifests, inForce } = chosen;
  mustBeDeclared(stream, manifests);
  const state = asking.inForce === true ? inForceText(inForce) : '';
  const head = `${policy.version}  ${policy.digest}\n${state}`;
  const isWanted = (one: DecidedField) =>
    (!open || one.treatment !== 'drop') &&
    (stream === undefined || one.stream === stream || one.stream.endsWith(`/${stream}`));
  const shown = (id: string, of: readonly ConnectorManifest[]) => ({
    fields: decidedFields(policy, of, id).filter(isWanted),
    views: decidedViews(policy, id).filter(isWanted),
  });
  if (chosen.connections === undefined && connection === undefined) {
    const all = shown('', manifests);
    await output.result({ ...summaryOf(policy), inForce, ...all }, `${head}\n${rowsOf(all)}`);
    return EXIT.good;
  }
  const known = chosen.connections ?? [];
  const wanted = known.filter(({ id }) => connection === undefined || id === connection);
  if (wanted.length === 0) throw noSuchConnection(known);
  const connections = wanted.map(({ id, connector }) => ({
    connection: id,
    connector,
    ...shown(
      id,
      manifests.filter((manifest) => manifest.id === connector),
    ),
  }));
  const parts = connections.map((one) => `${one.connection}\n${indented(rowsOf(one))}\n`);
  await output.result({ ...summaryOf(policy), inForce, connections }, `${head}\n${parts.join('\n')}`);
  return EXIT.good;
}

/** Throws AgentError USAGE. */
function mustBeDeclared(wanted: string | undefined, manifests: readonly ConnectorManifest[]): void {
  const names = manifests.flatMap(({ id, streams }) => streams.map((stream) => `${id}/${stream.id}`));
  if (wanted === undefined || names.some((name) => name === wanted || name.endsWith(`/${wanted}`))) return;
  const typed = wanted.includes('/') ? wanted : `/${wanted}`;
  const known = wanted.includes('/') ? names : names.map((name) => name.slice(name.indexOf('/')));
  const meant = nearest(typed, known)?.replace(/^\//, '');
  const hint = meant === undefined ? '`exhibit connector show` lists them.' : `did you mean "${meant}"?`;
  throw new AgentError('USAGE', 'no connector has such a stream', { hint });
}

export function noSuchConnection(known: readonly { readonly id: string }[]): AgentError {
  const ids = known.map(({ id }) => id).join(', ');
  return new AgentError('USAGE', 'the config has no such connection', {
    hint: ids === '' ? 'It has none; name a config with -c.' : `There are: ${ids}.`,
  });
}

function rowsOf({ fields, views }: Readonly<Record<'fields' | 'views', readonly DecidedField[]>>): string {
  return table(
    [...fields, ...views].map(({ stream, path, treatment, place, lacks }) => [
      stream,
      path,
      treatment,
      place === null ? 'no rule' : shownRule(place),
      lacks === null ? '' : `off: needs the capability ${lacks}`,
    ]),
  );
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
