import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../connectors/sdk/index.ts';
import {
  type Checkable,
  checkable,
  inOrder,
  type LoadedPolicy,
  missing,
  parsePolicy,
  presetLabel,
  presetPath,
} from '../../policies/load.ts';
import type { Problem } from '../../policies/yaml.ts';
import { PolicyRefusal } from './refusal.ts';

/** One policy file, or preset, as bytes: what is signed, fingerprinted, compiled and kept is the same text. */
export interface PolicyLayer {
  /** As agent.yaml names it. */
  readonly name: string;
  /** What problems and places name: the same, and `preset:<name>`. Where the file lies is nobody else's business. */
  readonly file: string;
  /** Ships with the agent and is trusted as the agent is. */
  readonly isPreset: boolean;
  readonly text: string;
  /** Sigstore bundles over it; nothing about them is known yet. */
  readonly signatures: readonly PolicySignature[];
}

export interface PolicySignature {
  readonly file: string;
  readonly text: string;
}

/** The layers that could be read, and what was wrong with the others. */
export interface ReadLayers {
  readonly layers: readonly PolicyLayer[];
  readonly problems: readonly Problem[];
  /** Digest of every byte that was read; equal when nothing changed. */
  readonly fingerprint: string;
}

/** Which layers there are, in their order: once and for all, or as the config says whenever it is looked at. */
export type LayerNames = readonly string[] | (() => Promise<NamedLayers>);

export interface NamedLayers {
  readonly names: readonly string[];
  /** Where relative names start; default: where the process runs. */
  readonly base?: string;
  /** What is wrong with the config that should name them. */
  readonly problems: readonly Problem[];
}

/** Of a file that is larger, the rest is not read; `readYaml` says that it is too large. */
const MAX_FILE_BYTES = 1024 * 1024 + 1;
/** A signature is 2 KB; more signers than this are not told apart by anybody. */
const MAX_SIGNATURE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 32;
const SETTLE_MS = 50;
const SETTLE_TRIES = 20;

/** Reads every layer and its signatures: `<file>.sigstore.json` and `<file>.<anything>.sigstore.json` beside it. */
export async function readLayers(from: LayerNames): Promise<ReadLayers> {
  const named: NamedLayers = typeof from === 'function' ? await from() : { names: from, problems: [] };
  const read = await Promise.all(named.names.map((name) => readLayer(name, named.base)));
  const layers = read.flatMap((layer) => ('text' in layer ? [layer] : []));
  const problems = [...named.problems, ...read.flatMap((layer) => ('text' in layer ? [] : [layer]))];
  return { layers, problems, fingerprint: fingerprintOf(layers, problems) };
}

/** A preset by its name; undefined for a name that is none. */
export async function presetLayer(name: string): Promise<PolicyLayer | undefined> {
  if (presetPath(name) === undefined) return undefined;
  const layer = await readLayer(name);
  return 'text' in layer ? layer : undefined;
}

/**
 * Throws PolicyRefusal PROBLEMS with everything that is wrong with the shape of each.
 *
 * @param rest what else is wrong with the parts that have a good shape
 */
export function parseLayers(
  layers: readonly PolicyLayer[],
  rest: (parts: Checkable) => readonly Problem[] = () => [],
): LoadedPolicy[] {
  const parsed = layers.map(({ text, file }) => parsePolicy(text, file));
  const problems = parsed.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw withProblems([...problems, ...rest(checkable(parsed))]);
  return parsed.filter((result): result is LoadedPolicy => 'policy' in result);
}

/** Throws PolicyRefusal PROBLEMS with what can not be read, and what is wrong with the rest. */
export function mustBeReadable({ layers, problems }: ReadLayers): void {
  if (problems.length === 0) return;
  try {
    parseLayers(layers);
  } catch (error) {
    if (error instanceof PolicyRefusal) throw withProblems([...problems, ...error.problems]);
  }
  throw withProblems(problems);
}

/** The layers, once they are the same twice in a row. Throws PolicyRefusal UNSETTLED when it goes on changing. */
export async function readSettled(names: LayerNames, clock: Clock): Promise<ReadLayers> {
  let read = await readLayers(names);
  for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
    const again = await readLayers(names);
    if (again.fingerprint === read.fingerprint) return again;
    read = again;
    await clock.sleep(SETTLE_MS, new AbortController().signal);
  }
  throw new PolicyRefusal('UNSETTLED', 'the policy files were being written all the time', {
    hint: 'Write them once, then reload.',
  });
}

export function withProblems(found: readonly Problem[]): PolicyRefusal {
  const problems = inOrder(found);
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new PolicyRefusal('PROBLEMS', `the policy has ${count}`, { problems });
}

export function fingerprintOf(layers: readonly PolicyLayer[], problems: readonly Problem[] = []): string {
  const said = layers.map(({ name, text, signatures }) => [name, text, signatures.map((one) => one.text)]);
  return `sha256:${hash('sha256', JSON.stringify([said, problems.map(({ file, line, column }) => [file, line, column])]), 'hex')}`;
}

async function readLayer(name: string, base = '.'): Promise<PolicyLayer | Problem> {
  const preset = presetPath(name);
  const lies = preset ?? path.resolve(base, name);
  const isPreset = preset !== undefined;
  const file = isPreset ? presetLabel(name) : name;
  const bytes = await readAtMost(lies, MAX_FILE_BYTES);
  if (bytes === undefined) return missing(name);
  const text = decode(bytes);
  if (text === undefined) return { file, line: 1, column: 1, path: '', message: 'is not UTF-8' };
  return { name, file, isPreset, text, signatures: isPreset ? [] : await readSignatures(lies, name) };
}

/** @param name of the policy, beside which they are named */
async function readSignatures(file: string, name: string): Promise<readonly PolicySignature[]> {
  const [folder, base] = [path.dirname(file), path.basename(file)];
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((one) => one.startsWith(`${base}.`) && one.endsWith('.sigstore.json'));
  const read = await Promise.all(
    own
      .sort()
      .slice(0, MAX_SIGNATURES)
      .map(async (one) => {
        const bytes = await readAtMost(path.join(folder, one), MAX_SIGNATURE_BYTES);
        const shown = path.join(path.dirname(name), one);
        return { file: shown, text: bytes === undefined ? '' : (decode(bytes) ?? '') };
      }),
  );
  return read;
}

/** A regular file, or its beginning; undefined when there is none. A pipe is not waited for. */
async function readAtMost(file: string, bytes: number): Promise<Buffer | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(stat.size + 1, bytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/** Fails on what is no UTF-8, and keeps a byte order mark: the text stands for exactly these bytes. */
function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
