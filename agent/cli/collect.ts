import type { Command } from 'commander';
import type { EvidenceClass, Window } from '../../connectors/sdk/index.ts';
import type { Agent } from '../app.ts';
import { AgentError } from '../errors.ts';
import type { FinishedJob } from '../scheduler/job.ts';
import { makeBundle } from './bundle-create.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { type Output, table } from './output.ts';
import { parseDuration, windowSince } from './time.ts';

interface CollectOptions {
  readonly config: string;
  readonly connection?: string;
  readonly since: string;
  readonly bundle?: string;
  readonly json?: boolean;
}

/** `exhibit collect`: one pass over all reads, without the agent running. */
export function collect(command: Command, context: CommandContext): void {
  withJson(withConfig(command))
    .option('--connection <id>', 'only this connection')
    .option('--since <duration>', 'how far back to look', '6h')
    .option('--bundle <file>', 'write a signed bundle of what is stored for that time')
    .action((options: CollectOptions) => context.run(options, (output) => pass(options, output, context.io)));
}

async function pass(options: CollectOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const sinceMs = parseDuration(options.since, '--since');
  const { agentFrom, loadSetup } = await import('./setup.ts');
  const agent = await agentFrom(await loadSetup(options.config, io), io);
  try {
    const { connection } = options;
    if (connection !== undefined && !agent.connections.ids.includes(connection)) {
      throw new AgentError('USAGE', 'the config has no such connection', {
        hint: `There are: ${agent.connections.ids.join(', ')}.`,
      });
    }
    const window = windowSince(sinceMs, io);
    output.progress(`reading ${connection ?? agent.connections.ids.join(', ')} …`);
    const finished = await agent.scheduler.runNow({
      trigger: 'once',
      window,
      ...(connection === undefined ? {} : { connection }),
    });
    // What was read is later than when reading began.
    const read: Window = { from: window.from, to: new Date(io.clock.now().getTime() + 1).toISOString() };
    const bundle =
      options.bundle === undefined ? null : await bundleOf(agent, read, options.bundle, connection, io);
    const items = await agent.store.countByClass(read);
    await output.result(
      { runs: finished.map(asData), items, bundle },
      describe(finished, items, bundle?.file ?? null),
    );
    return finished.every(({ outcome }) => outcome.status !== 'failed') ? EXIT.good : EXIT.notGood;
  } finally {
    await agent.stop();
  }
}

function bundleOf(agent: Agent, window: Window, file: string, connection: string | undefined, io: CliIo) {
  const scope = connection === undefined ? {} : { connection: [connection] };
  return makeBundle(agent, { title: 'collected once', window, scope, file }, io);
}

function asData({ job, outcome }: FinishedJob) {
  const { connection, read } = job.request;
  return { connection, read, run: job.id, ...outcome };
}

function describe(
  finished: readonly FinishedJob[],
  items: Readonly<Record<EvidenceClass, number>>,
  bundle: string | null,
): string {
  const rows = finished.map(({ job, outcome }) => [
    `${job.request.connection}/${job.request.read}`,
    outcome.status,
    `${outcome.items} items`,
    outcome.gaps === 0 ? '' : `${outcome.gaps} gaps`,
    outcome.error ?? '',
  ]);
  const stored = Object.entries(items).map(([name, count]) => `${count} ${name}`);
  const lines = [table(rows), `stored for this time: ${stored.join(', ')}`];
  if (bundle !== null) lines.push(`wrote ${bundle}`);
  return lines.join('\n');
}
