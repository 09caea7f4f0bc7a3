import path from 'node:path';
import type { Command } from 'commander';
import { MANIFEST_SCHEMA } from '../../evidence/manifest.ts';
import { formatReport, type VerifyReport, verifyBundle, verifyManifest } from '../../evidence/verify.ts';
import { type CommandContext, withJson } from './command.ts';
import { readInput } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

interface VerifyOptions {
  readonly key: readonly string[];
  readonly attestation?: string;
  readonly json?: boolean;
}

/** `exhibit verify`: whether every byte is what the holder of a trusted key signed; offline. */
export function verify(program: Command, context: CommandContext): void {
  withJson(program.command('verify'))
    .description('verify a bundle or a manifest offline; names everything that is wrong')
    .argument('<file>', 'a bundle, or a manifest.json')
    .requiredOption('--key <pem...>', 'public keys to trust; take them from somewhere else than the file')
    .option(
      '--attestation <file>',
      'for a manifest: its attestation (default: manifest.sigstore.json beside it)',
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 good, 1 not good, 2 used wrongly (no such file, not a public key)\n',
    )
    .action((file: string, options: VerifyOptions) =>
      context.run(options, (output) => check(file, options, output, context.io)),
    );
}

async function check(file: string, options: VerifyOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const keys = await Promise.all(options.key.map((key) => readInput(key, 'the key', io)));
  const trust = { publicKeyPem: keys.map((key) => key.toString('utf8')) };
  const bytes = await readInput(file, 'the file', io);
  const report = isManifest(bytes)
    ? verifyManifest(bytes.toString('utf8'), await attestationOf(file, options, io), trust)
    : verifyBundle(bytes, trust);
  await output.result(report, formatReport(report));
  return codeOf(report);
}

export function codeOf(report: VerifyReport): ExitCode {
  return report.good ? EXIT.good : EXIT.notGood;
}

async function attestationOf(file: string, options: VerifyOptions, io: CliIo): Promise<string> {
  const beside = path.join(path.dirname(file), 'manifest.sigstore.json');
  const bytes = await readInput(options.attestation ?? beside, "the manifest's attestation", io);
  return bytes.toString('utf8');
}

/** Only decides which check to run: a file that lies about what it is fails the one it chose. */
function isManifest(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return (
      value !== null && typeof value === 'object' && 'schema' in value && value.schema === MANIFEST_SCHEMA
    );
  } catch {
    return false;
  }
}
