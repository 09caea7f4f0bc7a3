import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConnectorModule, ReadSpec } from '../../connectors/sdk/index.ts';
import { digestOf } from '../../evidence/digest.ts';
import { AgentError } from '../errors.ts';
import type { ConnectorDefinition } from './discover.ts';

/** What a read sends to its source. */
export interface ReadFile {
  readonly text: string;
  /** `sha256:<hex>` of the file's bytes; signed into every item the read makes. */
  readonly digest: string;
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
  const entries = await Promise.all(
    definition.manifest.reads.map(async (read) => [read.id, await loadReadFile(definition, read)] as const),
  );
  return new Map(entries);
}

async function loadReadFile(definition: ConnectorDefinition, read: ReadSpec): Promise<ReadFile> {
  try {
    const bytes = await readFile(path.join(definition.folder, read.file));
    return { text: bytes.toString('utf8'), digest: digestOf(bytes) };
  } catch (error) {
    throw new AgentError(
      'REGISTRY',
      `connector ${definition.id}: ${read.file} of read "${read.id}" can not be read`,
      {
        hint: `The manifest names it under reads; look in ${definition.folder}.`,
        cause: error,
      },
    );
  }
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
