import type { Command } from 'commander';
import type { CompiledPolicy } from '../../../policies/compile.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, table } from '../output.ts';
import { choosePolicies, mustCompile, NAMES } from './layers.ts';
import { summaryOf } from './summary.ts';

interface ShowOptions {
  readonly config?: string;
  readonly connection?: string;
  readonly json?: boolean;
}

/** `exhibit policy show`: what becomes of every field. */
export function showCommand(policy: Command, { io, run }: CommandContext): void {
  withJson(policy.command('show'))
    .description('show for every stream and field what is done with it, and which rule decided')
    .argument('[names...]', `${NAMES} (default: those of the config, or standard)`)
    .option('-c, --config <file>', 'the config: shows each of its connections (default: agent.yaml)')
    .option('--connection <id>', 'only this connection of the config')
    .action((names: string[], options: ShowOptions) =>
      run(options, (output) => show(names, options, output, io)),
    );
}

async function show(
  names: readonly string[],
  { config, connection }: ShowOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const chosen = await choosePolicies({ names, config }, io, ['standard']);
  const { policy } = await mustCompile(chosen, io);
  const head = `${policy.version}  ${policy.digest}\n`;
  if (chosen.connections === undefined && connection === undefined) {
    const fields = fieldsOf(policy, '');
    await output.result({ ...summaryOf(policy), fields }, `${head}\n${rowsOf(fields)}`);
    return EXIT.good;
  }
  const known = chosen.connections ?? [];
  const wanted = known.filter(({ id }) => connection === undefined || id === connection);
  if (wanted.length === 0) throw noSuchConnection(known);
  const connections = wanted.map(({ id, connector }) => ({
    connection: id,
    connector,
    fields: fieldsOf(policy, id).filter(({ stream }) => stream.startsWith(`${connector}/`)),
  }));
  const parts = connections.map(({ connection: id, fields }) => `${id}\n${indented(rowsOf(fields))}\n`);
  await output.result({ ...summaryOf(policy), connections }, `${head}\n${parts.join('\n')}`);
  return EXIT.good;
}

export function noSuchConnection(known: readonly { readonly id: string }[]): AgentError {
  const ids = known.map(({ id }) => id).join(', ');
  return new AgentError('USAGE', 'the config has no such connection', {
    hint: ids === '' ? 'It has none; name a config with -c.' : `There are: ${ids}.`,
  });
}

type Field = ReturnType<typeof fieldsOf>[number];

function fieldsOf(policy: CompiledPolicy, connection: string) {
  return [...policy.of(connection).streams].flatMap(([stream, plan]) =>
    plan.fields.map(({ path, treatment, rule }) => ({ stream, path, treatment, rule })),
  );
}

function rowsOf(fields: readonly Field[]): string {
  return table(
    fields.map(({ stream, path, treatment, rule }) => [stream, path, treatment, rule ?? 'no rule']),
  );
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
