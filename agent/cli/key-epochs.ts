import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { canonicalize } from '../../evidence/canonical-json.ts';
import { EvidenceError } from '../../evidence/errors.ts';
import { Ledger } from '../../evidence/ledger.ts';
import { receipt as receiptSchema, receiptSummary, type SignedReceipt } from '../../evidence/receipt.ts';
import type { Store } from '../../evidence/store/store.ts';
import { linkedNames } from '../../policies/keyed.ts';
import { type KeyEpoch, rotated } from '../../policies/keyring.ts';
import type { KeyPlaces } from '../config/key-places.ts';
import { loadIdentity } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { eraseEpoch, type KeyActionDeps } from '../secrets/key-actions.ts';
import { KeyringFile } from '../secrets/keyring-file.ts';
import { loadKeys } from '../secrets/keys.ts';
import { agentVersion } from '../version.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';
import { operator, withStore } from './own-store.ts';

interface ConfigOptions {
  readonly config: string;
  readonly json?: boolean;
}

interface EraseOptions extends ConfigOptions {
  readonly reason: string;
  readonly rotate?: boolean;
}

/** `exhibit keys erase | pseudonym | receipts`: the epochs of the keyring of pseudonyms. */
export function epochCommands(keys: Command, { io, run }: CommandContext): void {
  withJson(withConfig(keys.command('erase')))
    .description('destroy the key of an epoch, for good, and sign a receipt; not while the agent runs')
    .argument('<epoch>', 'id of the epoch, from `exhibit keys list`')
    .requiredOption('--reason <text>', 'why; it is signed and kept, so name no person in it')
    .option('--rotate', 'the epoch is the live one: begin a new one first')
    .action((epoch: string, options: EraseOptions) =>
      run(options, (output) => erase(epoch, options, output, io)),
    );
  withJson(withConfig(keys.command('pseudonym')))
    .description('read a value from standard input and print its pseudonym in every epoch that can be linked')
    .action((options: ConfigOptions) => run(options, (output) => pseudonym(options, output, io)));
  withJson(withConfig(keys.command('receipts')))
    .description('list what was erased or expired; not while the agent runs')
    .option('--out <folder>', 'write each as <id>.json with <id>.sigstore.json, for `exhibit verify`')
    .action((options: ConfigOptions & { readonly out?: string }) =>
      run(options, (output) => receipts(options, output, io)),
    );
}

/** The epochs, as data and as rows. */
export async function listEpochs({ pseudonymKey }: Pick<KeyPlaces, 'pseudonymKey'>) {
  const keyring = await KeyringFile.open(pseudonymKey);
  const epochs = keyring.current().epochs.map(withoutKey);
  const rows = epochs.map((epoch) => [epoch.id, epoch.state, `since ${epoch.createdAt}`, whenEnded(epoch)]);
  return { epochs, rows };
}

/** `exhibit keys rotate pseudonyms`. */
export async function rotateEpochs(options: ConfigOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { paths } = await identity(options, io);
  const keyring = await KeyringFile.open(paths.pseudonymKey);
  const at = io.clock.now().toISOString();
  const epoch = withoutKey((await keyring.change((current) => rotated(current, at))).epochs.at(-1));
  const audited = await auditRotation(paths.dataDir, epoch.id, at);
  const rest = audited
    ? ''
    : '\na running agent takes it over when it reads its keys again, at its next start at the latest';
  await output.result({ epoch, audited }, `live epoch: ${epoch.id}${rest}`);
  return EXIT.good;
}

