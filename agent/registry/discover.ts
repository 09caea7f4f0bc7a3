import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  type ConnectorManifest,
  connectorManifest,
  STREAMS_FOLDER,
  withStreams,
} from '../../connectors/sdk/index.ts';
import { type Problem, readYaml, type YamlFile } from '../../policies/yaml.ts';

/** A connector as its folder describes it; nothing of its code has been loaded. */
export interface ConnectorDefinition {
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: ConnectorManifest;
}

export interface Discovery {
  /** Ordered by id. */
  readonly definitions: readonly ConnectorDefinition[];
  /** Every problem of every manifest; a connector with one is not among the definitions. */
  readonly problems: readonly Problem[];
}

/** The connectors that ship with the agent. */
export const CONNECTORS_FOLDER = fileURLToPath(new URL('../../connectors', import.meta.url));

/**
 * The folder listing is the registry: each folder but `sdk` and those that start with `_` or `.` is a connector and
 * has a valid `manifest.yaml` whose id is the folder's name. A manifest with many streams has them in `streams/*.yaml`.
 */
export function discover(root: string = CONNECTORS_FOLDER): Promise<Discovery> {
  if (root !== CONNECTORS_FOLDER) return discoverIn(root);
  shipped ??= discoverIn(root);
  return shipped;
}

/** What ships is constant while a process runs, and its manifests are long. */
let shipped: Promise<Discovery> | undefined;

async function discoverIn(root: string): Promise<Discovery> {
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() && isConnector(entry.name))
    .map((entry) => entry.name);
  const read = await Promise.all(names.sort().map((name) => readDefinition(path.join(root, name), name)));
  return {
    definitions: read.flatMap((result) => ('manifest' in result ? [result] : [])),
    problems: read.flatMap((result) => ('problems' in result ? result.problems : [])),
  };
}

function isConnector(name: string): boolean {
  return name !== 'sdk' && name !== 'node_modules' && !name.startsWith('_') && !name.startsWith('.');
}

async function readDefinition(
  folder: string,
  name: string,
): Promise<ConnectorDefinition | { readonly problems: readonly Problem[] }> {
  const file = path.join(folder, 'manifest.yaml');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return problem(file, '', 'is missing: every connector folder has a manifest');
  const yaml = readYaml(text, file);
  const streams = await readStreams(folder);
  const problems = [yaml, ...streams].flatMap((part) => part.problems);
  if (problems.length > 0) return { problems };
  if (streams.length > 0 && Object.hasOwn(Object(yaml.data), 'streams'))
    return problem(file, 'streams', `stand in ${STREAMS_FOLDER}/ already: keep them in one place`);
  const parsed = connectorManifest.safeParse(
    withStreams(
      yaml.data,
      streams.map(({ data }) => data),
    ),
  );
  if (!parsed.success) return { problems: located(parsed.error, yaml, streams) };
  if (parsed.data.id !== name) return problem(file, 'id', `must be the name of the folder, "${name}"`);
  return { id: name, folder, manifest: parsed.data };
}

/** The streams that stand in files of their own, by name; most manifests list theirs. */
async function readStreams(folder: string): Promise<readonly YamlFile[]> {
  const names: string[] = await readdir(path.join(folder, STREAMS_FOLDER)).catch(() => []);
  return Promise.all(
    names.sort().map(async (name) => {
      const file = path.join(folder, STREAMS_FOLDER, name);
      return readYaml(await readFile(file, 'utf8'), file);
    }),
  );
}

/** Each problem in the file that it is in. */
function located(error: z.ZodError, manifest: YamlFile, streams: readonly YamlFile[]): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    const [part, index, ...rest] = issue.path;
    const stream = part === 'streams' ? streams[Number(index)] : undefined;
    if (stream === undefined) return manifest.locate(new z.ZodError([issue]));
    return stream.locate(new z.ZodError([{ ...issue, path: rest }]));
  });
}

function problem(file: string, where: string, message: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ file, line: 1, column: 1, path: where, message }] };
}
