import type { Command } from 'commander';
import { EvidenceError } from '../../../evidence/errors.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { loadIdentity } from '../../config/load.ts';
import { AgentError } from '../../errors.ts';
import { type CommandContext, withConfig, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { type Output, table } from '../output.ts';
import { shownPath, withStore } from '../own-store.ts';

interface RecordOptions {
  readonly config: string;
  readonly limit: number;
  readonly json?: boolean;
}

type Shown = { readonly data: unknown; readonly text: string };

/** `exhibit policy versions | decisions | audit`: what the agent remembers of its policies. */
export function recordCommands(policy: Command, { io, run }: CommandContext): void {
  const add = (name: string, description: string, show: (store: Store, limit: number) => Promise<Shown>) =>
    withJson(withConfig(policy.command(name)))
      .description(`${description}; not while the agent runs`)
      .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, 1_000), 50)
      .action((options: RecordOptions) => run(options, (output) => print(name, options, output, io, show)));
  add('versions', 'list the versions that were in force, newest first', versions);
  add('decisions', 'list what the policy decided, counted; seen last comes first', decisions);
  add('audit', 'list who did what to policies and keys, newest first, and check the chain', audit);
}

/**
 * Works on the store of the config's agent. While the agent runs it alone has its store: throws AgentError CONFLICT that
 * says which call of its API to use.
 */
export async function onStore<T>(
  config: string,
  call: string,
  io: CliIo,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { paths } = await loadIdentity(shownPath(config, io));
  try {
    return await withStore(paths.dataDir, work);
  } catch (error) {
    if (!isInUse(error)) throw error;
    throw new AgentError('CONFLICT', 'the running agent has the store for itself', {
      hint: `Ask the agent: ${call}`,
      cause: error,
    });
  }
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const BUSY = 5;

function isInUse(error: unknown): boolean {
  const cause = error instanceof EvidenceError && error.code === 'STORE' ? error.cause : undefined;
  const code = cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined;
  return typeof code === 'number' && (code & 0xff) === BUSY;
}

async function print(
  name: string,
  { config, limit }: RecordOptions,
  output: Output,
  io: CliIo,
  show: (store: Store, limit: number) => Promise<Shown>,
): Promise<ExitCode> {
  const shown = await onStore(config, `GET /v1/policy/${name}`, io, (store) => show(store, limit));
  await output.result(shown.data, shown.text);
  return EXIT.good;
}

async function versions(store: Store, limit: number): Promise<Shown> {
  const { items } = await store.governance.policyVersions({ limit });
  const rows = items.map(({ appliedAt, version, source, by, risk, active, digest }) => [
    active ? '*' : ' ',
    appliedAt,
    version,
    source,
    by,
    `risk ${risk}`,
    digest,
  ]);
  return { data: { versions: items }, text: rows.length === 0 ? 'no versions yet' : table(rows) };
}

async function decisions(store: Store, limit: number): Promise<Shown> {
  const { items } = await store.governance.decisions({ limit });
  const rows = items.map(({ lastAt, connection, read, decision, code, count, reason }) => [
    lastAt,
    `${connection}/${read}`,
    decision,
    code,
    `${count}x`,
    reason,
  ]);
  return { data: { decisions: items }, text: rows.length === 0 ? 'no decisions yet' : table(rows) };
}

async function audit(store: Store, limit: number): Promise<Shown> {
  const [{ items }, chain] = await Promise.all([
    store.governance.audit({ limit }),
    store.governance.verifyAudit(),
  ]);
  const rows = items.map(({ sequence, at, actor, action, target, outcome }) => [
    String(sequence),
    at,
    actor,
    action,
    target,
    outcome,
  ]);
  const verdict = chain.ok
    ? `the chain holds: ${chain.entries} entries`
    : `THE CHAIN DOES NOT HOLD: entry ${chain.at} is not as it was written`;
  return {
    data: { chain, entries: items },
    text: [table(rows), verdict].filter((part) => part !== '').join('\n'),
  };
}
