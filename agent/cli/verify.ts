import path from 'node:path';
import type { Command } from 'commander';
import { MANIFEST_SCHEMA } from '../../evidence/manifest.ts';
import { RECEIPT_SCHEMA } from '../../evidence/receipt.ts';
import {
  formatReport,
  type Trust,
  type VerifyReport,
  verifyBundle,
  verifyManifest,
  verifyReceipt,
} from '../../evidence/verify.ts';
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
    .description('verify a bundle, a manifest or a receipt offline; names everything that is wrong')
    .argument('<file>', 'a bundle, a manifest.json, or the receipt of an erasure')
    .requiredOption('--key <pem...>', 'public keys to trust; take them from somewhere else than the file')
    .option(
      '--attestation <file>',
      'for a manifest or receipt: its attestation (default: <name>.sigstore.json beside it)',
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
  const report = await reportOn(bytes, trust, () => attestationOf(file, options, io));
  await output.result(report, formatReport(report));
  return codeOf(report);
}

export function codeOf(report: VerifyReport): ExitCode {
  return report.good ? EXIT.good : EXIT.notGood;
}

/** What a file says it is only decides which check to run: one that lies about it fails the one it chose. */
async function reportOn(
  bytes: Buffer,
  trust: Trust,
  attestation: () => Promise<string>,
): Promise<VerifyReport> {
  const schema = schemaOf(bytes);
  if (schema === MANIFEST_SCHEMA) return verifyManifest(bytes.toString('utf8'), await attestation(), trust);
  if (schema === RECEIPT_SCHEMA) return verifyReceipt(bytes.toString('utf8'), await attestation(), trust);
  return verifyBundle(bytes, trust);
}

async function attestationOf(file: string, options: VerifyOptions, io: CliIo): Promise<string> {
  const { dir, name } = path.parse(file);
  const beside = path.join(dir, `${name}.sigstore.json`);
  const bytes = await readInput(options.attestation ?? beside, 'the attestation', io);
  return bytes.toString('utf8');
}

function schemaOf(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return value !== null && typeof value === 'object' && 'schema' in value ? value.schema : undefined;
  } catch {
    return undefined;
  }
}
