import { type Command, Option } from 'commander';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import type { CompiledPolicy } from '../../../policies/compile.ts';
import { PolicyProblems } from '../../../policies/load.ts';
import { formatProblems, type Problem } from '../../../policies/yaml.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, write } from '../output.ts';
import { askInForce, tellInForce } from './in-force.ts';
import { judged, type Verdict, verdictText } from './judged.ts';
import { type ChosenPolicies, choosePolicies, compileChosen, NAMES } from './layers.ts';
import { withAgent } from './records-source.ts';
import { signedFiles, signedText } from './signed-files.ts';
import { ownSummaries, summaryOf } from './summary.ts';

interface CheckOptions {
  readonly config?: string;
  readonly strict?: boolean;
  readonly format: 'text' | 'github';
  readonly url?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** `exhibit policy check`: everything that is wrong with policies, at its line. */
export function checkCommand(command: Command, { io, run }: CommandContext): void {
  withAgent(withJson(command))
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
  { config, strict = false, format, ...address }: CheckOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const chosen = await choosePolicies({ names, config }, io);
  const found = await compileChosen(chosen, io).catch((error: unknown) => {
    if (error instanceof PolicyProblems)
      return { problems: error.problems, warnings: [], policy: null, manifests: [] };
    throw error;
  });
  const { problems, warnings, policy, manifests } = found;
  if (problems.length > 0 || policy === null) {
    if (format === 'github' && !output.json) await annotate(problems, warnings, io);
    else if (warnings.length > 0 && !output.json) io.stderr.write(`${warned(warnings)}\n`);
    throw new PolicyProblems(problems);
  }
  if (format === 'github' && !output.json) await annotate([], warnings, io);
  const verdict = await verdictOn({ ...chosen, policy, manifests }, address, io);
  const signatures =
    chosen.signatures === undefined ? [] : await signedFiles(chosen.names, chosen.signatures);
  const isSigned = signatures.every(({ signers, required }) => signers.length >= required);
  const isStrictlyGood = warnings.length === 0 && isSigned;
  const good = verdict?.outcome !== 'refused' && (!strict || isStrictlyGood);
  const summary = summaryOf(policy);
  const own = ownSummaries(policy);
  const lines = [
    `${good ? 'good' : 'not good'}: ${summary.version} lets out ${summary.open} fields of ${summary.streams} streams`,
    ...own.map(({ connection, open, streams }) => `  of ${connection}: ${open} fields of ${streams} streams`),
    `digest ${summary.digest}`,
    ...signatures.map(signedText),
    ...(verdict === null ? [] : [verdictText(verdict)]),
    ...(warnings.length > 0 && format === 'text' ? [warned(warnings)] : []),
    ...(!strict || isStrictlyGood ? [] : ['warnings and missing signatures count here: --strict']),
  ];
  const connections = own.map(({ connection, open, dropped, streams }) => ({
    connection,
    open,
    dropped,
    streams,
  }));
  await output.result(
    { good, ...summary, connections, signatures, verdict, problems: [], warnings },
    lines.join('\n'),
  );
  return good ? EXIT.good : EXIT.notGood;
}

interface Compiled extends ChosenPolicies {
  readonly policy: CompiledPolicy;
  readonly manifests: readonly ConnectorManifest[];
}

/** Null for policies of no agent. */
async function verdictOn(
  { policy, manifests, ...chosen }: Compiled,
  address: Pick<CheckOptions, 'url' | 'tokenFile'>,
  io: CliIo,
): Promise<Verdict | null> {
  if (chosen.config === undefined && address.url === undefined) return null;
  const { config = 'agent.yaml', isConfigured } = chosen;
  const asked = await askInForce({ ...address, config }, io);
  // Where nobody could tell, the verdict says so.
  if (isConfigured === true && asked.from !== null)
    await tellInForce(asked, { digest: policy.digest, config }, io);
  return judged(asked, { ...chosen, config }, manifests, io);
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
