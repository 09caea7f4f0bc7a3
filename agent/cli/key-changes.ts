import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { EvidenceError } from '../../evidence/errors.ts';
import type { HistoryKey } from '../../evidence/trust/key-history.ts';
import type { KeyPlaces } from '../config/key-places.ts';
import { loadIdentity } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { versionsOf } from '../secrets/follow-keys.ts';
import { readHistoryFile, type StoredHistory } from '../secrets/history-file.ts';
import { type KeyChangeDeps, type Rotated, revokeKey, rotateKey } from '../secrets/key-rotation.ts';
import { type CommandContext, withConfig, withJson } from './command.ts';
import { type CliIo, EXIT, type ExitCode } from './io.ts';
import { listEpochs, rotateEpochs } from './key-epochs.ts';
import { type Output, table } from './output.ts';
import { operator, withStore } from './own-store.ts';
import { parseDuration } from './time.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

interface RotateOptions extends Options {
  readonly overlap: string;
  readonly to?: string;
}

interface RevokeOptions extends RotateOptions {
  readonly reason: string;
  readonly since?: string;
  readonly rotate?: boolean;
}

const NAMES = ['signing', 'checkpoint', 'pseudonyms'] as const;
/** The agent looks every 5 s, and what it signs until then must count. */
const SHORTEST_OVERLAP_MS = 60_000;

/** `exhibit keys list | rotate | revoke | history`: which keys sign, and since when. */
export function changeCommands(keys: Command, { io, run }: CommandContext): void {
  withJson(withConfig(keys.command('list')))
    .description('list the keys that sign or have signed, and the epochs of pseudonyms')
    .action((options: Options) => run(options, (output) => list(options, output, io)));
  const rotation = (command: Command): Command =>
    command
      .option('--overlap <duration>', 'how long the old key stays good (at least 1m)', '24h')
      .option(
        '--to <key>',
        'a key that is there: a file, an entry of the Secret, a version in Vault, an id in KMS',
      );
  rotation(withJson(withConfig(keys.command('rotate'))))
    .description('let a new key take over; also while the agent runs, which follows within seconds')
    .argument('[which]', `which keys: ${NAMES.join(', ')}`)
    .action((which: string | undefined, options: RotateOptions) =>
      run(options, (output) => rotate(which, options, output, io)),
    );
  rotation(withJson(withConfig(keys.command('revoke'))))
    .description(
      'end trust in a key that was stolen or lost; bundles that no timestamp proves to be older fail',
    )
    .argument('<key id>', 'id of the key, or its beginning, from `exhibit keys list`')
    .requiredOption('--reason <text>', 'why; it is signed and published')
    .option('--since <time>', 'from when on it is not to be believed, RFC 3339; default: now')
    .option('--rotate', 'the key is the current one: let a new one take over first')
    .action((id: string, options: RevokeOptions) =>
      run(options, (output) => revoke(id, options, output, io)),
    );
  withJson(withConfig(keys.command('history')))
    .description('what happened to the keys, as it was signed; for `exhibit verify --key-history`')
    .option('--out <file>', 'write the signed history there')
    .action((options: Options & { readonly out?: string }) =>
      run(options, (output) => history(options, output, io)),
    );
}

async function list(options: Options, output: Output, io: CliIo): Promise<ExitCode> {
  const places = await placesOf(options, io);
  const stored = await readHistoryFile(places.keyHistory, places.tenant);
  const { epochs, rows } = await listEpochs(places);
  const keys = stored?.history.keys ?? [];
  const now = io.clock.now().toISOString();
  const signing = keys.map((key) => [key.purpose, key.keyId, stateOf(key, now), `since ${key.validFrom}`]);
  const none = [['(no key has signed yet: the key history begins when the agent starts)']];
  const text = [signing.length === 0 ? none : signing, rows.map((row) => ['pseudonyms', ...row])]
    .map(table)
    .join('\n');
  await output.result({ keys, epochs }, text);
  return EXIT.good;
}

function stateOf({ validUntil, revokedAt, revocationReason }: HistoryKey, now: string): string {
  if (revokedAt !== null) return `revoked as of ${revokedAt}: ${revocationReason}`;
  if (validUntil === null) return 'current';
  return validUntil < now ? `ended ${validUntil}` : `good until ${validUntil}`;
}

async function rotate(
  which: string | undefined,
  options: RotateOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  if (which === 'pseudonyms') return rotateEpochs(options, output, io);
  if (which !== 'signing' && which !== 'checkpoint') {
    throw new AgentError(
      'USAGE',
      which === undefined ? 'which keys?' : `there are no keys ${JSON.stringify(which)}`,
      {
        hint: `Say one of: ${NAMES.map((name) => `exhibit keys rotate ${name}`).join(', ')}.`,
      },
    );
  }
  const places = await placesOf(options, io);
  const purpose = which === 'signing' ? 'evidence' : 'checkpoint';
  const rotated = await rotateKey(depsOf(places, io), { purpose, ...wishOf(options, places, io) });
  const { before, after } = rotated;
  const audited = await audit(places, 'keys.rotate', after.keyId, io);
  await output.result(
    { before, after, inPlace: rotated.inPlace, audited },
    rotatedText(rotated, which, audited),
  );
  return EXIT.good;
}

