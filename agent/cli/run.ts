import v8 from 'node:v8';
import vm from 'node:vm';
import type { Command } from 'commander';
import { runUntilSignal } from '../lifecycle.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

interface RunOptions {
  readonly config: string;
  readonly json?: boolean;
}

/** `exhibit run`: the agent itself, until a signal comes. */
export function run(command: Command, context: CommandContext): void {
  withJson(withConfig(command)).action((options: RunOptions) =>
    context.run(options, (output) => serve(options, output, context.io)),
  );
}

async function serve(options: RunOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const agent = await agentFrom(await loadSetup(options.config, io), io);
  try {
    await agent.start();
    const url = agent.url();
    await output.result({ url }, `listening on ${url}`);
    giveBackMemory();
    const afterFirstReads = setTimeout(giveBackMemory, FIRST_READS_MS);
    const { logger } = agent;
    await runUntilSignal(agent, {
      signals: process,
      monotonic: io.clock.monotonic,
      logger,
      exitNow: io.exitNow,
      // Where a terminal was closed, SIGHUP means that nobody is there any more.
      ...(io.interactive ? {} : { reload: () => void agent.reloadPolicy() }),
    });
    clearTimeout(afterFirstReads);
    return EXIT.good;
  } finally {
    await agent.stop();
  }
}

/** By then each read has run once, and what that took is garbage. */
const FIRST_READS_MS = 20_000;

/** Starting and first reads leave 130 MB that an idle process would never get round to returning. */
function giveBackMemory(): void {
  v8.setFlagsFromString('--expose-gc');
  const gc: unknown = vm.runInNewContext('gc');
  if (typeof gc === 'function') gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  v8.setFlagsFromString('--no-expose-gc');
}