/** Only the process that has the store can write its audit trail; a running agent does it when it takes over. */
async function auditRotation(dataDir: string, target: string, at: string): Promise<boolean> {
  try {
    await withStore(dataDir, (store) =>
      store.governance.appendAudit({
        at,
        actor: operator(),
        action: 'keys.rotate',
        target,
        outcome: 'done',
        detail: {},
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'STORE') return false;
    throw error;
  }
}

async function erase(epoch: string, options: EraseOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { tenant, paths } = await identity(options, io);
  const keys = await loadKeys(paths, { env: io.env, now: () => io.clock.now().toISOString() });
  const receipt = await withStore(paths.dataDir, async (store) => {
    const deps: KeyActionDeps = {
      keyring: keys.keyring,
      store,
      ledger: new Ledger({ store }),
      keys,
      tenant,
      version: agentVersion(),
      clock: io.clock,
    };
    return eraseEpoch(deps, {
      epoch,
      reason: options.reason,
      by: operator(),
      ...(options.rotate === true ? { rotate: true } : {}),
    });
  });
  const { id } = receipt;
  const text = `${summaryOf(receipt)}\nreceipt: ${id}\ncopies of the keyring that were made before (backups, snapshots) still hold the key: destroy them as well`;
  await output.result({ receipt: asData(receipt) }, text);
  return EXIT.good;
}

const MAX_VALUE_BYTES = 64 * 1024;

async function pseudonym(options: ConfigOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { tenant, paths } = await identity(options, io);
  const keyring = await KeyringFile.open(paths.pseudonymKey);
  const value = await readValue(io);
  const names = linkedNames(keyring.current(), tenant, value, canonicalize);
  const rows = names.map((name) => [name.epoch, name.pseudonym, name.digest]);
  await output.result({ names }, table(rows));
  return EXIT.good;
}

/** From standard input, because arguments are seen by other users and kept by shells. One line end is not part of it. */
async function readValue(io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array | string);
    size += bytes.length;
    if (size > MAX_VALUE_BYTES) break;
    chunks.push(bytes);
  }
  const value = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (size <= MAX_VALUE_BYTES && value !== '') return value;
  throw new AgentError('INPUT', 'standard input must hold one value of at most 64 KiB', {
    hint: 'Write the value there: exhibit keys pseudonym < file',
  });
}

async function receipts(
  options: ConfigOptions & { readonly out?: string },
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const { paths } = await identity(options, io);
  const all = await withStore(paths.dataDir, everyReceipt);
  if (options.out !== undefined) await writeReceipts(all, path.resolve(io.cwd, options.out));
  const rows = all.map((receipt) => [receipt.createdAt, receipt.id, summaryOf(receipt)]);
  await output.result({ receipts: all.map(asData) }, all.length === 0 ? 'no receipts' : table(rows));
  return EXIT.good;
}

async function everyReceipt(store: Store): Promise<readonly SignedReceipt[]> {
  const all: SignedReceipt[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.governance.receipts({ limit: 1_000, ...(cursor === null ? {} : { cursor }) });
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

async function writeReceipts(all: readonly SignedReceipt[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { id, canonical, attestation } of all) {
    const name = path.join(folder, id.replace(':', '-'));
    await writeFile(`${name}.json`, canonical);
    await writeFile(`${name}.sigstore.json`, attestation);
  }
}

function identity({ config }: ConfigOptions, io: CliIo): ReturnType<typeof loadIdentity> {
  return loadIdentity(
    path.isAbsolute(config) ? config : path.join(path.relative(process.cwd(), io.cwd), config),
  );
}

interface EpochData {
  readonly id: string;
  readonly state: 'live' | 'retired' | 'erased';
  readonly createdAt: string;
  readonly retiredAt: string | null;
  readonly erasedAt: string | null;
}

function withoutKey(epoch: KeyEpoch | undefined): EpochData {
  if (epoch === undefined) throw new AgentError('INTERNAL', 'the keyring has no epoch');
  const { id, createdAt, retiredAt = null, erasedAt = null } = epoch;
  const state = erasedAt !== null ? 'erased' : retiredAt !== null ? 'retired' : 'live';
  return { id, state, createdAt, retiredAt, erasedAt };
}

function whenEnded({ retiredAt, erasedAt }: EpochData): string {
  const retired = retiredAt === null ? '' : `retired ${retiredAt}`;
  return erasedAt === null ? retired : `${retired}, erased ${erasedAt}`;
}

function summaryOf({ canonical }: SignedReceipt): string {
  return receiptSummary(receiptSchema.parse(JSON.parse(canonical)));
}

/** The receipt itself and its attestation, as JSON. */
function asData({ id, canonical, attestation }: SignedReceipt) {
  return { id, receipt: JSON.parse(canonical) as unknown, attestation: JSON.parse(attestation) as unknown };
}
