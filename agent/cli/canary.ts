import { chmod, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { plantedCanary, plantingRecipes } from '../../policies/canaries/planted.ts';
import { type CommandContext, withJson } from './command.ts';
import { EXIT } from './io.ts';

interface NewOptions {
  readonly out: string;
  readonly json?: boolean;
}

/** `exhibit canary`: markers to plant where the agent reads, which must never show in what leaves it. */
export function canary(command: Command, context: CommandContext): void {
  withJson(command.command('new'))
    .description('make a marker, and show how to plant it in each kind of source')
    .option('-o, --out <file>', 'where the marker is written, mode 0600; not overwritten', 'canary.txt')
    .action((options: NewOptions) =>
      context.run(options, async (output) => {
        const marker = plantedCanary();
        await writeFile(options.out, `${marker}\n`, { flag: 'wx', mode: 0o600 });
        await chmod(options.out, 0o600);
        const recipes = plantingRecipes(marker);
        const config = `governance:\n  canaries:\n    - { id: planted, value: { file: ${options.out} } }\n`;
        await output.result({ marker, file: options.out, recipes }, text(options.out, config, recipes));
        return EXIT.good;
      }),
    );
}

function text(file: string, config: string, recipes: ReturnType<typeof plantingRecipes>): string {
  const planting = recipes.map(
    ({ source, title, commands }) =>
      `${source}: ${title}\n${commands.map((line) => `    ${line}`).join('\n')}`,
  );
  return [
    `The marker is in ${file}. Give it to the agent, in agent.yaml:`,
    config,
    'Then plant it where values are that must not leave, in as many of these ways as you like. If it ever shows in',
    'anything that is about to leave, the item is held back, its stream is stopped, and a signed refusal says where.',
    '',
    planting.join('\n\n'),
  ].join('\n');
}
