import type { Command } from 'commander';
import type { ConnectorManifest } from '../../connectors/sdk/index.ts';
import type { Problem } from '../../policies/yaml.ts';
import { formatProblems, nearest } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import { type ConnectorDefinition, discover } from '../registry/discover.ts';
import { proveConnector } from '../registry/prove.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';
import { retire } from './retire.ts';

/** `exhibit connector`: what can be connected to, what it reads, and whether that is proved harmless. */
export function connector(command: Command, context: CommandContext): void {
  withJson(command.command('list'))
    .description('list the connectors')
    .action((options: { json?: boolean }) => context.run(options, list));
  withJson(command.command('show'))
    .description('show what a connector reads, emits and needs')
    .argument('<id>')
    .action((id: string, options: { json?: boolean }) => context.run(options, (output) => show(id, output)));
  withJson(command.command('check'))
    .description('check manifests and prove that every read file is read-only')
    .argument('[id]', 'one connector instead of all')
    .action((id: string | undefined, options: { json?: boolean }) =>
      context.run(options, (output) => check(id, output)),
    );
  withJson(withConfig(command.command('retire')))
    .description('take back what the reads of a connection keep at its source, such as a replication slot')
    .argument('<connection>', 'one of the config; do this before it is removed there')
    .action((id: string, options: { config: string; json?: boolean }) =>
      context.run(options, (output) => retire(id, options.config, output, context.io)),
    );
}

async function list(output: Output): Promise<ExitCode> {
  const { definitions, problems } = await discover();
  const data = definitions.map(({ manifest }) => ({
    id: manifest.id,
    version: manifest.version,
    stability: manifest.stability,
    title: manifest.title,
    summary: manifest.summary,
    reads: manifest.reads.map(({ id }) => id),
  }));
  const rows = data.map(({ id, version, stability, summary }) => [id, version, stability, summary]);
  const broken = problems.length === 0 ? '' : `\n\nnot loaded:\n${formatProblems(problems)}`;
  await output.result({ connectors: data, problems }, `${table(rows)}${broken}`);
  return problems.length === 0 ? EXIT.good : EXIT.notGood;
}

async function show(id: string, output: Output): Promise<ExitCode> {
  const { manifest } = await find(id);
  await output.result(manifest, describe(manifest));
  return EXIT.good;
}

async function check(id: string | undefined, output: Output): Promise<ExitCode> {
  const { definitions, problems } = id === undefined ? await discover() : await only(id);
  const results = await Promise.all(
    definitions.map(async (definition) => ({
      connector: definition.id,
      ...(await proveConnector(definition)),
    })),
  );
  const proofs = results.flatMap(({ connector, proofs }) => proofs.map((proof) => ({ connector, ...proof })));
  const refused = results.flatMap(({ connector, problems }) =>
    problems.map((problem) => ({ connector, ...problem })),
  );
  const rows = [
    ...proofs.map(({ connector, file, digest }) => ['proved ', `${connector}/${file}`, digest.slice(0, 19)]),
    ...refused.map(({ connector, file, code, message }) => [
      'REFUSED',
      `${connector}/${file}`,
      `${code}: ${message}`,
    ]),
  ];
  const lines = [table(rows), formatProblems(problems), `${proofs.length} proved, ${refused.length} refused`];
  await output.result({ proofs, refused, problems }, lines.filter((line) => line !== '').join('\n'));
  return refused.length === 0 && problems.length === 0 ? EXIT.good : EXIT.notGood;
}

async function only(
  id: string,
): Promise<{ definitions: ConnectorDefinition[]; problems: readonly Problem[] }> {
  return { definitions: [await find(id)], problems: [] };
}

async function find(id: string): Promise<ConnectorDefinition> {
  const { definitions, problems } = await discover();
  const definition = definitions.find((candidate) => candidate.id === id);
  if (definition !== undefined) return definition;
  const known = definitions.map((candidate) => candidate.id);
  const candidate = nearest(id, known);
  throw new AgentError('NOT_FOUND', 'there is no such connector', {
    hint: candidate === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${candidate}"?`,
    problems,
  });
}

function describe(manifest: ConnectorManifest): string {
  const reads = manifest.reads.map((read) => [
    `  ${read.id}`,
    read.mode,
    `every ${read.interval / 1000} s`,
    `≤ ${read.budget.rows} rows, ${read.budget.calls} calls, ${read.budget.duration / 1000} s`,
    `→ ${read.emits.join(', ')}`,
  ]);
  const streams = manifest.streams.flatMap((stream) => [
    [`  ${stream.id}`, stream.classes.join(', '), stream.description],
    ...Object.entries(stream.fields).map(([name, field]) => [
      `    ${name}`,
      `${field.class} → ${field.treatment}`,
      field.description,
    ]),
  ]);
  const needs = [...new Set(manifest.reads.flatMap((read) => read.needs))].map((need) => `  ${need}`);
  return [
    `${manifest.title} (${manifest.id} ${manifest.version}, ${manifest.stability})`,
    manifest.summary,
    `\nreads\n${table(reads)}`,
    `\nstreams and fields (class → treatment)\n${table(streams)}`,
    `\nneeds\n${needs.join('\n')}`,
    `\nlooks for beyond that (policies can refuse them)\n${manifest.rights.map((right) => `  ${right}`).join('\n')}`,
    `\nnever reads\n${manifest.compliance.neverReads.map((line) => `  ${line}`).join('\n')}`,
  ].join('\n');
}
