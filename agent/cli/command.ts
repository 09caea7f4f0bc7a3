import type { Command } from 'commander';
import { EvidenceError } from '../../evidence/errors.ts';
import { PolicyProblems } from '../../policies/load.ts';
import { AgentError, type AgentErrorCode } from '../errors.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { createOutput, type Output } from './output.ts';

/** What commands share while one program runs. */
export interface CommandContext {
  readonly io: CliIo;
  /** All that was typed. */
  readonly args: readonly string[];
  /** Runs a command's work and keeps its exit code. */
  run(options: { readonly json?: boolean }, work: (output: Output) => Promise<ExitCode>): Promise<void>;
}

export interface Outcome {
  code: ExitCode;
  json: boolean;
}

/** Gives a command that has its name and summary already its arguments, options and work, which starts in its action. */
export type Register = (command: Command, context: CommandContext) => void | Promise<void>;

/** A command as lists show it. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Imports its module: a command waits for the code of no other. */
  readonly load: () => Promise<Register>;
}

/** Adds commands of which only those are loaded that can be meant: their name is somewhere in what was typed. */
export async function addCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  context: CommandContext,
): Promise<void> {
  for (const { name, summary, load } of entries) {
    const command = parent.command(name).description(summary);
    if (!context.args.includes(name)) continue;
    const register = await load();
    await register(command, context);
  }
}

export function commandContext(io: CliIo, args: readonly string[], outcome: Outcome): CommandContext {
  return {
    io,
    args,
    async run(options, work) {
      outcome.json = options.json === true;
      outcome.code = await work(createOutput(io, outcome.json));
    },
  };
}

/** Every command takes `--json`, with the same words. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON document; errors become JSON on standard error');
}

export function withConfig(command: Command): Command {
  return command.option('-c, --config <file>', 'the config file', 'agent.yaml');
}

/** For an option that may be given several times. A list behind one option would swallow the arguments after it. */
export function repeated(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const NOT_GOOD: ReadonlySet<AgentErrorCode> = new Set(['INTERNAL', 'TIMEOUT', 'LISTEN', 'CONFLICT']);

/** Which exit code an error that ended a command stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof PolicyProblems) return EXIT.misused;
  if (error instanceof AgentError) return NOT_GOOD.has(error.code) ? EXIT.notGood : EXIT.misused;
  if (error instanceof EvidenceError)
    return error.code === 'KEY' || error.code === 'BUNDLE' ? EXIT.misused : EXIT.notGood;
  return isMissingFile(error) ? EXIT.misused : EXIT.notGood;
}

function isMissingFile(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR'].includes(String(error.code));
}
