import type { Command } from 'commander';
import { type CompiledPolicy, compilePolicy } from '../../policies/compile.ts';
import { loadPolicies, PolicyProblems } from '../../policies/load.ts';
import { discover } from '../registry/discover.ts';
import { type CommandContext, withJson } from './command.ts';
import { EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';

const NAMES = 'presets (standard, strict) or files, in order of layering';

/** `exhibit policy`: what leaves, decided before anything does. */
export function policy(program: Command, context: CommandContext): void {
  const command = program.command('policy').description('check policies, and show what they let out');
  withJson(command.command('check'))
    .description('check policies against the manifests; prints every problem with its line')
    .argument('<names...>', NAMES)
    .action((names: string[], options: { json?: boolean }) =>
      context.run(options, (output) => check(names, output)),
    );
  withJson(command.command('show'))
    .description('show for every stream and field what is done with it, and which rule decided')
    .argument('[names...]', `${NAMES} (default: standard)`)
    .action((names: string[], options: { json?: boolean }) =>
      context.run(options, (output) => show(names.length === 0 ? ['standard'] : names, output)),
    );
}

async function check(names: readonly string[], output: Output): Promise<ExitCode> {
  const compiled = await compile(names);
  const summary = summarize(compiled);
  await output.result(
    { ...summary, problems: [] },
    `good: ${compiled.version} lets out ${summary.open} fields of ${summary.streams} streams\ndigest ${compiled.digest}`,
  );
  return EXIT.good;
}

async function show(names: readonly string[], output: Output): Promise<ExitCode> {
  const compiled = await compile(names);
  const fields = [...compiled.streams].flatMap(([stream, plan]) =>
    plan.fields.map(({ path, treatment, rule }) => ({ stream, path, treatment, rule })),
  );
  const rows = fields.map(({ stream, path, treatment, rule }) => [
    stream,
    path,
    treatment,
    rule ?? 'no rule',
  ]);
  const head = `${compiled.version}  ${compiled.digest}\n`;
  await output.result({ ...summarize(compiled), fields }, `${head}\n${table(rows)}`);
  return EXIT.good;
}

/** Throws PolicyProblems with everything that is wrong. */
async function compile(names: readonly string[]): Promise<CompiledPolicy> {
  const [layers, { definitions }] = await Promise.all([loadPolicies(names), discover()]);
  const manifests = definitions.map(({ manifest }) => manifest);
  const { policy: compiled, problems } = compilePolicy(manifests, layers);
  if (problems.length > 0) throw new PolicyProblems(problems);
  return compiled;
}

function summarize(compiled: CompiledPolicy) {
  const fields = [...compiled.streams.values()].flatMap((plan) => plan.fields);
  return {
    version: compiled.version,
    digest: compiled.digest,
    streams: compiled.streams.size,
    open: fields.filter(({ treatment }) => treatment !== 'drop').length,
    dropped: fields.filter(({ treatment }) => treatment === 'drop').length,
  };
}
