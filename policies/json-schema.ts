import { z } from 'zod';
import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import { policyTestFile } from './case-file.ts';
import { knownCapabilities } from './check.ts';
import { DETECTORS } from './detectors/index.ts';
import { policyFile } from './policy.ts';
import { knownRights } from './rights.ts';

/** Where the schemas can be had, and what editors know them by. */
const HOME = 'https://exhibit.dev/schemas/v1';

/**
 * The schema of a policy file (JSON Schema draft-07, which editors know best), as text with a line end. With connectors,
 * it has examples, which editors offer and do not insist on: the streams, detectors and rights that there are.
 */
export function policySchema(manifests: readonly ConnectorManifest[] = []): string {
  const description = 'What may leave. What no rule names does not.';
  const plain = schemaOf(policyFile, 'policy', 'Exhibit policy', description);
  if (manifests.length === 0) return plain;
  const names = namesOf(manifests);
  const offered = JSON.parse(plain, (_key, value: unknown) => withExamples(value, names)) as unknown;
  return `${JSON.stringify(offered, null, 2)}\n`;
}

type Names = Readonly<Record<string, readonly string[]>>;

/** What may stand under a key of a policy. */
function namesOf(manifests: readonly ConnectorManifest[]): Names {
  const all = (list: 'streams' | 'reads') =>
    manifests.flatMap((manifest) => manifest[list].map(({ id }) => `${manifest.id}/${id}`));
  const wildcards = ['*', ...manifests.map(({ id }) => `${id}/*`)];
  return {
    streams: [...wildcards, ...all('streams')],
    reads: [...wildcards, ...all('reads')],
    connectors: ['*', ...manifests.map(({ id }) => id)],
    capability: knownCapabilities(manifests),
    detector: DETECTORS.map(({ id }) => id),
    refuse: knownRights(manifests),
  };
}

interface Properties {
  readonly properties: Readonly<Record<string, { readonly items?: object }>>;
}

function withExamples(value: unknown, names: Names): unknown {
  if (typeof value !== 'object' || value === null || !('properties' in value)) return value;
  const { properties, ...rest } = value as Properties;
  const offered = Object.entries(properties).map(([key, schema]) => {
    const examples = names[key];
    if (examples === undefined) return [key, schema];
    const items = schema.items === undefined ? undefined : { ...schema.items, examples };
    return [key, items === undefined ? { ...schema, examples } : { ...schema, items }];
  });
  return { ...rest, properties: Object.fromEntries(offered) as unknown };
}

/** The schema of a file of tests of policies. */
export function policyTestSchema(): string {
  return schemaOf(
    policyTestFile,
    'policy-test',
    'Exhibit policy test',
    'What policies must make of records.',
  );
}

function schemaOf(schema: z.ZodType, id: string, title: string, description: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const whole = { $schema, $id: `${HOME}/${id}.schema.json`, title, description, ...rest };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
