import {
  type ConnectorManifest,
  connectorManifest,
  type DataClass,
  type FieldType,
  type Treatment,
} from '../manifest.ts';

/** A manifest that is valid, with what a test says of it in place of the rest. As it stands in YAML, not parsed. */
export function sampleManifest(overrides: Readonly<Record<string, unknown>>): ConnectorManifest {
  return connectorManifest.parse({
    apiVersion: 'exhibit/v1',
    kind: 'Connector',
    id: 'demo',
    version: '1.2.3',
    title: 'Demo',
    summary: 'A connector for tests',
    category: 'database',
    family: 'sql',
    stability: 'development',
    capabilities: ['full'],
    runners: ['in-process'],
    auth: [{ method: 'none', description: 'none' }],
    egress: ['host'],
    secrets: [],
    privileges: 'privileges/grants.sql',
    compliance: { dataCategories: ['identifier'], neverReads: ['rows'] },
    owners: ['tests'],
    test: { config: {} },
    ...overrides,
  });
}

/** A read of such a manifest: two seconds, a hundred rows. */
export function sampleRead(
  id: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    id,
    title: id,
    file: `queries/${id}.sql`,
    language: 'sql/postgresql',
    mode: 'full',
    emits: [id],
    interval: '30s',
    budget: { duration: '2s', rows: 100, bytes: '1MiB', calls: 3 },
    ...overrides,
  };
}

export function sampleField(
  type: FieldType,
  dataClass: DataClass,
  treatment: Treatment,
): Record<string, unknown> {
  return { type, class: dataClass, treatment, description: 'a field', sample: 'x' };
}
