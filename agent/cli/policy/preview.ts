import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { type Observed, observe } from '../../../connectors/sdk/index.ts';
import { canonicalize } from '../../../evidence/canonical-json.ts';
import { makeCanaries } from '../../../policies/canaries/canaries.ts';
import { type Keyed, makeKeyed } from '../../../policies/keyed.ts';
import { epochOf, liveEpoch } from '../../../policies/keyring.ts';
import { AgentError } from '../../errors.ts';
import { putInForce } from '../../governance/in-force.ts';
import { type Preview, preview, previewRecorded } from '../../governance/preview.ts';
import { LiveStanding } from '../../governance/standing.ts';
import { openConnections } from '../../registry/connections.ts';
import { proveLoaded } from '../../registry/prove.ts';
import { KeyringFile } from '../../secrets/keyring-file.ts';
import { type CommandContext, repeated, withJson } from '../command.ts';
import { readInput } from '../files.ts';
import { type CliIo, EXIT, type ExitCode } from '../io.ts';
import { wholeNumber } from '../numbers.ts';
import type { Output } from '../output.ts';
import { parseDuration, windowSince } from '../time.ts';
import { choosePolicies, mustCompile } from './layers.ts';
import { noLogger } from './no-logger.ts';
import { describePreview } from './preview-text.ts';
import { noSuchConnection } from './show.ts';

