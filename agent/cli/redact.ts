import type { Command } from 'commander';
import { DETECTORS } from '../../policies/detectors/index.ts';
import { makeScanner } from '../../policies/redact.ts';
import { redactLines } from '../../policies/redact-ndjson.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './io.ts';
import { answerLines } from './streams.ts';

/** `exhibit redact`: what the detectors find in texts, one NDJSON line each. */
export function redact(program: Command, context: CommandContext): void {
  program
    .command('redact')
    .description('read {"id", "text"} lines, write {"id", "text", "findings"} lines, in order')
    .option('--json', 'the output is always NDJSON')
    .action((options: { json?: boolean }) =>
      context.run(options, async () => {
        const scanner = makeScanner(DETECTORS, 'text');
        await answerLines(context.io, (lines) => redactLines(lines, scanner));
        return EXIT.good;
      }),
    );
}
