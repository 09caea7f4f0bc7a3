import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Secret } from '../../connectors/sdk/index.ts';
import { checkCanaries } from '../../policies/canaries/canaries.ts';
import { plainMessage } from '../../policies/messages.ts';
import { hintFor, withSuggestions } from '../../policies/suggest.ts';
import { nearest, type Problem, readYaml, type YamlFile } from '../../policies/yaml.ts';
import { AgentError } from '../errors.ts';
import type { ConnectorDefinition } from '../registry/discover.ts';
import { type LoadedConnector, loadConnector } from '../registry/load.ts';
import { resolveSecret, resolveSecrets, type SecretRef, type SecretSource } from '../secrets/resolve.ts';
import { type KeyPlaces, keyPlaces } from './key-places.ts';
import { type AgentConfig, agentConfig, type ConnectionConfig } from './schema.ts';

/** agent.yaml with every reference resolved and every connector's own config checked. */
export interface LoadedConfig {
  /** Absolute path of the file. */
  readonly file: string;
  readonly config: AgentConfig;
  readonly paths: ConfigPaths;
  /** The API's token; null when the config names none and the default file does not exist yet. */
  readonly token: Secret | null;
  /** Markers that must never leave. */
  readonly canaries: readonly { readonly id: string; readonly value: Secret }[];
  readonly connections: readonly ConfiguredConnection[];
}

/** Absolute; relative ones in the file start at the file's folder. */
export interface ConfigPaths extends KeyPlaces {
  /** Certificates of the timestamp authority; null without one. */
  readonly timestampCertificate: string | null;
  /** Presets stay names. */
  readonly policies: readonly string[];
  /** Public keys of those who may sign policies. */
  readonly policyKeys: readonly string[];
}

export interface ConfiguredConnection {
  readonly id: string;
  readonly connector: LoadedConnector;
  /** Parsed with the connector's own schema; secrets are Secret. */
  readonly config: unknown;
  readonly reads: ConnectionConfig['reads'];
}

export interface LoadContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly definitions: readonly ConnectorDefinition[];
  readonly presets: readonly string[];
}

/** Reads and checks agent.yaml as a whole. Throws AgentError CONFIG with every problem at once. */
export async function loadConfig(file: string, context: LoadContext): Promise<LoadedConfig> {
  const absolute = path.resolve(file);
  const text = await readText(absolute);
  const yaml = readYaml(text, file);
  if (yaml.problems.length > 0) throw configError(file, yaml.problems);
  const parsed = agentConfig.safeParse(yaml.data, { error: plainMessage });
  if (!parsed.success) {
    const shape = withSuggestions(yaml.locate(parsed.error), agentConfig);
    const { problems } = await checkConnections(
      looseConfig.parse(yaml.data).connections,
      yaml,
      context,
      path.dirname(absolute),
    );
    throw configError(file, [...shape, ...problems]);
  }
  const paths = resolvePaths(parsed.data, path.dirname(absolute), context.presets);
  const source = { env: context.env, base: path.dirname(absolute) };
  const token = resolveToken(parsed.data.api.token, source, yaml);
  const { checked, problems } = await checkConnections(
    parsed.data.connections,
    yaml,
    context,
    path.dirname(absolute),
  );
  const markers = resolveCanaries(parsed.data.governance.canaries, source, yaml);
  const all = [...token.problems, ...markers.problems, ...problems];
  if (all.length > 0) throw configError(file, all);
  const connections = checked.flatMap(({ index, connector, config }) => {
    const connection = parsed.data.connections[index];
    return connection === undefined
      ? []
      : [{ id: connection.id, connector, config, reads: connection.reads }];
  });
  const { canaries } = markers;
  return { file: absolute, config: parsed.data, paths, token: token.secret, canaries, connections };
}

const identityConfig = z.looseObject({
  tenant: agentConfig.shape.tenant,
  dataDir: agentConfig.shape.dataDir,
  keys: agentConfig.shape.keys,
  transparency: agentConfig.shape.transparency,
  api: agentConfig.shape.api,
});

/**
 * Whose agent this is, where its store and keys are, and where it answers, for commands that contact no source: the rest
 * of the file may be unfinished. Throws AgentError CONFIG.
 */
export async function loadIdentity(
  file: string,
): Promise<{ readonly tenant: string; readonly paths: KeyPlaces; readonly api: AgentConfig['api'] }> {
  const absolute = path.resolve(file);
  const yaml = readYaml(await readText(absolute), file);
  if (yaml.problems.length > 0) throw configError(file, yaml.problems);
  const parsed = identityConfig.safeParse(yaml.data, { error: plainMessage });
  if (!parsed.success) throw configError(file, withSuggestions(yaml.locate(parsed.error), identityConfig));
  const { tenant, api } = parsed.data;
  return { tenant, paths: keyPlaces(parsed.data, path.dirname(absolute)), api };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new AgentError('CONFIG', `the config file ${file} can not be read`, {
      hint: 'Write one with `exhibit init`, or name it with --config.',
      cause: error,
    });
  }
}

function configError(file: string, problems: readonly Problem[]): AgentError {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const count = sorted.length === 1 ? 'a problem' : `${sorted.length} problems`;
  return new AgentError('CONFIG', `${file} has ${count}`, { problems: sorted });
}

