import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { Window } from '../../connectors/sdk/index.ts';
import { extractBundle, parseBundle } from '../../evidence/bundle.ts';
import type { Incident } from '../../evidence/store/store.ts';
import type { Agent } from '../app.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { readInput } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, write } from './output.ts';
import { parseDuration, windowSince } from './time.ts';

interface CreateOptions {
  readonly config: string;
  readonly since: string;
  readonly output: string;
  readonly title: string;
  readonly json?: boolean;
}

/** `exhibit bundle`: make bundles of stored evidence, and look into them. */
export function bundle(program: Command, context: CommandContext): void {
  const command = program.command('bundle').description('make signed bundles, and look into them');
  withJson(withConfig(command.command('create')))
    .description('bundle what is stored, without reading any source')
    .option('--since <duration>', 'how far back', '1h')
    .option('--title <text>', 'what it is about', 'made by hand')
    .requiredOption('-o, --output <file>', 'the file to write')
    .action((options: CreateOptions) =>
      context.run(options, (output) => create(options, output, context.io)),
    );
  withJson(command.command('items'))
    .description('print the items of a bundle as NDJSON, without verifying it')
    .argument('<file>')
    .action((file: string, options: { json?: boolean }) =>
      context.run(options, () => items(file, context.io)),
    );
  withJson(command.command('extract'))
    .description('write the parts of a bundle as files, byte for byte as they were signed')
    .argument('<file>')
    .argument('<folder>')
    .action((file: string, folder: string, options: { json?: boolean }) =>
      context.run(options, (output) => extract(file, folder, output, context.io)),
    );
}

export interface BundleRequest {
  readonly title: string;
  readonly window: Window;
  readonly scope: Incident['scope'];
  readonly file: string;
}

export interface WrittenBundle {
  readonly file: string;
  readonly incident: string;
  readonly manifest: string;
  readonly bytes: number;
}

/** Bundles stored evidence as a closed incident of its own and writes the file. */
export async function makeBundle(agent: Agent, request: BundleRequest, io: CliIo): Promise<WrittenBundle> {
  const { title, window, scope } = request;
  const file = path.resolve(io.cwd, request.file);
  const incident = await agent.incidents.record({ title, window, scope, trigger: 'cli' });
  const made = await agent.incidents.bundle(incident.id);
  await writeFile(file, made.bytes, { mode: 0o600 });
  return { file, incident: incident.id, manifest: made.manifest, bytes: made.bytes.length };
}

async function create(options: CreateOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const window = windowSince(parseDuration(options.since, '--since'), io);
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const agent = await agentFrom(await loadSetup(options.config, io), io);
  try {
    const written = await makeBundle(
      agent,
      { title: options.title, window, scope: {}, file: options.output },
      io,
    );
    await output.result(
      written,
      `wrote ${written.file} (${written.bytes} bytes, manifest ${written.manifest})`,
    );
    return EXIT.good;
  } finally {
    await agent.stop();
  }
}

async function items(file: string, io: CliIo): Promise<ExitCode> {
  const { items: entries } = parseBundle(await readInput(file, 'the bundle', io));
  for (const { item } of entries) await write(io.stdout, `${JSON.stringify(item)}\n`);
  return EXIT.good;
}

/** File names are ours, not the bundle's: nothing in it can choose where it is written. */
async function extract(file: string, folder: string, output: Output, io: CliIo): Promise<ExitCode> {
  const parts = extractBundle(await readInput(file, 'the bundle', io));
  const target = path.resolve(io.cwd, folder);
  await mkdir(target, { recursive: true });
  const written: string[] = [];
  for (const [name, text] of parts) {
    await writeFile(path.join(target, name), text);
    written.push(path.join(folder, name));
  }
  await output.result({ written }, written.map((name) => `wrote ${name}`).join('\n'));
  return EXIT.good;
}
