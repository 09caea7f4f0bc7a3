import type { Command } from 'commander';
import type {
  AuditVerdict,
  StoredAudit,
  StoredDecision,
  StoredPolicyVersion,
} from '../../../evidence/store/governance.ts';
import type { Store } from '../../../evidence/store/store.ts';
import { type CommandContext, withConfig, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import { type Output, table } from '../output.ts';
import type { AgentAddress, RunningAgent } from '../running-agent.ts';
import { detailLines, signedBy } from './audit-text.ts';
import { firstOf, fromStoreOrAgent, pagesOf, withAgent } from './records-source.ts';

interface RecordOptions extends AgentAddress {
  readonly limit: number;
  readonly json?: boolean;
}

interface Shown {
  readonly data: unknown;
  readonly text: string;
}

/** How one kind of record is read in either place, and shown. */
interface Kind<T> {
  readonly store: (store: Store, limit: number) => Promise<T>;
  readonly agent: (agent: RunningAgent, limit: number) => Promise<T>;
  readonly show: (found: T) => Shown;
}

/** `exhibit policy versions`: which policies were in force. */
export function versionsCommand(command: Command, context: CommandContext): void {
  recordCommand(command, VERSIONS, context);
}

/** `exhibit policy decisions`: what they decided. */
export function decisionsCommand(command: Command, context: CommandContext): void {
  recordCommand(command, DECISIONS, context);
}

/** `exhibit policy audit`: who changed them. */
export function auditCommand(command: Command, context: CommandContext): void {
  recordCommand(command, AUDIT, context);
}

function recordCommand<T>(command: Command, kind: Kind<T>, { io, run }: CommandContext): void {
  withAgent(withJson(withConfig(command)))
    .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, 1_000), 50)
    .action((options: RecordOptions) => run(options, (output) => print(kind, options, output, io)));
}

async function print<T>(kind: Kind<T>, options: RecordOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { limit } = options;
  const found = await fromStoreOrAgent(options, io, {
    store: (store) => kind.store(store, limit),
    agent: (agent) => kind.agent(agent, limit),
  });
  const { data, text } = kind.show(found);
  await output.result(data, text);
  return EXIT.good;
}

/** A version as lists tell it: its texts are asked for one by one. */
export interface VersionHead extends Omit<StoredPolicyVersion, 'layers' | 'changes'> {
  readonly layers: readonly { readonly name: string; readonly digest: string }[];
}

function headOf({ changes: _changes, layers, ...head }: StoredPolicyVersion): VersionHead {
  return { ...head, layers: layers.map(({ name, digest }) => ({ name, digest })) };
}

const VERSIONS: Kind<readonly VersionHead[]> = {
  store: async (store, limit) => (await store.governance.policyVersions({ limit })).items.map(headOf),
  agent: (agent, limit) => firstOf(pagesOf<VersionHead>(agent, '/v1/policy/versions', limit), limit),
  show: (items) => {
    const rows = items.map(({ appliedAt, version, source, by, risk, active, signers, digest }) => [
      active ? '*' : ' ',
      appliedAt,
      version,
      source,
      by,
      `risk ${risk}`,
      digest,
      signedBy(signers),
    ]);
    return { data: { versions: items }, text: rows.length === 0 ? 'no versions yet' : table(rows) };
  },
};

const DECISIONS: Kind<readonly StoredDecision[]> = {
  store: async (store, limit) => (await store.governance.decisions({ limit })).items,
  agent: (agent, limit) => firstOf(pagesOf<StoredDecision>(agent, '/v1/policy/decisions', limit), limit),
  show: (items) => {
    const rows = items.map(({ lastAt, connection, read, decision, code, count, reason }) => [
      lastAt,
      `${connection}/${read}`,
      decision,
      code,
      `${count}x`,
      reason,
    ]);
    return { data: { decisions: items }, text: rows.length === 0 ? 'no decisions yet' : table(rows) };
  },
};

interface Audit {
  readonly chain: AuditVerdict;
  readonly entries: readonly StoredAudit[];
}

const AUDIT: Kind<Audit> = {
  store: async (store, limit) => ({
    chain: await store.governance.verifyAudit(),
    entries: (await store.governance.audit({ limit })).items,
  }),
  agent: async (agent, limit) => ({
    // Our own agent's API, whose answers are what its description says.
    chain: (await agent.ask('GET', '/v1/policy/audit/chain')) as AuditVerdict,
    entries: await firstOf(pagesOf<StoredAudit>(agent, '/v1/policy/audit', limit), limit),
  }),
  show: ({ chain, entries }) => {
    const lines = table(
      entries.map(({ sequence, at, actor, action, target, outcome }) => [
        String(sequence),
        at,
        actor,
        action,
        target,
        outcome,
      ]),
    ).split('\n');
    const rows = entries.flatMap(({ detail }, index) => [
      lines[index] ?? '',
      ...detailLines(detail).map((line) => `     ${line}`),
    ]);
    const verdict = chain.ok
      ? `the chain holds: ${chain.entries} entries`
      : `THE CHAIN DOES NOT HOLD: entry ${chain.at} is not as it was written`;
    return {
      data: { chain, entries },
      text: [...rows, verdict].join('\n'),
    };
  },
};
