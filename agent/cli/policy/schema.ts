import type { Command } from 'commander';
import { policySchema, policyTestSchema } from '../../../policies/json-schema.ts';
import { type CommandContext, withJson } from '../command.ts';
import { EXIT } from '../io.ts';
import { allManifests } from './layers.ts';

/** `exhibit policy schema`: for editors, which complete and check policies with it. */
export function schemaCommand(command: Command, { run }: CommandContext): void {
  withJson(command)
    .option('--tests', 'of the files of tests instead')
    .addHelpText(
      'after',
      '\nIt offers the streams, reads, detectors, capabilities and rights that there are. Write it beside your policies and name it in their first line:\n  # yaml-language-server: $schema=./policy.schema.json\n',
    )
    .action((options: { readonly tests?: boolean; readonly json?: boolean }) =>
      run(options, async (output) => {
        const text = options.tests === true ? policyTestSchema() : policySchema(await allManifests());
        await output.result(JSON.parse(text), text);
        return EXIT.good;
      }),
    );
}