interface PreviewOptions {
  readonly config?: string;
  readonly policy?: readonly string[];
  readonly connection?: string;
  readonly read?: string;
  readonly records?: string;
  readonly connector?: string;
  readonly since: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `exhibit policy preview`: what would leave under a policy, with nothing stored or signed. */
export function previewCommand(command: Command, { io, run }: CommandContext): void {
  withJson(command)
    .option('-c, --config <file>', 'the config (default: agent.yaml)')
    .option(
      '--policy <name>',
      'a preset or file to try instead of those of the config; repeat it for several layers',
      repeated,
    )
    .option('--connection <id>', 'a connection of the config')
    .option('--read <id>', 'only this read (default: every read of the connection)')
    .option('--since <duration>', 'how far back to look', '6h')
    .option('--records <file>', 'recorded observations, NDJSON, instead of a source')
    .option('--connector <id>', 'whose observations they are')
    .option(
      '--limit <n>',
      'how many items of each read are shown; all are counted',
      wholeNumber('--limit', 0, 10_000),
      5,
    )
    .action((options: PreviewOptions) =>
      run(options, (output) =>
        options.records === undefined
          ? live(options, output, io)
          : recorded(options, options.records, output, io),
      ),
    );
}

async function live(options: PreviewOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const { previews, isThrowAway } = await previewLive(options, output, io);
  return tell(previews, isThrowAway, output);
}

export interface LivePreviews {
  readonly previews: readonly Preview[];
  /** Pseudonyms and digests are good for this preview only. */
  readonly isThrowAway: boolean;
}

/** Reads a connection of the config once, through both gates; nothing is stored or signed. */
export async function previewLive(
  options: Omit<PreviewOptions, 'records' | 'connector' | 'json'>,
  output: Output,
  io: CliIo,
): Promise<LivePreviews> {
  const { connection, limit } = options;
  const window = windowSince(parseDuration(options.since, '--since'), io);
  const { loadSetup } = await import('../setup.ts');
  const { loaded } = await loadSetup(options.config ?? 'agent.yaml', io);
  const found = loaded.connections.find(({ id }) => id === connection);
  if (found === undefined) throw noSuchConnection(loaded.connections);
  const reads = found.connector.manifest.reads.map(({ id }) => id);
  if (options.read !== undefined && !reads.includes(options.read)) {
    throw new AgentError('USAGE', 'the connector has no such read', {
      hint: `There are: ${reads.join(', ')}.`,
    });
  }
  const names = options.policy ?? [];
  const chosen = await choosePolicies({ names, config: options.config ?? 'agent.yaml' }, io);
  const { policy } = await mustCompile(chosen, io);
  const { keyed, isThrowAway } = await keyedOf(loaded.paths.pseudonymKey, loaded.config.tenant, io);
  const canaries = makeCanaries(loaded.canaries.map(({ id, value }) => ({ id, value: value.open() })));
  const { clock } = io;
  const connections = openConnections([found], { clock, logger: noLogger(), digest: keyed.digest });
  const standing = await LiveStanding.open({
    connections,
    store: { state: async () => new Map(), saveState: async () => undefined },
    refused: (id) => policy.of(id).refusedPrivileges,
    isRead: () => false,
    onRefused: () => undefined,
    clock,
    logger: noLogger(),
  });
  const deps = {
    inForce: putInForce({ policy, keyed, standing, canaries }),
    tenant: loaded.config.tenant,
    proven: await proveLoaded([found.connector]),
    standing,
    connections,
    clock,
  };
  const previews: Preview[] = [];
  try {
    for (const read of options.read === undefined ? reads : [options.read]) {
      output.progress(`reading ${found.id}/${read} …`);
      const request = { connection: found.id, connector: found.connector.id, read, window, limit };
      previews.push(await preview(request, deps, new AbortController().signal));
    }
  } finally {
    await connections.close();
  }
  return { previews, isThrowAway };
}

async function recorded(
  { config, policy: names = [], connection, connector, read, limit }: PreviewOptions,
  file: string,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  if (connector === undefined) {
    throw new AgentError('USAGE', '--records needs --connector: whose observations they are');
  }
  const chosen = await choosePolicies({ names, config }, io, ['standard']);
  const { policy, manifests } = await mustCompile(chosen, io);
  if (!manifests.some(({ id }) => id === connector)) {
    throw new AgentError('USAGE', 'there is no such connector', {
      hint: `There are: ${manifests.map(({ id }) => id).join(', ')}.`,
    });
  }
  const records = parseRecords((await readInput(file, 'the file of records', io)).toString('utf8'), file);
  const keyed = throwAway(io);
  const request = {
    connection: connection ?? 'recorded',
    connector,
    limit,
    ...(read === undefined ? {} : { read }),
  };
  const inForce = putInForce({ policy, keyed, canaries: makeCanaries([]) });
  const result = previewRecorded(records, request, { inForce, tenant: 'preview', clock: io.clock });
  return tell([result], true, output);
}

async function tell(previews: readonly Preview[], isThrowAway: boolean, output: Output): Promise<ExitCode> {
  const note = isThrowAway
    ? 'pseudonyms and digests are made with a key that was thrown away: compare them within this preview only'
    : '';
  const texts = [...previews.map(describePreview), ...(note === '' ? [] : [note])];
  await output.result({ previews, throwAwayKey: isThrowAway }, texts.join('\n'));
  return previews.every(({ error }) => error === null) ? EXIT.good : EXIT.notGood;
}

async function keyedOf(
  file: string,
  tenant: string,
  io: CliIo,
): Promise<{ readonly keyed: Keyed; readonly isThrowAway: boolean }> {
  const keyring = await KeyringFile.open(file).catch(() => undefined);
  if (keyring === undefined) return { keyed: throwAway(io), isThrowAway: true };
  return { keyed: makeKeyed(liveEpoch(keyring.current()), tenant, canonicalize), isThrowAway: false };
}

function throwAway(io: CliIo): Keyed {
  const epoch = epochOf(randomBytes(32), io.clock.now().toISOString());
  return makeKeyed(epoch, 'preview', canonicalize);
}

/** One observation a line, as connectors emit them. Says which line is none, and not what it says. */
function parseRecords(text: string, file: string): readonly Observed[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parsed(line);
    if (!looksObserved(value)) {
      throw new AgentError('INPUT', `${file}:${index + 1} is no observation`, {
        hint: 'One JSON object a line: {"stream", "class", "entity", "key", "occurredAt", "scope", "body"}.',
      });
    }
    return [observe(value)];
  });
}

/** As much as the gate relies on: it judges the rest itself, and withholds what has no good shape. */
function looksObserved(value: unknown): value is Parameters<typeof observe>[0] {
  if (value === null || typeof value !== 'object' || !('stream' in value) || !('body' in value)) return false;
  return typeof value.stream === 'string' && (!('related' in value) || Array.isArray(value.related));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
