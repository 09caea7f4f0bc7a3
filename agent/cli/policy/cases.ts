import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { canonicalize } from '../../../evidence/canonical-json.ts';
import { loadCases } from '../../../policies/case-file.ts';
import { type CaseResult, type RuleCoverage, runCases, type TestReport } from '../../../policies/cases.ts';
import { makeKeyed } from '../../../policies/keyed.ts';
import { epochOf } from '../../../policies/keyring.ts';
import { PolicyProblems, presetPath } from '../../../policies/load.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, table } from '../output.ts';
import { shownPath } from '../own-store.ts';
import { junitOf } from './junit.ts';
import { allManifests, outlineOf } from './layers.ts';
import { counted } from './places.ts';

interface TestOptions {
  readonly config?: string;
  readonly requireCoverage?: boolean;
  readonly junit?: string;
  readonly json?: boolean;
}

/** `exhibit policy test`: whether policies do with records and reads what their tests expect. */
export function casesCommand(command: Command, { io, run }: CommandContext): void {
  withJson(command)
    .argument(
      '[files...]',
      'tests, or policies whose tests lie beside them (default: those beside the policies of the config)',
    )
    .option('-c, --config <file>', 'the config whose policies are tested (default: agent.yaml)')
    .option('--require-coverage', 'fail when a rule of a policy file decided in no case')
    .option('--junit <file>', 'write the results as JUnit XML as well')
    .action((files: string[], options: TestOptions) =>
      run(options, (output) => test(files, options, output, io)),
    );
}

async function test(
  files: readonly string[],
  { config, requireCoverage = false, junit }: TestOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const reports = await runAll(await findTests(files, config, io), io);
  const results = reports.flatMap((report) => report.results);
  const failed = results.filter(({ differences }) => differences.length > 0);
  const coverage = merged(reports);
  const uncovered = coverage.filter(({ decided }) => !decided);
  if (junit !== undefined) await writeFile(path.resolve(io.cwd, junit), junitOf(reports));
  const good = failed.length === 0 && (!requireCoverage || uncovered.length === 0);
  const summary = { cases: results.length, passed: results.length - failed.length, failed: failed.length };
  await output.result({ good, ...summary, files: reports, coverage }, describe(reports, coverage));
  return good ? EXIT.good : EXIT.notGood;
}

/** Throws PolicyProblems with the problems of all files of tests at once. */
async function runAll(files: readonly string[], io: CliIo): Promise<readonly TestReport[]> {
  const manifests = await allManifests();
  const loaded = await Promise.all(files.map((file) => loadCases(file, manifests)));
  const problems = loaded.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems);
  const now = io.clock.now().toISOString();
  // Always the same: what it names is matched by its form, and never leaves.
  const keyed = makeKeyed(epochOf(Buffer.alloc(32, 1), now), 'test', canonicalize);
  const reports: TestReport[] = [];
  for (const one of loaded) {
    if ('tests' in one) reports.push(await runCases(one, { manifests, keyed, now }));
  }
  return reports;
}

/** Files of tests as given; for policies, those that lie beside them. */
async function findTests(
  files: readonly string[],
  config: string | undefined,
  io: CliIo,
): Promise<readonly string[]> {
  const tests = files.filter(isTest).map((file) => shownPath(file, io));
  const policies = files.filter((file) => !isTest(file));
  const outline = files.length === 0 ? await outlineOf(config, io) : undefined;
  const configured = (outline?.policies ?? []).filter((name) => presetPath(name) === undefined);
  const folders = new Set([...policies, ...configured].map((file) => path.dirname(shownPath(file, io))));
  if (files.length === 0 && outline === undefined) folders.add(shownPath('.', io));
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    tests.push(...names.filter(isTest).map((name) => path.join(folder, name)));
  }
  if (tests.length > 0) return [...new Set(tests)].sort();
  throw new AgentError('USAGE', 'there are no tests of policies', {
    hint: 'Write some into <policy>.test.yaml beside the policy; `exhibit policy schema --tests` says how.',
  });
}

function isTest(file: string): boolean {
  return /\.test\.ya?ml$/.test(file);
}

/** A rule that several files are about counts once. */
function merged(reports: readonly TestReport[]): readonly RuleCoverage[] {
  const rules = new Map<string, RuleCoverage>();
  for (const one of reports.flatMap(({ coverage }) => coverage)) {
    const key = `${one.file} ${one.rule}`;
    const decided = one.decided || (rules.get(key)?.decided ?? false);
    rules.set(key, { ...one, decided });
  }
  return [...rules.values()];
}

function describe(reports: readonly TestReport[], coverage: readonly RuleCoverage[]): string {
  const results = reports.flatMap((report) => report.results);
  const failed = results.filter(({ differences }) => differences.length > 0);
  const uncovered = coverage.filter(({ decided }) => !decided);
  const count = `${results.length - failed.length} passed, ${failed.length} failed`;
  const covered =
    coverage.length === 0
      ? ''
      : `; ${coverage.length - uncovered.length} of ${coverage.length} rules decided`;
  const rows = uncovered.map(({ rule, file, line }) => [`  ${rule}`, `${file}:${line}`]);
  return [
    ...reports.map(({ file, results: of }) => `${mark(of)}  ${file}  (${counted(of.length, 'case')})`),
    '',
    ...failed.map(failure),
    ...(uncovered.length === 0 ? [] : ['rules that decided in no case:', table(rows), '']),
    `${count}${covered}`,
  ].join('\n');
}

function mark(results: readonly CaseResult[]): string {
  return results.some(({ differences }) => differences.length > 0) ? 'FAILED' : 'good  ';
}

function failure({ name, file, line, differences }: CaseResult): string {
  const rows = differences.map(({ path: at, expected, got }) => [
    `  ${at}:`,
    `expected ${expected}`,
    `got ${got}`,
  ]);
  return `${file}:${line} ${name}\n${table(rows)}\n`;
}
