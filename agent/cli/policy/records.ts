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
  readonly description: string;
  readonly store: (store: Store, limit: number) => Promise<T>;
  readonly agent: (agent: RunningAgent, limit: number) => Promise<T>;
  readonly show: (found: T) => Shown;
}

/** `exhibit policy versions | decisions | audit`: what the agent remembers of its policies. */
export function recordCommands(policy: Command, { io, run }: CommandContext): void {
  const add = <T>(name: string, kind: Kind<T>) =>
    withAgent(withJson(withConfig(policy.command(name))))
      .description(kind.description)
      .option('--limit <n>', 'how many at most', wholeNumber('--limit', 1, 1_000), 50)
      .action((options: RecordOptions) => run(options, (output) => print(kind, options, output, io)));
  add('versions', VERSIONS);
  add('decisions', DECISIONS);
  add('audit', AUDIT);
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
  description: 'list the versions that were in force, newest first',
  store: async (store, limit) => (await store.governance.policyVersions({ limit })).items.map(headOf),
  agent: (agent, limit) => firstOf(pagesOf<VersionHead>(agent, '/v1/policy/versions', limit), limit),
  show: (items) => {
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
  },
};

const DECISIONS: Kind<readonly StoredDecision[]> = {
  description: 'list what the policy decided, counted; seen last comes first',
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
  description: 'list who did what to policies and keys, newest first, and check the chain',
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
    const rows = entries.map(({ sequence, at, actor, action, target, outcome }) => [
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
      data: { chain, entries },
      text: [table(rows), verdict].filter((part) => part !== '').join('\n'),
    };
  },
};
