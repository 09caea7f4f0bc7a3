import { Command, CommanderError } from 'commander';
import { AgentError, formatError, reportError } from '../errors.ts';
import { agentVersion } from '../version.ts';
import { bundle } from './bundle.ts';
import { canary } from './canary.ts';
import { collect } from './collect.ts';
import { commandContext, exitCodeOf, type Outcome, type Register } from './command.ts';
import { connector } from './connector.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { guard } from './guard.ts';
import { init } from './init.ts';
import { type CliIo, EXIT, EXIT_HELP } from './io.ts';
import { keys } from './keys.ts';
import { log } from './log.ts';
import { policy } from './policy/index.ts';
import { rbac } from './rbac.ts';
import { redact } from './redact.ts';
import { run } from './run.ts';
import { verify } from './verify.ts';
import { views } from './views.ts';

const COMMANDS: readonly Register[] = [
  init,
  run,
  demo,
  collect,
  bundle,
  verify,
  log,
  doctor,
  policy,
  connector,
  guard,
  rbac,
  redact,
  keys,
  canary,
  views,
];

/** One run of the command line: arguments in, exit code out. Never throws and never ends the process. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const outcome: Outcome = { code: EXIT.good, json: args.includes('--json') };
  try {
    await makeProgram(io, outcome).parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      await printError(error, io, outcome.json);
      return exitCodeOf(error);
    }
    if (error.exitCode === 0) return EXIT.good;
    if (outcome.json) await printError(usageError(error), io, true);
    return EXIT.misused;
  }
}

function makeProgram(io: CliIo, outcome: Outcome): Command {
  const program = new Command('exhibit');
  program
    .description('Collects evidence for root-cause analysis: metadata only, policy-gated, signed.')
    .version(agentVersion(), '-V, --version', 'print the version')
    .addHelpText('after', EXIT_HELP);
  const context = commandContext(io, outcome);
  for (const register of COMMANDS) register(program, context);
  for (const command of [program, ...descendants(program)]) {
    // Commands do not inherit these when they are made with addCommand, so they are set on each.
    command
      .exitOverride()
      .showSuggestionAfterError(true)
      .showHelpAfterError(`(${commandPath(command)} --help shows what there is)`)
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        // With --json the error is printed once, as JSON, when it has reached runCli.
        writeErr: (text) => outcome.json || io.stderr.write(text),
      });
  }
  return program;
}

function* descendants(command: Command): Generator<Command> {
  for (const child of command.commands) {
    yield child;
    yield* descendants(child);
  }
}

function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

/** commander writes the suggestion into the message: `error: unknown command 'verfy'\n(Did you mean verify?)`. */
function usageError({ message }: CommanderError): AgentError {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? 'See --help.';
  return new AgentError('USAGE', what, { hint });
}

async function printError(error: unknown, io: CliIo, json: boolean): Promise<void> {
  const debug = io.env['EXHIBIT_DEBUG'] === '1';
  const text = json ? `${JSON.stringify({ error: reportError(error) })}\n` : formatError(error, debug);
  // Loaded only now: the detectors take longer than most commands.
  const { mayBeReported } = await import('../telemetry/reported.ts');
  const held = new AgentError('INTERNAL', 'the error could not be shown: something in it must not leave', {
    hint: 'This is a defect; please report which command it was.',
  });
  const shown = json ? `${JSON.stringify({ error: reportError(held) })}\n` : formatError(held, false);
  io.stderr.write(mayBeReported(text) ? text : shown);
}
