import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { keyId, readPublicKey } from '../../evidence/sign/key.ts';
import { readPrivateFile } from '../../evidence/sign/key-file.ts';
import { localSigner } from '../../evidence/sign/local.ts';
import { AgentError } from '../errors.ts';
import { makeMissingKeys, publicKeyPath } from '../secrets/keys.ts';
import { type CommandContext, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { epochCommands } from './key-epochs.ts';
import type { Output } from './output.ts';

/** `exhibit keys`: the agent's signing key, keyring of pseudonyms and API token. */
export function keys(program: Command, context: CommandContext): void {
  const command = program
    .command('keys')
    .description('make keys, show the public one; rotate and erase the keys of pseudonyms');
  withJson(command.command('generate'))
    .description('make signing.pem, pseudonym.key and api-token where they are missing; overwrites nothing')
    .option('--dir <folder>', 'folder of the keys', '.exhibit/keys')
    .action((options: { dir: string; json?: boolean }) =>
      context.run(options, (output) => generate(options.dir, output, context.io)),
    );
  withJson(command.command('show'))
    .description('print the public key that verifies bundles of this agent')
    .option('--dir <folder>', 'folder of the keys', '.exhibit/keys')
    .action((options: { dir: string; json?: boolean }) =>
      context.run(options, (output) => show(options.dir, output, context.io)),
    );
  epochCommands(command, context);
}

export function keyPathsIn(folder: string): { signingKey: string; pseudonymKey: string; apiToken: string } {
  return {
    signingKey: path.join(folder, 'signing.pem'),
    pseudonymKey: path.join(folder, 'pseudonym.key'),
    apiToken: path.join(folder, 'api-token'),
  };
}

async function generate(dir: string, output: Output, io: CliIo): Promise<ExitCode> {
  const written = await makeMissingKeys(keyPathsIn(path.resolve(io.cwd, dir)));
  const text =
    written.length === 0
      ? `all keys are there already: ${dir}`
      : written.map((file) => `wrote ${file}`).join('\n');
  await output.result({ written }, text);
  return EXIT.good;
}

async function show(dir: string, output: Output, io: CliIo): Promise<ExitCode> {
  const { signingKey } = keyPathsIn(path.resolve(io.cwd, dir));
  const pem = await publicPem(signingKey);
  const id = keyId(readPublicKey(pem));
  await output.result({ keyId: id, publicKey: pem }, pem);
  return EXIT.good;
}

/** The public half from its own file, or derived from the private one where only that exists. */
async function publicPem(signingKey: string): Promise<string> {
  const file = publicKeyPath(signingKey);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  try {
    return localSigner(await readPrivateFile(signingKey)).publicKeyPem;
  } catch (error) {
    throw new AgentError('KEY', `neither ${file} nor ${signingKey} can be read`, {
      hint: 'Make keys with `exhibit keys generate`, or name their folder with --dir.',
      cause: error,
    });
  }
}