function resolvePaths(config: AgentConfig, base: string, presets: readonly string[]): ConfigPaths {
  return {
    ...keyPlaces(config, base),
    timestampCertificate:
      config.timestamps === undefined ? null : path.resolve(base, config.timestamps.certificate),
    policies: config.policy.map((name) => (presets.includes(name) ? name : path.resolve(base, name))),
    policyKeys: config.governance.signatures.keys.map((file) => path.resolve(base, file)),
  };
}

function resolveToken(
  ref: SecretRef | undefined,
  source: SecretSource,
  yaml: YamlFile,
): { readonly secret: Secret | null; readonly problems: readonly Problem[] } {
  if (ref === undefined) return { secret: null, problems: [] };
  try {
    return { secret: resolveSecret(ref, source), problems: [] };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { secret: null, problems: [placed(yaml, ['api', 'token'], error)] };
  }
}

/** Markers that must never leave. Their problems name them by place, never by value. */
function resolveCanaries(
  listed: AgentConfig['governance']['canaries'],
  source: SecretSource,
  yaml: YamlFile,
): { readonly canaries: LoadedConfig['canaries']; readonly problems: readonly Problem[] } {
  const at = ['governance', 'canaries'];
  const problems: Problem[] = [];
  const canaries = listed.flatMap(({ id, value }, index) => {
    try {
      return [{ id, value: resolveSecret(value, source) }];
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      problems.push(placed(yaml, [...at, index, 'value'], error));
      return [];
    }
  });
  if (problems.length > 0) return { canaries, problems };
  const found = checkCanaries(canaries.map(({ id, value }) => ({ id, value: value.open() })));
  return {
    canaries,
    problems: found.map(({ path: where, message, hint }) => ({
      ...yaml.place([...at, ...where], message),
      ...(hint === undefined ? {} : { hint }),
    })),
  };
}

const looseConnection = z
  .looseObject({
    connector: z.string().catch(''),
    config: z.record(z.string(), z.unknown()).catch({}),
    reads: z.record(z.string(), z.unknown()).catch({}),
  })
  .catch({ connector: '', config: {}, reads: {} });
const looseConfig = z
  .looseObject({ connections: z.array(looseConnection).catch([]) })
  .catch({ connections: [] });

/** As much of a connection as can be checked although the file as a whole has problems. */
type CheckableConnection = Pick<ConnectionConfig, 'connector' | 'config'> & {
  readonly reads: Readonly<Record<string, unknown>>;
};

async function checkConnections(
  connections: readonly CheckableConnection[],
  yaml: YamlFile,
  context: LoadContext,
  base: string,
): Promise<{ readonly checked: readonly CheckedConnection[]; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const good: CheckedConnection[] = [];
  const loaded = new Map<string, LoadedConnector>();
  for (const [index, connection] of connections.entries()) {
    if (connection.connector === '') continue;
    const definition = context.definitions.find(({ id }) => id === connection.connector);
    if (definition === undefined) {
      problems.push(unknownConnector(yaml, index, connection.connector, context.definitions));
      continue;
    }
    const connector = loaded.get(definition.id) ?? (await loadConnector(definition));
    loaded.set(definition.id, connector);
    const result = checkConnection(connection, index, connector, yaml, { env: context.env, base });
    problems.push(...result.problems);
    good.push({ index, connector, config: result.config });
  }
  return { checked: good, problems };
}

interface CheckedConnection {
  readonly index: number;
  readonly connector: LoadedConnector;
  readonly config: unknown;
}

function checkConnection(
  connection: CheckableConnection,
  index: number,
  connector: LoadedConnector,
  yaml: YamlFile,
  source: SecretSource,
): { readonly config: unknown; readonly problems: readonly Problem[] } {
  const at = ['connections', index, 'config'];
  const problems = unknownReads(connection, index, connector, yaml);
  const data = resolveSecrets(connection.config, source, (where, error) => {
    problems.push(placed(yaml, [...at, ...where], error));
  });
  const parsed = connector.module.config.safeParse(data, { error: plainMessage });
  if (parsed.success) return { config: parsed.data, problems };
  const moved = new z.ZodError(
    parsed.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] })),
  );
  problems.push(...withSuggestions(yaml.locate(moved), connector.module.config, at.length));
  return { config: undefined, problems };
}

function unknownReads(
  connection: CheckableConnection,
  index: number,
  connector: LoadedConnector,
  yaml: YamlFile,
): Problem[] {
  const known = connector.manifest.reads.map(({ id }) => id);
  return Object.keys(connection.reads)
    .filter((read) => !known.includes(read))
    .map((read) => ({
      ...yaml.place(['connections', index, 'reads', read], `is not a read of ${connector.id}`),
      hint: hintFor(read, known),
    }));
}

function unknownConnector(
  yaml: YamlFile,
  index: number,
  typed: string,
  definitions: readonly ConnectorDefinition[],
): Problem {
  const known = definitions.map(({ id }) => id);
  const candidate = nearest(typed, known);
  return {
    ...yaml.place(['connections', index, 'connector'], 'is not a connector of this agent'),
    hint: candidate === undefined ? `there are: ${known.join(', ')}` : `did you mean "${candidate}"?`,
  };
}

function placed(yaml: YamlFile, at: readonly PropertyKey[], error: AgentError): Problem {
  const problem = yaml.place([...at], error.message);
  return error.hint === undefined ? problem : { ...problem, hint: error.hint };
}