function rotatedText({ before, after, inPlace, history }: Rotated, which: string, audited: boolean): string {
  const old = history.history.keys.find(({ keyId }) => keyId === before.keyId);
  const follow = inPlace
    ? `${audited ? 'the agent signs with it from its next start' : 'the running agent signs with it within seconds'}; the old private key was destroyed where it lay in a file`
    : `now name it in the config (keys.${which}) and restart the agent before the old one ends`;
  return `new ${which} key: ${after.keyId}\nold key: ${before.keyId}, good until ${old?.validUntil}\n${follow}`;
}

async function revoke(id: string, options: RevokeOptions, output: Output, io: CliIo): Promise<ExitCode> {
  const places = await placesOf(options, io);
  const { reason, since } = options;
  const { key, rotated } = await revokeKey(depsOf(places, io), {
    keyId: id,
    reason,
    ...(since === undefined ? {} : { since: parseTime(since) }),
    ...(options.rotate === true ? { rotate: wishOf(options, places, io) } : {}),
  });
  const audited = await audit(places, 'keys.revoke', key.keyId, io);
  const first =
    rotated === null
      ? ''
      : `${rotatedText(rotated, key.purpose === 'evidence' ? 'signing' : 'checkpoint', audited)}\n`;
  const tell =
    'give the new key history to those who verify (exhibit keys history --out <file>): who has an older one still believes the key';
  await output.result(
    { key, rotated: rotated?.after ?? null, audited },
    `${first}revoked: ${key.keyId} as of ${key.revokedAt}\n${tell}`,
  );
  return EXIT.good;
}

async function history(
  options: Options & { readonly out?: string },
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const places = await placesOf(options, io);
  const stored = await readHistoryFile(places.keyHistory, places.tenant);
  if (stored === null) {
    throw new AgentError('NOT_FOUND', 'there is no key history yet', {
      hint: 'It begins when the agent first starts.',
    });
  }
  if (options.out !== undefined) await writeFile(path.resolve(io.cwd, options.out), stored.text);
  await output.result(
    { digest: stored.digest, history: JSON.parse(stored.text) as unknown },
    historyText(stored),
  );
  return EXIT.good;
}

function historyText(stored: StoredHistory): string {
  const rows = versionsOf(stored).map(({ sequence, createdAt, change }, index) => {
    const signedBy = stored.versions[index]?.verificationMaterial.publicKey.hint ?? '';
    return [
      String(sequence),
      createdAt,
      change.kind,
      short(change.keyId),
      `by ${change.by}`,
      `signed by ${short(signedBy)}`,
    ];
  });
  return `${table(rows)}\n${stored.digest}`;
}

function short(keyId: string): string {
  return `${keyId.slice(0, 15)}…`;
}

async function placesOf({ config }: Options, io: CliIo): Promise<KeyPlaces> {
  const file = path.isAbsolute(config) ? config : path.join(path.relative(process.cwd(), io.cwd), config);
  return (await loadIdentity(file)).paths;
}

function depsOf(places: KeyPlaces, io: CliIo): KeyChangeDeps {
  return { places, env: io.env, now: () => io.clock.now().toISOString(), by: operator() };
}

/** A file that `--to` names is relative to where the command runs; names of other places are as they are. */
function wishOf({ overlap, to }: RotateOptions, { signing }: KeyPlaces, io: CliIo) {
  const overlapMs = parseDuration(overlap, '--overlap');
  if (overlapMs < SHORTEST_OVERLAP_MS) throw new AgentError('USAGE', '--overlap must be at least 1m');
  if (to === undefined) return { overlapMs };
  return { overlapMs, to: signing.kind === 'file' ? path.resolve(io.cwd, to) : to };
}

function parseTime(text: string): string {
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new AgentError('USAGE', '--since must be a time such as 2026-11-21T09:00:00Z');
}

/** Only the process that has the store can write its audit trail; a running agent does it when it takes over. */
async function audit({ dataDir }: KeyPlaces, action: string, target: string, io: CliIo): Promise<boolean> {
  const entry = {
    at: io.clock.now().toISOString(),
    actor: operator(),
    action,
    target,
    outcome: 'done',
    detail: {},
  } as const;
  try {
    await withStore(dataDir, (store) => store.governance.appendAudit(entry));
    return true;
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'STORE') return false;
    throw error;
  }
}
