import type { Command } from 'commander';
import type { CommandContext } from './command.ts';
import type { ExitCode } from './io.ts';

interface DemoOptions {
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly kubeconfig?: string;
  readonly dsn?: string;
}

/** `exhibit demo`: a staged incident from a real PostgreSQL to a verified bundle. */
export function demo(command: Command, context: CommandContext): void {
  command
    .option('--keep', 'leave the agent running; prints its URL and token')
    .option('--kubeconfig <file>', 'use this cluster instead of the recorded one')
    .option('--dsn <dsn>', 'use this database instead of an embedded one')
    .option('--json', 'print the result as one JSON document')
    .action((options: DemoOptions) =>
      context.run(options, async () => {
        const { runDemo } = await import('../../tools/demo/demo.ts');
        return (await runDemo(options)) as ExitCode;
      }),
    );
}
