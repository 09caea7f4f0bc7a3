import type { Command } from 'commander';
import { type CreateOptions, create } from './bundle-create.ts';
import { diff } from './bundle-diff.ts';
import { type DiscloseOptions, disclose } from './bundle-disclose.ts';
import {
  type ConvertOptions,
  convert,
  type DecryptOptions,
  decrypt,
  type EncryptOptions,
  encrypt,
  extract,
} from './bundle-files.ts';
import { FORMAT_HELP } from './bundle-input.ts';
import { type ItemFilters, items } from './bundle-items.ts';
import { show } from './bundle-show.ts';
import { type CommandContext, repeated, withConfig, withJson } from './command.ts';

interface Json {
  readonly json?: boolean;
}

const FILE = 'a bundle in any form, or - for standard input';

/** `exhibit bundle`: make bundles of stored evidence, and look into them. */
export function bundle(command: Command, context: CommandContext): void {
  making(command, context);
  looking(command, context);
  disclosing(command, context);
  encrypting(command, context);
}

function making(command: Command, { run, io }: CommandContext): void {
  withJson(withConfig(command.command('create')))
    .description('bundle what is stored, without reading any source')
    .option('--since <duration>', 'how far back', '1h')
    .option('--title <text>', 'what it is about', 'made by hand')
    .requiredOption('-o, --output <file>', 'the file to write')
    .option('--format <format>', FORMAT_HELP)
    .option('--recipient <age1...>', 'encrypt to this age recipient; repeat it for several', repeated)
    .action((options: CreateOptions) => run(options, (output) => create(options, output, io)));
  withJson(command.command('convert'))
    .description('write a bundle in another form; digests and signature stay as they are')
    .argument('<in>', FILE)
    .argument('<out>', 'the file to write, or - for standard output')
    .option('--format <format>', FORMAT_HELP)
    .action((from: string, to: string, options: ConvertOptions & Json) =>
      run(options, (output) => convert(from, to, options, output, io)),
    );
  withJson(command.command('extract'))
    .description('write the parts of a bundle as files, byte for byte as they were signed')
    .argument('<file>', FILE)
    .argument('<folder>')
    .action((file: string, folder: string, options: Json) =>
      run(options, (output) => extract(file, folder, output, io)),
    );
}

function looking(command: Command, { run, io }: CommandContext): void {
  withJson(command.command('show'))
    .description('say what a bundle holds, without verifying it')
    .argument('<file>', FILE)
    .action((file: string, options: Json) => run(options, (output) => show(file, output, io)));
  withJson(command.command('items'))
    .description('print the items of a bundle as NDJSON, without verifying it')
    .argument('<file>', FILE)
    .option('--class <class>', 'only change, symptom, state, gap or refusal')
    .option('--kind <kind>', 'only this kind, such as postgresql.blocking_tree/v1')
    .option('--connection <id>', 'only of this connection')
    .action((file: string, options: ItemFilters & Json) => run(options, () => items(file, options, io)));
  withJson(command.command('diff'))
    .description('compare two bundles by what they say; ends with 1 when they differ')
    .argument('<a>', FILE)
    .argument('<b>', FILE)
    .action((a: string, b: string, options: Json) => run(options, (output) => diff(a, b, output, io)));
}

function disclosing(command: Command, { run, io }: CommandContext): void {
  withJson(command.command('disclose'))
    .description('prove single items of a bundle to somebody who may not see the others')
    .argument('<file>', FILE)
    .argument('<id...>', 'ids of the items; "bundle items" prints them')
    .option('-o, --output <file>', 'the file to write (default: standard output)')
    .action((file: string, ids: readonly string[], options: DiscloseOptions & Json) =>
      run(options, (output) => disclose(file, ids, options, output, io)),
    );
}

function encrypting(command: Command, { run, io }: CommandContext): void {
  withJson(command.command('encrypt'))
    .description('encrypt a bundle with age, so that it can travel through a ticket system')
    .argument('<file>', FILE)
    .requiredOption('--recipient <age1...>', 'who can decrypt it; repeat it for several', repeated)
    .option('-o, --output <file>', 'the file to write (default: <file>.age)')
    .action((file: string, options: EncryptOptions & Json) =>
      run(options, (output) => encrypt(file, options, output, io)),
    );
  withJson(command.command('decrypt'))
    .description('decrypt what was encrypted with age')
    .argument('<file>', 'the encrypted file, or - for standard input')
    .requiredOption('--identity <file>', 'an age identity file; repeat it for several', repeated)
    .option('-o, --output <file>', 'the file to write (default: the name without .age)')
    .action((file: string, options: DecryptOptions & Json) =>
      run(options, (output) => decrypt(file, options, output, io)),
    );
}
