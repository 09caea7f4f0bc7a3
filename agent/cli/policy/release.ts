import type { Command } from 'commander';
import { scannersWith } from '../../../policies/scanners.ts';
import { AgentError } from '../../errors.ts';
import { PolicyRecords } from '../../governance/records.ts';
import { releaseStream } from '../../governance/release.ts';
import { LiveStanding } from '../../governance/standing.ts';
import { type CommandContext, withConfig, withJson } from '../command.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import type { Output } from '../output.ts';
import { operator } from '../own-store.ts';
import { noLogger } from './no-logger.ts';
import { onStore } from './records.ts';

interface ReleaseOptions {
  readonly config: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `exhibit policy release`: lets a stream go on in which a canary has shown. */
export function releaseCommand(policy: Command, { io, run }: CommandContext): void {
  withJson(withConfig(policy.command('release')))
    .description('let a stream go on in which a canary has shown; not while the agent runs')
    .argument('<connection>', 'id of the connection')
    .argument('<stream>', 'id of the stream')
    .requiredOption('--reason <text>', 'what it was, in at least 10 characters; kept in the audit trail')
    .action((connection: string, stream: string, options: ReleaseOptions) =>
      run(options, (output) => release(connection, stream, options, output, io)),
    );
}

async function release(
  connection: string,
  stream: string,
  { config, reason }: ReleaseOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  if (reason.trim().length < 10)
    throw new AgentError('USAGE', '--reason must say why, in at least 10 characters');
  const call = `DELETE /v1/policy/stops/${connection}/${stream}?reason=…`;
  const stop = await onStore(config, call, io, async (store) => {
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
    const release = { connection, stream, by: operator(), reason: scrubbed, at };
    const found = await releaseStream(release, standing, new PolicyRecords(store));
    if (found === undefined) throw notStopped(standing);
    return found;
  });
  const text = `released ${connection}/${stream}: the canary ${stop.canary} had stopped it at ${stop.since}`;
  await output.result({ released: stop }, text);
  return EXIT.good;
}

function notStopped(standing: LiveStanding): AgentError {
  const stops = standing.stops().map((one) => `${one.connection} ${one.stream}`);
  return new AgentError('NOT_FOUND', 'this stream is not stopped', {
    hint: stops.length === 0 ? 'None is.' : `Stopped are: ${stops.join(', ')}.`,
  });
}

function neverAsked(): never {
  throw new AgentError('INTERNAL', 'no source is asked here');
}
