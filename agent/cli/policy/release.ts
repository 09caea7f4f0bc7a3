import type { Command } from 'commander';
import type { Store } from '../../../evidence/store/store.ts';
import { scannersWith } from '../../../policies/scanners.ts';
import { AgentError } from '../../errors.ts';
import { PolicyRecords } from '../../governance/records.ts';
import { releaseStream } from '../../governance/release.ts';
import { LiveStanding, type StoppedStream } from '../../governance/standing.ts';
import { type CommandContext, withConfig, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import type { Output } from '../output.ts';
import { operator } from '../own-store.ts';
import type { AgentAddress, RunningAgent } from '../running-agent.ts';
import { noLogger } from './no-logger.ts';
import { fromStoreOrAgent, withAgent } from './records-source.ts';

interface ReleaseOptions extends AgentAddress {
  readonly reason: string;
  readonly json?: boolean;
}

/** `exhibit policy release`: lets a stream go on in which a canary has shown. */
export function releaseCommand(command: Command, { io, run }: CommandContext): void {
  withAgent(withJson(withConfig(command)))
    .argument('<connection>', 'id of the connection')
    .argument('<stream>', 'id of the stream')
    .requiredOption('--reason <text>', 'what it was, in at least 10 characters; kept in the audit trail')
    .action((connection: string, stream: string, options: ReleaseOptions) =>
      run(options, (output) => release(connection, stream, options, output, io)),
    );
}

interface Stopped {
  readonly connection: string;
  readonly stream: string;
}

async function release(
  connection: string,
  stream: string,
  { reason, ...address }: ReleaseOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  if (reason.trim().length < 10)
    throw new AgentError('USAGE', '--reason must say why, in at least 10 characters');
  const wanted = { connection, stream };
  const stop = await fromStoreOrAgent(address, io, {
    store: (store) => releaseInStore(wanted, reason, store, io),
    agent: (agent) => releaseInAgent(wanted, reason, agent),
  });
  const text = `released ${connection}/${stream}: the canary ${stop.canary} had stopped it at ${stop.since}`;
  await output.result({ released: stop }, text);
  return EXIT.good;
}

async function releaseInStore(
  wanted: Stopped,
  reason: string,
  store: Store,
  io: CliIo,
): Promise<StoppedStream> {
  const standing = await LiveStanding.open({
    connections: { ids: [], aside: neverAsked },
    store,
    refused: () => [],
    isRead: () => false,
    onRefused: () => undefined,
    clock: io.clock,
    logger: noLogger(),
  });
  const at = io.clock.now().toISOString();
  const scrubbed = scannersWith([]).text.scan(reason).text;
  const release = { ...wanted, by: operator(), reason: scrubbed, at };
  const found = await releaseStream(release, standing, new PolicyRecords(store));
  if (found === undefined) throw notStopped(standing.stops());
  return found;
}

/** The running agent lets it go on with its next read, and keeps who and why: whoever has its token. */
async function releaseInAgent(wanted: Stopped, reason: string, agent: RunningAgent): Promise<StoppedStream> {
  // Our own agent's API, whose answers are what its description says.
  const { stops } = (await agent.ask('GET', '/v1/policy')) as { readonly stops: readonly StoppedStream[] };
  const { connection, stream } = wanted;
  const found = stops.find((one) => one.connection === connection && one.stream === stream);
  if (found === undefined) throw notStopped(stops);
  const query = new URLSearchParams({ reason });
  await agent.ask('DELETE', `/v1/policy/stops/${connection}/${stream}?${query.toString()}`);
  return found;
}

function notStopped(stopped: readonly Stopped[]): AgentError {
  const stops = stopped.map((one) => `${one.connection} ${one.stream}`);
  return new AgentError('NOT_FOUND', 'this stream is not stopped', {
    hint: stops.length === 0 ? 'None is.' : `Stopped are: ${stops.join(', ')}.`,
  });
}

function neverAsked(): never {
  throw new AgentError('INTERNAL', 'no source is asked here');
}
