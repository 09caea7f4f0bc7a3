import { digestOf } from '../../evidence/digest.ts';
import { leafDigest } from '../../evidence/leaf.ts';
import { type Audited, auditLog, LogFinding, type LogSource } from '../../evidence/log/audit.ts';
import { isLogEntry, leafHashOfEntry, parseLogEntry } from '../../evidence/log/entry.ts';
import { httpLog } from '../../evidence/log/http-log.ts';
import { parseVkey } from '../../evidence/log/vkey.ts';
import { AgentError } from '../errors.ts';
import { readInput } from './files.ts';
import { AUDIT_EXIT, type CliIo, EXIT, type ExitCode } from './io.ts';
import { readLogState, writeLogState } from './log-state.ts';
import { type Output, write } from './output.ts';
import { parseDuration } from './time.ts';

export interface RemoteOptions {
  readonly vkey?: readonly string[];
  readonly key?: string;
  readonly state?: string;
  readonly tokenFile?: string;
  readonly timeout: string;
  readonly json?: boolean;
}

export interface TailOptions extends RemoteOptions {
  readonly follow?: boolean;
  readonly interval: string;
}

/** Whoever waits too long ends the process. */
const NEVER = new AbortController().signal;

interface Remote {
  readonly source: LogSource;
  readonly vkey: readonly string[];
}

/** Whether the log at this address is the one that was seen before, only longer. */
export async function audit(
  url: string,
  options: RemoteOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  const remote = await remoteLog(url, options, io);
  try {
    const { checkpoint, added } = await auditOnce(remote, options, io);
    const { origin, size, root } = checkpoint;
    const kept = options.state ?? null;
    await output.result(
      { good: true, origin, size, root: leafDigest(root), added, kept },
      `good: ${origin} has ${size} entries, ${added} of them new${kept === null ? '' : `; kept in ${kept}`}`,
    );
    return EXIT.good;
  } catch (error) {
    if (!(error instanceof LogFinding)) throw error;
    const { fault, message, hint, notes } = error;
    await output.result(
      { good: false, fault, message, hint: hint ?? null, notes },
      [
        `${fault}: ${message}`,
        ...(hint === undefined ? [] : [`  hint: ${hint}`]),
        ...notes.map(indented),
      ].join('\n'),
    );
    return AUDIT_EXIT[fault];
  }
}

/** Prints what is new as NDJSON, each entry when it is known that the log's tree holds it. */
export async function tail(url: string, options: TailOptions, io: CliIo): Promise<ExitCode> {
  const remote = await remoteLog(url, options, io);
  const interval = parseDuration(options.interval, '--interval');
  const print = (index: number, entry: Uint8Array): Promise<void> =>
    write(io.stdout, `${JSON.stringify(described(index, entry))}\n`);
  try {
    let { note } = await auditOnce(remote, options, io, print);
    while (options.follow === true) {
      await io.clock.sleep(interval, NEVER);
      ({ note } = await auditOnce(remote, options, io, print, note));
    }
    return EXIT.good;
  } catch (error) {
    if (!(error instanceof LogFinding)) throw error;
    const { fault, message, hint } = error;
    io.stderr.write(`${fault}: ${message}${hint === undefined ? '' : `\n  hint: ${hint}`}\n`);
    return AUDIT_EXIT[fault];
  }
}

async function auditOnce(
  { source, vkey }: Remote,
  { state }: RemoteOptions,
  io: CliIo,
  onEntry?: (index: number, entry: Uint8Array) => Promise<void>,
  seen?: string,
): Promise<Audited> {
  const kept = seen ?? (state === undefined ? null : await readLogState(state, vkey, io));
  const audited = await auditLog({ source, vkey, kept, ...(onEntry === undefined ? {} : { onEntry }) });
  if (state !== undefined && audited.note !== kept) await writeLogState(state, audited.note, io);
  return audited;
}

async function remoteLog(address: string, options: RemoteOptions, io: CliIo): Promise<Remote> {
  const vkey = await vkeysOf(options, io);
  const url = urlOf(address);
  const { tokenFile } = options;
  const token =
    tokenFile === undefined
      ? undefined
      : (await readInput(tokenFile, 'the token', io)).toString('utf8').trim();
  if (token !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new AgentError('USAGE', 'the token would be sent without encryption', {
      hint: 'Give an https address, or one on this machine.',
    });
  }
  const timeoutMs = parseDuration(options.timeout, '--timeout');
  const sleep = (ms: number): Promise<void> => io.clock.sleep(ms, NEVER);
  return { vkey, source: httpLog({ url, timeoutMs, sleep, ...(token === undefined ? {} : { token }) }) };
}

async function vkeysOf({ vkey, key }: RemoteOptions, io: CliIo): Promise<readonly string[]> {
  if ((vkey === undefined) === (key === undefined)) {
    throw new AgentError('USAGE', 'give the verifier key of the log: either --vkey or --key', {
      hint: 'Take it from somewhere else than the log itself.',
    });
  }
  const inFile = async () => (await readInput(key ?? '', 'the verifier key', io)).toString('utf8').trim();
  const keys = vkey ?? (await inFile()).split(/\s*\n\s*/);
  try {
    for (const one of keys) parseVkey(one);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the verifier key can not be read';
    throw new AgentError('INPUT', message, {
      hint: 'It looks like name+0123abcd+AbCd…, as `exhibit keys list --json` prints it.',
      cause: error,
    });
  }
  return keys;
}

function urlOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isPlain = url !== null && `${url.search}${url.hash}${url.username}${url.password}` === '';
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new AgentError(
    'USAGE',
    'the address of a log must be an http or https URL without anything after its path',
    {
      hint: 'For an agent it ends in /log, e.g. https://exhibit.example/log.',
    },
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function described(index: number, entry: Uint8Array) {
  const leaf = leafDigest(leafHashOfEntry(entry));
  if (!isLogEntry(entry)) return { index, leaf, entry: null };
  const { paeDigest, signature, publicKey } = parseLogEntry(entry);
  return {
    index,
    leaf,
    entry: {
      signed: leafDigest(paeDigest),
      keyId: digestOf(publicKey),
      signature: Buffer.from(signature).toString('base64'),
    },
  };
}

function indented(note: string): string {
  return note.trimEnd().replaceAll(/^/gm, '  | ');
}
