import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { plainMessage } from './messages.ts';
import { type PolicyFile, policyFile } from './policy.ts';
import { withSuggestions } from './suggest.ts';
import { nearest, type Problem, readYaml, type YamlFile } from './yaml.ts';

export const PRESETS = ['standard', 'strict'] as const;

export interface LoadedPolicy {
  readonly source: YamlFile;
  readonly policy: PolicyFile;
}

/** Thrown with every problem of every file at once. */
export class PolicyProblems extends Error {
  override readonly name = 'PolicyProblems';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`the policy has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    this.problems = problems;
  }
}

/**
 * Reads policies by preset name or file path, in layering order.
 * @throws PolicyProblems
 */
export async function loadPolicies(names: readonly string[]): Promise<LoadedPolicy[]> {
  const read = await Promise.all(names.map(readPolicy));
  const problems = read.flatMap((result) => ('problems' in result ? result.problems : []));
  if (problems.length > 0) throw new PolicyProblems(problems);
  return read.filter((result): result is LoadedPolicy => 'policy' in result);
}

async function readPolicy(name: string): Promise<LoadedPolicy | { problems: readonly Problem[] }> {
  const file = presetPath(name) ?? name;
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { problems: [missing(name)] };
  return parsePolicy(text, file);
}

export function parsePolicy(text: string, file: string): LoadedPolicy | { problems: readonly Problem[] } {
  const source = readYaml(text, file);
  if (source.problems.length > 0) return { problems: source.problems };
  const parsed = policyFile.safeParse(source.data, { error: plainMessage });
  if (!parsed.success) return { problems: withSuggestions(source.locate(parsed.error), policyFile) };
  return { source, policy: parsed.data };
}

/** The file of a preset; undefined for a name that is none. */
export function presetPath(name: string): string | undefined {
  if (!PRESETS.some((preset) => preset === name)) return undefined;
  return fileURLToPath(new URL(`presets/${name}.yaml`, import.meta.url));
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
