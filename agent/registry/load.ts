import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConnectorModule, type ReadSpec, readFilesOf } from '../../connectors/sdk/index.ts';
import { digestOf } from '../../evidence/digest.ts';
import { AgentError } from '../errors.ts';
import type { ConnectorDefinition } from './discover.ts';

/** What a read sends to its source. */
export interface ReadFile {
  /** By what the connector finds it under: the read's id, and `<read>@<version>` of each variant for newer sources. */
  readonly texts: ReadonlyMap<string, string>;
  /** `sha256:<hex>` of the file's bytes; of a read with variants, of all its files' one after the other. Signed into every item. */
  readonly digest: string;
  /** `sha256:<hex>` of each file, by its path in the connector's folder. */
  readonly files: ReadonlyMap<string, string>;
}

/** A connector whose code is in memory. */
export interface LoadedConnector extends ConnectorDefinition {
  readonly module: ConnectorModule;
  /** By read id. */
  readonly reads: ReadonlyMap<string, ReadFile>;
}

/**
 * Imports a connector's `index.ts` and reads its read files. Only connectors that some connection uses are loaded, so
 * that the client library of one that is not cannot run. Throws AgentError REGISTRY.
 */
export async function loadConnector(definition: ConnectorDefinition): Promise<LoadedConnector> {
  const [module, reads] = await Promise.all([importModule(definition), loadReads(definition)]);
  return { ...definition, module, reads };
}

/** The read files of a connector, without loading its code. Throws AgentError REGISTRY. */
async function loadReads(definition: ConnectorDefinition): Promise<ReadonlyMap<string, ReadFile>> {
  const names: string[] = await readdir(path.join(definition.folder, 'queries')).catch(() => []);
  const files = names.map((name) => `queries/${name}`);
  const entries = await Promise.all(
    definition.manifest.reads.map(
      async (read) => [read.id, await loadRead(definition, read, files)] as const,
    ),
  );
  return new Map(entries);
}

async function loadRead(
  definition: ConnectorDefinition,
  read: ReadSpec,
  names: readonly string[],
): Promise<ReadFile> {
  const files = await Promise.all(
    readFilesOf(read, names).map(async ({ key, file }) => ({
      key,
      file,
      bytes: await loadFile(definition, read, file),
    })),
  );
  return {
    texts: new Map(files.map(({ key, bytes }) => [key, bytes.toString('utf8')])),
    digest: digestOf(Buffer.concat(files.map(({ bytes }) => bytes))),
    files: new Map(files.map(({ file, bytes }) => [file, digestOf(bytes)])),
  };
}

async function loadFile({ id, folder }: ConnectorDefinition, read: ReadSpec, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file));
  } catch (error) {
    throw new AgentError('REGISTRY', `connector ${id}: ${file} of read "${read.id}" can not be read`, {
      hint: `The manifest names it under reads; look in ${folder}.`,
      cause: error,
    });
  }
}

/** The texts of all reads, as a connector is handed them. */
export function textsOf(reads: LoadedConnector['reads']): ReadonlyMap<string, string> {
  return new Map([...reads.values()].flatMap(({ texts }) => [...texts]));
}

async function importModule(definition: ConnectorDefinition): Promise<ConnectorModule> {
  const file = path.join(definition.folder, 'index.ts');
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new AgentError('REGISTRY', `connector ${definition.id}: ${file} can not be loaded`, {
      hint: 'Run npm ci; with EXHIBIT_DEBUG=1 the cause is shown.',
      cause: error,
    });
  }
  const module = exports['connector'];
  if (isModule(module)) return module;
  throw new AgentError('REGISTRY', `connector ${definition.id}: ${file} does not export a connector`, {
    hint: 'It must have: export const connector: ConnectorModule<Config> = { config, egress, create }.',
  });
}

function isModule(value: unknown): value is ConnectorModule {
  if (value === null || typeof value !== 'object') return false;
  return (
    'config' in value &&
    'egress' in value &&
    typeof value.egress === 'function' &&
    'create' in value &&
    typeof value.create === 'function'
  );
}
