import type { Command } from 'commander';
import { type AuthReport, ConnectorError } from '../../connectors/sdk/index.ts';
import { auditLog, storedLog } from '../../evidence/log/audit.ts';
import { readsOf, unmet, unneeded } from '../../policies/rights.ts';
import type { Agent } from '../app.ts';
import { type ErrorReport, reportError } from '../errors.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';

interface DoctorOptions {
  readonly config: string;
  readonly json?: boolean;
}

type Diagnosis =
  | { readonly connection: string; readonly good: boolean; readonly report: AuthReport }
  | { readonly connection: string; readonly good: false; readonly error: ErrorReport };

interface LogDiagnosis {
  readonly good: boolean;
  /** Entries. */
  readonly size: number;
  readonly error: ErrorReport | null;
}

/** A source that has not answered by then is not going to help in an incident either. */
const TIMEOUT_MS = 20_000;

/** `exhibit doctor`: whether the agent could work, and with exactly the rights it needs. */
export function doctor(command: Command, context: CommandContext): void {
  withJson(withConfig(command)).action((options: DoctorOptions) =>
    context.run(options, (output) => examine(options, output, context.io)),
  );
}

async function examine(options: DoctorOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const setup = await loadSetup(options.config, io);
  output.progress('config: good');
  const agent = await agentFrom(setup, io, { rehearsal: true });
  try {
    output.progress('keys, policy, reads and store: good');
    const log = await diagnoseLog(agent);
    const { connections } = setup.loaded;
    const diagnoses = await Promise.all(
      connections.map(({ id, connector }) => diagnose(agent, id, connector.id, io)),
    );
    const good = log.good && diagnoses.every((diagnosis) => diagnosis.good);
    const { policy, keys } = agent;
    const data = {
      good,
      policy: { version: policy.version, digest: policy.digest },
      keyId: keys.signer.keyId,
      log,
      connections: diagnoses,
    };
    const head = [
      `config   ${setup.loaded.file}`,
      `policy   ${policy.version}`,
      `key      ${keys.signer.keyId}`,
      `log      ${log.error === null ? `${log.size} entries, as they were signed` : told(log.error)}`,
    ];
    await output.result(data, [...head, ...diagnoses.map(describe)].join('\n'));
    return good ? EXIT.good : EXIT.notGood;
  } finally {
    await agent.stop();
  }
}

/** Whether the log is what was signed, entry by entry: whoever can write the store's file can change it. */
async function diagnoseLog({ store, keys }: Agent): Promise<LogDiagnosis> {
  const size = await store.log.size();
  if (size === 0 && (await store.log.checkpoint()) === null) return { good: true, size, error: null };
  const vkey = keys.history.history.keys.flatMap((key) => (key.purpose === 'checkpoint' ? [key.vkey] : []));
  try {
    await auditLog({ source: storedLog(store.log), vkey, kept: null });
    return { good: true, size, error: null };
  } catch (error) {
    return { good: false, size, error: reportError(error) };
  }
}

async function diagnose(agent: Agent, connection: string, connector: string, io: CliIo): Promise<Diagnosis> {
  const timeout = new AbortController();
  const answered = new AbortController();
  const late = io.clock.sleep(TIMEOUT_MS, answered.signal).then(() => {
    timeout.abort();
    throw new ConnectorError('TIMEOUT', `the source did not answer within ${TIMEOUT_MS / 1000} s`, {
      hint: 'Check its address, and firewalls and network policies on the way.',
    });
  });
  late.catch(() => undefined);
  try {
    const report = await Promise.race([agent.connections.get(connection).authenticate(timeout.signal), late]);
    const reads = readsOf(agent.policy.of(connection).reads.values(), connector);
    const missing = [...report.missing, ...unmet(report.excess, reads)];
    const told = { ...report, missing, excess: unneeded(report.excess, reads) };
    return { connection, good: missing.length === 0, report: told };
  } catch (error) {
    return { connection, good: false, error: reportError(error) };
  } finally {
    answered.abort();
  }
}

function describe(diagnosis: Diagnosis): string {
  const { connection } = diagnosis;
  if ('error' in diagnosis) {
    return `\n${connection}: ${told(diagnosis.error)}`;
  }
  const { identity, granted, missing, excess } = diagnosis.report;
  return [
    `\n${connection}: ${missing.length === 0 ? 'good' : 'rights are missing'}`,
    `  as ${identity}, with ${shortList(granted)}`,
    ...missing.map(
      ({ privilege, reads, hint }) => `  missing ${privilege} (for ${reads.join(', ')}): ${hint}`,
    ),
    ...excess.map((right) => `  more than needed: ${right}`),
  ].join('\n');
}

function told({ code, message, hint }: ErrorReport): string {
  return `${code}: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}`;
}

/** With --json all are there. */
function shortList(rights: readonly string[]): string {
  if (rights.length === 0) return 'no rights named';
  const shown = rights.slice(0, 6).join(', ');
  return rights.length > 6 ? `${shown} and ${rights.length - 6} more` : shown;
}
