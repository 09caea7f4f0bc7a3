import { type Command, Option } from 'commander';
import { PolicyProblems, parsePolicy } from '../../../policies/load.ts';
import { AgentError } from '../../errors.ts';
import { readLayers } from '../../governance/layers.ts';
import { checkSignatures, loadTrust, type SignerRole, signPolicy } from '../../governance/signatures.ts';
import { type CommandContext, repeated, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { type Output, table } from '../output.ts';
import { shownPath } from '../own-store.ts';
import { outlineOf } from './layers.ts';

interface SignOptions {
  readonly key: string;
  readonly role: SignerRole;
  readonly json?: boolean;
}

interface VerifyOptions {
  readonly config?: string;
  readonly key?: readonly string[];
  readonly required?: number;
  readonly json?: boolean;
}

/** `exhibit policy sign`: stand for exactly these bytes of a policy. */
export function signCommand(command: Command, { io, run }: CommandContext): void {
  withJson(command)
    .argument('<file>', 'the policy')
    .requiredOption('--key <pem>', 'your private key (P-256), readable by you alone')
    .addOption(
      new Option('--role <role>', 'in what capacity you sign; both count alike')
        .choices(['author', 'approver'])
        .default('approver'),
    )
    .action((file: string, options: SignOptions) =>
      run(options, (output) => sign(file, options, output, io)),
    );
}

/** `exhibit policy verify`: who stands for exactly these bytes of a policy. */
export function verifyCommand(command: Command, { io, run }: CommandContext): void {
  withJson(command)
    .argument('<file>', 'the policy; its signatures lie beside it')
    .option('-c, --config <file>', 'the config whose keys are trusted (default: agent.yaml)')
    .option(
      '--key <pem>',
      "a public key to trust instead of the config's, from somewhere else than the file; repeat it for several",
      repeated,
    )
    .option(
      '--required <n>',
      'how many different keys must have signed (default: as the config says, at least 1)',
      atLeastOne,
    )
    .action((file: string, options: VerifyOptions) =>
      run(options, (output) => verify(file, options, output, io)),
    );
}

async function sign(file: string, { key, role }: SignOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const signed = await signPolicy(shownPath(file, io), shownPath(key, io), role);
  const text = `signed ${file} as ${role}\nkey     ${signed.keyId}\ndigest  ${signed.digest}\nwrote   ${signed.file}`;
  await output.result({ ...signed, role }, text);
  return EXIT.good;
}

async function verify(file: string, options: VerifyOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { keys, required } = await trustedBy(options, io);
  const trust = await loadTrust(keys, { required: 0, widening: 0 });
  const { layers, problems } = await readLayers([shownPath(file, io)]);
  const [layer] = layers;
  if (layer === undefined) throw new PolicyProblems(problems);
  const parsed = parsePolicy(layer.text, layer.file);
  if ('problems' in parsed) throw new PolicyProblems(parsed.problems);
  const { name, version } = parsed.policy.metadata;
  const { signers, refused } = checkSignatures(layer, { name, version }, trust.keys);
  const good = signers.length >= required;
  const rows = [
    ...signers.map((signer) => ['good', signer.role, signer.keyId, signer.file]),
    ...refused.map((one) => ['does not count', one.code, one.message, one.file]),
  ];
  const head = `${good ? 'good' : 'not good'}: ${name}@${version} has ${signers.length} of ${required} signatures`;
  await output.result(
    { good, policy: { name, version }, required, signers, refused },
    rows.length === 0 ? head : `${head}\n${table(rows)}`,
  );
  return good ? EXIT.good : EXIT.notGood;
}

async function trustedBy(
  { key, required, config }: VerifyOptions,
  io: CliIo,
): Promise<{ readonly keys: readonly string[]; readonly required: number }> {
  if (key !== undefined) return { keys: key.map((one) => shownPath(one, io)), required: required ?? 1 };
  const signatures = (await outlineOf(config, io))?.signatures;
  if (signatures === undefined || signatures.keys.length === 0) {
    throw new AgentError('USAGE', 'no key is named, and no config that names any', {
      hint: 'Name public keys with --key, or under governance.signatures.keys in agent.yaml.',
    });
  }
  return { keys: signatures.keys, required: required ?? Math.max(1, signatures.required) };
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 32) return number;
  throw new AgentError('USAGE', '--required must be a whole number from 1 to 32');
}
