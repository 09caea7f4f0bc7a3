import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { plainMessage } from './messages.ts';
import { type PolicyFile, policyFile } from './policy.ts';
import { type PartialPolicy, salvage } from './salvage.ts';
import { withSuggestions } from './suggest.ts';
import { nearest, type Problem, readYaml, type YamlFile } from './yaml.ts';

export const PRESETS = ['standard', 'strict'] as const;

export interface LoadedPolicy {
  readonly source: YamlFile;
  readonly policy: PolicyFile;
}

/** A text that is no policy: what is wrong with its shape, and what of it can be checked all the same. */
interface Unusable {
  readonly problems: readonly Problem[];
  /** Absent where no part can be told from another. */
  readonly partial?: PartialPolicy;
}

/** Policies of which some have no good shape: as many layers as can be checked further. */
export type Checkable = readonly (LoadedPolicy | PartialPolicy | undefined)[];

/** Thrown with every problem of every file at once, in the order of the files and their lines. */
export class PolicyProblems extends Error {
  override readonly name = 'PolicyProblems';
  readonly problems: readonly Problem[];
  /** The layers, where these are problems of their shape alone. */
  readonly checkable: Checkable;

  constructor(found: readonly Problem[], checkable: Checkable = []) {
    const problems = inOrder(found);
    super(`the policy has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    this.problems = problems;
    this.checkable = checkable;
  }
}

/** By file, as they came, and within one by line and column. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return files.flatMap((name) =>
    problems.filter(({ file }) => file === name).sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/**
 * Reads policies by preset name or file path, in layering order.
 * @throws PolicyProblems
 */
export async function loadPolicies(names: readonly string[]): Promise<LoadedPolicy[]> {
  const read = await Promise.all(names.map(readPolicy));
  const problems = read.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems, checkable(read));
  return read.filter((result): result is LoadedPolicy => 'policy' in result);
}

/** What can be checked further of texts that were read, of which some have no good shape. */
export function checkable(read: readonly (LoadedPolicy | Unusable)[]): Checkable {
  return read.map((result) => ('problems' in result ? result.partial : result));
}

async function readPolicy(name: string): Promise<LoadedPolicy | Unusable> {
  const file = presetPath(name) ?? name;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { problems: [missing(name)] };
  return parsePolicy(text, file);
}

export function parsePolicy(text: string, file: string): LoadedPolicy | Unusable {
  const source = readYaml(text, file);
  if (source.problems.length > 0) return { problems: source.problems };
  const parsed = policyFile.safeParse(source.data, { error: plainMessage });
  if (parsed.success) return { source, policy: parsed.data };
  const problems = withSuggestions(source.locate(parsed.error), policyFile);
  const partial = salvage(source, parsed.error);
  return partial === undefined ? { problems } : { problems: [...problems, ...partial.problems], partial };
}

/** The file of a preset; undefined for a name that is none. */
export function presetPath(name: string): string | undefined {
  if (!PRESETS.some((preset) => preset === name)) return undefined;
  return fileURLToPath(new URL(`presets/${name}.yaml`, import.meta.url));
}

/** What presets are called where files are named as well: their own are somewhere in the package. */
export function presetLabel(name: string): string {
  return `preset:${name}`;
}

/** The preset that a name, or a label, stands for. */
export function presetNamed(name: string): string | undefined {
  return PRESETS.find((preset) => preset === name || presetLabel(preset) === name);
}

export function missing(name: string): Problem {
  const preset = nearest(name, PRESETS);
  return {
    file: name,
    line: 1,
    column: 1,
    path: '',
    message: 'is neither a preset nor a file that can be read',
    hint: preset === undefined ? `presets: ${PRESETS.join(', ')}` : `did you mean the preset "${preset}"?`,
  };
}
