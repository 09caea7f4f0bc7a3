import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConnectorManifest } from '../../../connectors/sdk/index.ts';
import { checkRest } from '../../../policies/check-rest.ts';
import { type CompiledResult, compilePolicy } from '../../../policies/compile.ts';
import { loadPolicies, PolicyProblems, PRESETS, presetPath } from '../../../policies/load.ts';
import { type PolicyOutline, policyOutline } from '../../config/outline.ts';
import { AgentError } from '../../errors.ts';
import { discover } from '../../registry/discover.ts';
import { readInput } from '../files.ts';
import type { CliIo } from '../io.ts';
import { shownPath } from '../own-store.ts';

export const NAMES = 'presets (standard, strict) or files, in order of layering';

/** Which policies a command is about. */
export interface PolicyChoice {
  readonly names: readonly string[];
  /** Absent: agent.yaml, where one lies and no names are given. */
  readonly config?: string | undefined;
}

/** The policies that a command is about, and the connections of the config that it reads. */
export interface ChosenPolicies {
  readonly names: readonly string[];
  /** Absent without a config. */
  readonly connections: PolicyOutline['connections'] | undefined;
  /** Absent without a config. */
  readonly signatures?: PolicyOutline['signatures'];
  /** The config that was read. */
  readonly config?: string;
  /** Whether these are the policies that the config names. */
  readonly isConfigured?: boolean;
}

/** Names as given; without any, those of the config. Throws AgentError CONFIG, USAGE. */
export async function choosePolicies(
  { names, config }: PolicyChoice,
  io: CliIo,
  fallback?: readonly string[],
): Promise<ChosenPolicies> {
  const given = names.map((name) => shownName(name, io));
  if (config === undefined && names.length > 0) return { names: given, connections: undefined };
  const outline = await outlineOf(config, io);
  if (outline !== undefined) {
    const { policies, connections, signatures } = outline;
    const listed = names.length > 0 ? given : policies.map((name) => shownName(name, io));
    const isConfigured = names.length === 0;
    return { names: listed, connections, signatures, config: config ?? 'agent.yaml', isConfigured };
  }
  if (fallback !== undefined) return { names: fallback, connections: undefined };
  throw new AgentError('USAGE', 'no policy is named, and there is no agent.yaml here', {
    hint: `Name ${NAMES}; or a config with -c, of which the policies are taken.`,
  });
}

/** Compiles what was chosen for this moment; problems are returned. Throws PolicyProblems for files of no good shape. */
export async function compileChosen(
  { names, connections }: ChosenPolicies,
  io: CliIo,
): Promise<CompiledResult & { readonly manifests: readonly ConnectorManifest[] }> {
  const manifests = await allManifests();
  const ids = connections?.map(({ id }) => id);
  const layers = await loadPolicies(names).catch((error: unknown) => {
    if (!(error instanceof PolicyProblems)) throw error;
    throw new PolicyProblems([...error.problems, ...checkRest(manifests, error.checkable, ids)]);
  });
  const now = io.clock.now().toISOString();
  const known = ids === undefined ? {} : { connections: ids };
  return { ...compilePolicy(manifests, layers, { now, ...known }), manifests };
}

/** The same for commands that go on with it. Throws PolicyProblems with everything that is wrong. */
export async function mustCompile(chosen: ChosenPolicies, io: CliIo) {
  const result = await compileChosen(chosen, io);
  if (result.problems.length > 0) throw new PolicyProblems(result.problems);
  return result;
}

export async function allManifests(): Promise<readonly ConnectorManifest[]> {
  const { definitions } = await discover();
  return definitions.map(({ manifest }) => manifest);
}

/** What the config says of policies; undefined when none is named and none lies here. */
export async function outlineOf(config: string | undefined, io: CliIo): Promise<PolicyOutline | undefined> {
  const file = config ?? 'agent.yaml';
  if (config === undefined && !(await exists(path.resolve(io.cwd, file)))) return undefined;
  const text = await readInput(file, 'the config file', io);
  return policyOutline(text.toString('utf8'), shownPath(file, io), PRESETS);
}

function shownName(name: string, io: CliIo): string {
  return presetPath(name) === undefined ? shownPath(name, io) : name;
}

function exists(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
