import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toBase64 } from '../../evidence/base64.ts';
import { leafDigest } from '../../evidence/leaf.ts';
import { auditLog, LogFinding, storedLog } from '../../evidence/log/audit.ts';
import { parseCheckpoint } from '../../evidence/log/checkpoint.ts';
import { leafHashOfEntry } from '../../evidence/log/entry.ts';
import { parseNote } from '../../evidence/log/note.ts';
import { proveInclusion } from '../../evidence/log/proofs.ts';
import { tilePath, tilesOf } from '../../evidence/log/tiles.ts';
import type { LogStore } from '../../evidence/store/log.ts';
import { loadIdentity } from '../config/load.ts';
import { AgentError } from '../errors.ts';
import { AUDIT_EXIT, type CliIo, EXIT, type ExitCode } from './io.ts';
import type { Output } from './output.ts';
import { withStore } from './own-store.ts';

export interface OfflineOptions {
  readonly config: string;
  readonly json?: boolean;
}

export interface ShowOptions extends OfflineOptions {
  readonly vkey?: readonly string[];
}

/** The log of the store, without the agent; with a verifier key, every entry, tile and hash of it is checked. */
export async function show(options: ShowOptions, output: Output, io: CliIo): Promise<ExitCode> {
  return withLog(options, io, async (log) => {
    const note = await log.checkpoint();
    if (note === null) {
      await output.result({ size: 0, checkpoint: null }, 'the log is empty');
      return EXIT.good;
    }
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    const fault = options.vkey === undefined ? null : await faultOf(log, options.vkey);
    const checked = options.vkey === undefined ? {} : { good: fault === null, fault };
    await output.result(
      { origin, size, root: leafDigest(root), checkpoint: note, ...checked },
      [note.trimEnd(), ...verdict(options.vkey, fault)].join('\n\n'),
    );
    return fault === null ? EXIT.good : AUDIT_EXIT[fault.fault];
  });
}

/** The inclusion proof of a manifest or receipt in the newest tree. */
export async function prove(
  digest: string,
  options: OfflineOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  return withLog(options, io, async (log) => {
    const index = await log.indexOf(digest);
    const [found, checkpoint] = [index === null ? null : await log.entry(index), await log.checkpoint()];
    if (found === null || checkpoint === null) {
      throw new AgentError('NOT_FOUND', 'the log holds no manifest or receipt with this digest');
    }
    const size = await log.size();
    const hashes = (await proveInclusion(log, found.index, size)).map(toBase64);
    const { kind, entry } = found;
    const leaf = toBase64(leafHashOfEntry(entry));
    const proof = { kind, digest, index, size, entry: toBase64(entry), leaf, hashes, checkpoint };
    await output.result(proof, JSON.stringify(proof, null, 2));
    return EXIT.good;
  });
}

/** Static files as c2sp.org/tlog-tiles lays them out; the checkpoint last, so that it never names what is not there. */
export async function exportLog(
  folder: string,
  options: OfflineOptions,
  output: Output,
  io: CliIo,
): Promise<ExitCode> {
  return withLog(options, io, async (log) => {
    const [note, size] = [await log.checkpoint(), await log.size()];
    if (note === null) throw new AgentError('NOT_FOUND', 'the log is empty');
    const target = path.resolve(io.cwd, folder);
    let files = 1;
    for (const { level, index, width } of tilesOf(size)) {
      await writeResource(target, tilePath({ level, index, width }), await log.tile(level, index, width));
      files += 1;
      if (level > 0) continue;
      await writeResource(
        target,
        tilePath({ level: 'entries', index, width }),
        await log.entries(index, width),
      );
      files += 1;
    }
    await writeResource(target, 'checkpoint', Buffer.from(note));
    await output.result(
      { folder, files, size },
      `wrote ${files} files of a log with ${size} entries to ${folder}`,
    );
    return EXIT.good;
  });
}

async function withLog<T>(
  { config }: OfflineOptions,
  io: CliIo,
  work: (log: LogStore) => Promise<T>,
): Promise<T> {
  const { paths } = await loadIdentity(path.resolve(io.cwd, config));
  return withStore(paths.dataDir, (store) => work(store.log));
}

interface Fault {
  readonly fault: LogFinding['fault'];
  readonly message: string;
}

async function faultOf(log: LogStore, vkey: readonly string[]): Promise<Fault | null> {
  try {
    await auditLog({ source: storedLog(log), vkey, kept: null });
    return null;
  } catch (error) {
    if (!(error instanceof LogFinding)) throw error;
    return { fault: error.fault, message: error.message };
  }
}

function verdict(vkey: readonly string[] | undefined, fault: Fault | null): readonly string[] {
  if (vkey === undefined) return [];
  return [fault === null ? 'good: entries, tiles and checkpoint agree' : `${fault.fault}: ${fault.message}`];
}

async function writeResource(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
