import path from 'node:path';
import type { Command } from 'commander';
import { verifyDisclosure } from '../../evidence/disclose/verify.ts';
import { EvidenceError } from '../../evidence/errors.ts';
import {
  formatReport,
  type Trust,
  type VerifyReport,
  verifyBundle,
  verifyKeyHistory,
  verifyManifest,
  verifyReceipt,
} from '../../evidence/verify.ts';
import { AgentError } from '../errors.ts';
import { type CommandContext, repeated, withJson } from './command.ts';
import { readInput, withInputFile } from './files.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';
import { kindOf, notesIn } from './verify-input.ts';

interface VerifyOptions {
  readonly key: readonly string[];
  readonly keyHistory?: string;
  readonly logKey?: readonly string[];
  readonly tsa?: readonly string[];
  readonly checkpoints?: readonly string[];
  readonly attestation?: string;
  readonly json?: boolean;
}

const HELP = `
With --key alone all that can be checked is checked, and the rest is said to be not proved:
  --log-key      that the log of the agent has the signature, and not two histories
  --tsa, --key-history
                 when it was signed, and that the key was good then
  --checkpoints  that the log did not change since you saw it last

Exit codes: 0 good, 1 not good, 2 used wrongly (no such file, not a public key)
`;

/** `exhibit verify`: whether every byte is what the holder of a trusted key signed; offline. */
export function verify(command: Command, context: CommandContext): void {
  withJson(command)
    .argument('<file>', 'what to verify, a bundle in any of its forms; - for standard input')
    .requiredOption(
      '--key <pem>',
      'a public key to trust, from somewhere else than the file; repeat it for several',
      repeated,
    )
    .option(
      '--key-history <file>',
      'the key history of the agent: when each key was good, and the keys of its log',
    )
    .option(
      '--log-key <vkey>',
      "a verifier key of the agent's log, or a file that holds it; repeat it for several",
      repeated,
    )
    .option(
      '--tsa <pem>',
      'certificates of a timestamp authority, its root last; repeat it for several',
      repeated,
    )
    .option(
      '--checkpoints <file>',
      'checkpoints of the log that you kept, oldest first; repeat it for several files',
      repeated,
    )
    .option(
      '--attestation <file>',
      'for a manifest or receipt: its attestation (default: <name>.sigstore.json beside it)',
    )
    .addHelpText('after', HELP)
    .action((file: string, options: VerifyOptions) =>
      context.run(options, (output) => check(file, options, output, context.io)),
    );
}

async function check(file: string, options: VerifyOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const trust = await trustOf(options, io);
  const report = await withInputFile(file, 'the file', io, (found) =>
    reportOn(found, trust, () => attestationOf(file, options, io)).catch(asMisuse),
  );
  await output.result(report, formatReport(report));
  return codeOf(report);
}

/** A verifier throws only for what it was given to trust. */
function asMisuse(error: unknown): never {
  if (!(error instanceof EvidenceError)) throw error;
  throw new AgentError('INPUT', error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    cause: error,
  });
}

export function codeOf(report: VerifyReport): ExitCode {
  return report.good ? EXIT.good : EXIT.notGood;
}

async function trustOf(options: VerifyOptions, io: CliIo): Promise<Trust> {
  const { key, keyHistory, logKey = [], tsa = [], checkpoints = [] } = options;
  const read = async (file: string, what: string) => (await readInput(file, what, io)).toString('utf8');
  const notes = await Promise.all(checkpoints.map((file) => read(file, 'the kept checkpoints')));
  return {
    publicKeyPem: await Promise.all(key.map((file) => read(file, 'the key'))),
    ...(keyHistory === undefined ? {} : { keyHistory: await read(keyHistory, 'the key history') }),
    logKeys: await Promise.all(
      logKey.map(async (text) => (isVkey(text) ? text : (await read(text, "the log's key")).trim())),
    ),
    timestampChains: await Promise.all(tsa.map((file) => read(file, 'the certificates'))),
    checkpoints: notes.flatMap((note, index) => keptNotes(note, checkpoints[index] ?? '')),
  };
}

/** A file that was cut to nothing would compare with nothing, and say that all is good. */
function keptNotes(text: string, file: string): readonly string[] {
  const notes = notesIn(text);
  if (notes.length > 0) return notes;
  throw new AgentError('INPUT', `${file} holds no checkpoint`, {
    hint: 'Give the file that "exhibit log audit --state" keeps, or leave the option out.',
  });
}

/** `<name>+<key id>+<key>`: no file has such a name. */
function isVkey(text: string): boolean {
  return /^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(text);
}

/** What a file says it is only decides which check to run: one that lies about it fails the one it chose. */
async function reportOn(
  found: string,
  trust: Trust,
  attestation: () => Promise<string>,
): Promise<VerifyReport> {
  const { kind, bytes } = await kindOf(found);
  switch (kind) {
    case 'bundle':
      return verifyBundle(found, trust);
    case 'manifest':
      return verifyManifest(bytes.toString('utf8'), await attestation(), trust);
    case 'receipt':
      return verifyReceipt(bytes.toString('utf8'), await attestation(), trust);
    case 'disclosure':
      return verifyDisclosure(bytes, trust);
    case 'key-history':
      return verifyKeyHistory(bytes, trust);
  }
}

async function attestationOf(file: string, options: VerifyOptions, io: CliIo): Promise<string> {
  const { dir, name } = path.parse(file);
  const beside = path.join(dir, `${name}.sigstore.json`);
  const bytes = await readInput(options.attestation ?? beside, 'the attestation', io);
  return bytes.toString('utf8');
}
