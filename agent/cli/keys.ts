import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { openSigner } from '../../evidence/sign/open.ts';
import { currentKey } from '../../evidence/trust/key-changes.ts';
import { type KeyPlaces, keyPathsIn } from '../config/key-places.ts';
import { loadIdentity } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { readHistoryFile } from '../secrets/history-file.ts';
import { publicKeyPath } from '../secrets/key-swap.ts';
import { makeMissingKeys } from '../secrets/keys.ts';
import { type CommandContext, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { changeCommands } from './key-changes.ts';
import { epochCommands } from './key-epochs.ts';
import type { Output } from './output.ts';

interface PlaceOptions {
  readonly dir?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `exhibit keys`: the keys that sign, the keyring of pseudonyms and the API token. */
export function keys(command: Command, context: CommandContext): void {
  withJson(command.command('generate'))
    .description(
      'make the keys that are missing: signing, checkpoint, pseudonyms, API token; overwrites nothing',
    )
    .option('--dir <folder>', 'folder of the keys', '.exhibit/keys')
    .option('-c, --config <file>', 'make them where this config says, instead')
    .action((options: PlaceOptions) =>
      context.run(options, (output) => generate(options, output, context.io)),
    );
  withJson(command.command('show'))
    .description('print the public key that verifies what this agent signs now')
    .option('--dir <folder>', 'folder of the keys', '.exhibit/keys')
    .option('-c, --config <file>', 'the key that this config names, wherever it is')
    .action((options: PlaceOptions) => context.run(options, (output) => show(options, output, context.io)));
  changeCommands(command, context);
  epochCommands(command, context);
}

async function generate(options: PlaceOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const places = await placesOf(options, io);
  const written = await makeMissingKeys(places);
  const text =
    written.length === 0
      ? `all keys are there already: ${path.dirname(places.checkpointKey)}`
      : written.map((file) => `wrote ${file}`).join('\n');
  await output.result({ written }, text);
  return EXIT.good;
}

async function show(options: PlaceOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const pem = await publicPem(await placesOf(options, io), io, options.config !== undefined);
  await output.result({ keyId: keyId(readPublicKey(pem)), publicKey: pem }, pem);
  return EXIT.good;
}

async function placesOf({ dir = '', config }: PlaceOptions, io: CliIo): Promise<KeyPlaces> {
  if (config === undefined) return keyPathsIn(path.resolve(io.cwd, dir));
  return (await loadIdentity(path.resolve(io.cwd, config))).paths;
}

/** As the key history says; before there is one, from the public half's own file, or from where the key is. */
async function publicPem(places: KeyPlaces, io: CliIo, isConfigured: boolean): Promise<string> {
  if (isConfigured) {
    const history = await readHistoryFile(places.keyHistory, places.tenant);
    if (history !== null) return currentKey(history.history, 'evidence').publicKeyPem;
  }
  const file = publicKeyPath(places.signingKey);
  const text =
    places.signing.kind === 'file' ? await readFile(file, 'utf8').catch(() => undefined) : undefined;
  if (text !== undefined) return text;
  try {
    return (await openSigner(places.signing, { env: io.env })).signer.publicKeyPem;
  } catch (error) {
    if (places.signing.kind !== 'file') throw error;
    throw new AgentError('KEY', `neither ${file} nor ${places.signingKey} can be read`, {
      hint: 'Make keys with `exhibit keys generate`, or name their folder with --dir.',
      cause: error,
    });
  }
}
