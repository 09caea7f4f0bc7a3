import { type Command, Option } from 'commander';
import { PolicyProblems } from '../../../policies/load.ts';
import { formatProblems, type Problem } from '../../../policies/yaml.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, write } from '../output.ts';
import { choosePolicies, compileChosen, NAMES } from './layers.ts';
import { signedFiles, signedText } from './signed-files.ts';
import { ownSummaries, summaryOf } from './summary.ts';

interface CheckOptions {
  readonly config?: string;
  readonly strict?: boolean;
  readonly format: 'text' | 'github';
  readonly json?: boolean;
}

/** `exhibit policy check`: everything that is wrong with policies, at its line. */
export function checkCommand(policy: Command, { io, run }: CommandContext): void {
  withJson(policy.command('check'))
    .description('check policies against the manifests; prints every problem with its line')
    .argument('[names...]', `${NAMES} (default: those of the config)`)
    .option('-c, --config <file>', "the config: its policies, and its connections' ids (default: agent.yaml)")
    .option('--strict', 'fail on warnings and missing signatures as well')
    .addOption(
      new Option('--format <format>', 'how problems are printed').choices(['text', 'github']).default('text'),
    )
    .action((names: string[], options: CheckOptions) =>
      run(options, (output) => check(names, options, output, io)),
    );
}

async function check(
  names: readonly string[],
  { config, strict = false, format }: CheckOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const chosen = await choosePolicies({ names, config }, io);
  const found = await compileChosen(chosen, io).catch((error: unknown) => {
    if (error instanceof PolicyProblems) return { problems: error.problems, warnings: [], policy: null };
    throw error;
  });
  const { problems, warnings, policy } = found;
  if (problems.length > 0 || policy === null) {
    if (format === 'github' && !output.json) await annotate(problems, warnings, io);
    else if (warnings.length > 0 && !output.json) io.stderr.write(`${warned(warnings)}\n`);
    throw new PolicyProblems(problems);
  }
  if (format === 'github' && !output.json) await annotate([], warnings, io);
  const signatures =
    chosen.signatures === undefined ? [] : await signedFiles(chosen.names, chosen.signatures);
  const isSigned = signatures.every(({ signers, required }) => signers.length >= required);
  const good = !strict || (warnings.length === 0 && isSigned);
  const summary = summaryOf(policy);
  const own = ownSummaries(policy);
  const lines = [
    `${good ? 'good' : 'not good'}: ${summary.version} lets out ${summary.open} fields of ${summary.streams} streams`,
    ...own.map(({ connection, open, streams }) => `  of ${connection}: ${open} fields of ${streams} streams`),
    `digest ${summary.digest}`,
    ...signatures.map(signedText),
    ...(warnings.length > 0 && format === 'text' ? [warned(warnings)] : []),
    ...(good ? [] : ['warnings and missing signatures count here: --strict']),
  ];
  const connections = own.map(({ connection, open, dropped, streams }) => ({
    connection,
    open,
    dropped,
    streams,
  }));
  await output.result(
    { good, ...summary, connections, signatures, problems: [], warnings },
    lines.join('\n'),
  );
  return good ? EXIT.good : EXIT.notGood;
}

function warned(warnings: readonly Problem[]): string {
  const title = warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`;
  const lines = formatProblems(warnings).split('\n');
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Workflow commands of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
async function annotate(
  problems: readonly Problem[],
  warnings: readonly Problem[],
  io: CliIo,
): Promise<void> {
  const lines = [
    ...problems.map((problem) => annotation('error', problem)),
    ...warnings.map((problem) => annotation('warning', problem)),
  ];
  await write(io.stdout, lines.map((line) => `${line}\n`).join(''));
}

function annotation(
  level: 'error' | 'warning',
  { file, line, column, path, message, hint }: Problem,
): string {
  const where = path === '' ? '' : `${path}: `;
  const text = `${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
  return `::${level} file=${escaped(file, true)},line=${line},col=${column}::${escaped(text, false)}`;
}

function escaped(text: string, isProperty: boolean): string {
  const data = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return isProperty ? data.replaceAll(':', '%3A').replaceAll(',', '%2C') : data;
}
