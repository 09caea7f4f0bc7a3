import type { Command } from 'commander';
import { policySchema, policyTestSchema } from '../../../policies/json-schema.ts';
import { type CommandContext, withJson } from '../command.ts';
import { EXIT } from '../io.ts';

/** `exhibit policy schema`: for editors, which complete and check policies with it. */
export function schemaCommand(policy: Command, { run }: CommandContext): void {
  withJson(policy.command('schema'))
    .description('print the JSON Schema of policy files, for editors')
    .option('--tests', 'of the files of tests instead')
    .addHelpText(
      'after',
      '\nWrite it beside your policies and name it in their first line:\n  # yaml-language-server: $schema=./policy.schema.json\n',
    )
    .action((options: { readonly tests?: boolean; readonly json?: boolean }) =>
      run(options, async (output) => {
        const text = options.tests === true ? policyTestSchema() : policySchema();
        await output.result(JSON.parse(text), text);
        return EXIT.good;
      }),
    );
}
