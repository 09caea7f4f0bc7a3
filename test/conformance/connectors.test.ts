import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONNECTORS_FOLDER, type ConnectorDefinition, discover } from '../../agent/registry/discover.ts';
import { loadConnector, textsOf } from '../../agent/registry/load.ts';
import { proveConnector } from '../../agent/registry/prove.ts';
import { ConnectorError, Secret } from '../../connectors/sdk/index.ts';
import { admitted, fakeDeps, recordingRun } from '../../connectors/sdk/testing/index.ts';
import { MANIFEST_RULES } from './rules.ts';

/**
 * One suite over every connector that the folder listing has. A new connector is held to it without being named here.
 */
const { definitions, problems } = await discover();

it('finds every folder as a connector with a valid manifest', async () => {
  expect(problems).toEqual([]);
  const folders = (await readdir(CONNECTORS_FOLDER, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !/^(sdk|node_modules|[_.].*)$/.test(entry.name))
    .map((entry) => entry.name);
  expect(definitions.map((definition) => definition.id)).toEqual(folders.sort());
  expect(folders).toEqual(expect.arrayContaining(['github', 'kubernetes', 'postgresql']));
});

interface ConfigSchema {
  readonly description?: string;
  readonly secret?: boolean;
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly additionalProperties?: boolean;
}

/** Every key at any depth, by its path: `pgbouncer.dsn`. */
function configKeys({ properties = {} }: ConfigSchema, prefix = ''): (readonly [string, ConfigSchema])[] {
  return Object.entries(properties).flatMap(([key, property]) => [
    [`${prefix}${key}`, property] as const,
    ...configKeys(property, `${prefix}${key}.`),
  ]);
}

describe.each(definitions.map((definition) => [definition.id, definition] as const))(
  '%s',
  (_id, definition) => {
    it.each(Object.entries(MANIFEST_RULES))('manifest: %s', (_rule, check) => {
      expect(check(definition.manifest)).toEqual([]);
    });

    it('has the shape that every connector has', async () => {
      const files = await readdir(definition.folder);
      expect(files).toEqual(
        expect.arrayContaining([
          'README.md',
          'client.ts',
          'collect.ts',
          'config.ts',
          'index.ts',
          'manifest.yaml',
          'package.json',
          'queries',
        ]),
      );
      const privileges = await readFile(join(definition.folder, definition.manifest.privileges), 'utf8');
      expect(privileges.trim()).not.toBe('');
    });

    it('has at least one case that is right and one that goes wrong', async () => {
      const cases = await readdir(join(definition.folder, 'fixtures'));
      expect(cases.some((name) => name.startsWith('ok.'))).toBe(true);
      expect(cases.some((name) => name.startsWith('ng.'))).toBe(true);
    });

    it('has nothing in queries/ that is not proved read-only', async () => {
      const { proofs, problems: unproven } = await proveConnector(definition);
      expect(unproven).toEqual([]);
      const files = await readdir(join(definition.folder, 'queries'));
      expect(proofs.map((proof) => proof.file).sort()).toEqual(files.map((name) => `queries/${name}`).sort());
      expect(new Set(proofs.map((proof) => proof.read))).toEqual(
        new Set(definition.manifest.reads.map((read) => read.id)),
      );
    });

    it('opens secrets in client.ts only', async () => {
      for (const file of await sources(definition.folder)) {
        if (/client[a-z-]*\.ts$/.test(file)) continue;
        expect(await readFile(file, 'utf8'), file).not.toMatch(/\.open\(\)/);
      }
    });

    it('describes every key of its config and marks the secrets', async () => {
      const { module } = await loadConnector(definition);
      const schema = z.toJSONSchema(module.config, { io: 'input', unrepresentable: 'any' }) as ConfigSchema;
      expect(schema.additionalProperties).toBe(false);
      const keys = configKeys(schema);
      for (const [key, property] of keys) {
        expect(property.description, `${definition.id} config.${key} has no description`).toBeTruthy();
      }
      const secrets = keys.filter(([, property]) => property.secret === true);
      expect(secrets.map(([key]) => key).sort()).toEqual([...definition.manifest.secrets].sort());
    });

    it('accepts its own sample config and refuses a key it does not know', async () => {
      const { module } = await loadConnector(definition);
      const config = sampleConfig(definition);
      expect(module.config.safeParse(config).success).toBe(true);
      expect(module.config.safeParse({ ...config, unheardOf: true }).success).toBe(false);
      expect(module.egress(module.config.parse(config)).length).toBeGreaterThan(0);
    });

    it('can be closed before anything else, and twice', async () => {
      const connector = await create(definition);
      await connector.close();
      await connector.close();
    });

    it('fails with a code and no values when its source can not be reached, and comes back when asked to stop', async () => {
      const connector = await create(definition);
      try {
        const failure = await connector.authenticate(AbortSignal.timeout(10_000)).then(
          () => null,
          (error: unknown) => error,
        );
        expect(failure).toBeInstanceOf(ConnectorError);
        expect((failure as ConnectorError).code).toMatch(/^(UNREACHABLE|TIMEOUT|AUTH|CONFIG)$/);
        expect(String(failure)).not.toContain(PASSWORD);

        const [read] = definition.manifest.reads;
        if (read === undefined) throw new Error('a manifest has at least one read');
        const request = admitted({
          connection: 'c',
          connector: definition.id,
          read: read.id,
          streams: read.emits,
          mode: 'full',
        });
        const aborted = AbortSignal.abort(new DOMException('stop', 'AbortError'));
        const run = recordingRun();
        const outcome = await connector.read(run, request, aborted).then(
          () => 'ended',
          () => 'threw',
        );
        expect(['ended', 'threw']).toContain(outcome);
        expect(run.observations).toEqual([]);
      } finally {
        await connector.close();
      }
    });
  },
);

const PASSWORD = 'conformance-password';

/** The manifest's sample config with its secrets filled in; it points at a port where nothing listens. */
function sampleConfig({ manifest }: ConnectorDefinition): Record<string, unknown> {
  return fillSecrets(manifest.test.config) as Record<string, unknown>;
}

function fillSecrets(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(fillSecrets);
  if ('env' in value && Object.keys(value).length === 1) {
    return new Secret(`postgresql://exhibit:${PASSWORD}@127.0.0.1:1/none`);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillSecrets(inner)]));
}

async function create(definition: ConnectorDefinition) {
  const { module, reads } = await loadConnector(definition);
  const config = module.config.parse(sampleConfig(definition));
  return module.create(config, fakeDeps({ connection: 'c', reads: textsOf(reads), fetch }));
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.i?test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
}
