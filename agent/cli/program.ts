import { Command, CommanderError } from 'commander';
import { AgentError, formatError, reportError } from '../errors.ts';
import { agentVersion } from '../version.ts';
import { addCommands, type CommandEntry, commandContext, exitCodeOf, type Outcome } from './command.ts';
import { type CliIo, EXIT, EXIT_HELP } from './io.ts';

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented agent.yaml and make keys; overwrites nothing',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'run',
    summary: 'run the agent and its HTTP API until SIGTERM or SIGINT; a second signal ends it at once',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'demo',
    summary: 'stage an incident on this machine, collect it, and show the signed evidence',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'collect',
    summary: 'run every read once, store what is found, and end',
    load: async () => (await import('./collect.ts')).collect,
  },
  {
    name: 'bundle',
    summary: 'make signed bundles, and look into them',
    load: async () => (await import('./bundle.ts')).bundle,
  },
  {
    name: 'verify',
    summary: 'verify a bundle, manifest, receipt, disclosure or key history offline; names all that is wrong',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    name: 'log',
    summary: 'the append-only log of manifests and receipts',
    load: async () => (await import('./log.ts')).log,
  },
  {
    name: 'doctor',
    summary:
      'check config, keys, log, store and policy, and each connection: who we are, what is missing, what is too much',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'policy',
    summary: 'check, test, compare and sign policies, and show what they let out',
    load: async () => (await import('./policy/index.ts')).policy,
  },
  {
    name: 'connector',
    summary: 'show and check the connectors',
    load: async () => (await import('./connector.ts')).connector,
  },
  {
    name: 'guard',
    summary: 'ask the guard about statements',
    load: async () => (await import('./guard.ts')).guard,
  },
  {
    name: 'rbac',
    summary: 'print what to grant to the account of the agent, for the reads that are on',
    load: async () => (await import('./rbac.ts')).rbac,
  },
  {
    name: 'redact',
    summary: 'read {"id", "text"} lines, write {"id", "text", "findings"} lines, in order',
    load: async () => (await import('./redact.ts')).redact,
  },
  {
    name: 'keys',
    summary: 'make, list, rotate and revoke the keys that sign; rotate and erase those of pseudonyms',
    load: async () => (await import('./keys.ts')).keys,
  },
  {
    name: 'canary',
    summary: 'markers that must never leave',
    load: async () => (await import('./canary.ts')).canary,
  },
  {
    name: 'views',
    summary: 'look at the views that the policy names, and at no other',
    load: async () => (await import('./views.ts')).views,
  },
];

/** One run of the command line: arguments in, exit code out. Never throws and never ends the process. */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  const outcome: Outcome = { code: EXIT.good, json: args.includes('--json') };
  try {
    const program = await makeProgram(io, args, outcome);
    await program.parseAsync([...args], { from: 'user' });
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

async function makeProgram(io: CliIo, args: readonly string[], outcome: Outcome): Promise<Command> {
  const program = new Command('exhibit');
  program
    .description('Collects evidence for root-cause analysis: metadata only, policy-gated, signed.')
    .version(agentVersion(), '-V, --version', 'print the version')
    .addHelpText('after', EXIT_HELP);
  await addCommands(program, COMMANDS, commandContext(io, args, outcome));
  for (const command of [program, ...descendants(program)]) {
    // Commands do not inherit these when they are made with addCommand, so they are set on each.
    command
      .exitOverride()
      // The arguments of commands that are not loaded are not known.
      .configureHelp({ subcommandTerm: (listed) => listed.name() })
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
