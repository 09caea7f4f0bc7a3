import { type Command, Option } from 'commander';
import { guardLines, refuseDialect } from '../../policies/guards/ndjson.ts';
import { loadSqlGuard } from '../../policies/guards/sql.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './io.ts';
import { answerLines } from './streams.ts';

interface GuardOptions {
  readonly dialect: string;
  readonly mode: 'template' | 'freeform';
  readonly json?: boolean;
}

/** `exhibit guard sql`: what the guard says about statements, one NDJSON line each. */
export function guard(command: Command, context: CommandContext): void {
  command
    .command('sql')
    .description('read {"id", "sql"} lines, write one verdict line for each, in order')
    .requiredOption('--dialect <name>', 'postgresql; any other is denied')
    .addOption(
      new Option('--mode <mode>', 'template: could it be shipped as a read? freeform: always denied')
        .choices(['template', 'freeform'])
        .default('template'),
    )
    .option('--json', 'the output is always NDJSON')
    .action((options: GuardOptions) =>
      context.run(options, async () => {
        const sqlGuard = await loadSqlGuard();
        const known = options.dialect === 'postgresql';
        await answerLines(
          context.io,
          known ? (lines) => guardLines(lines, sqlGuard, options.mode) : refuseDialect,
        );
        return EXIT.good;
      }),
    );
}
