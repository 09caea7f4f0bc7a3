import { fileURLToPath } from 'node:url';
import { discover } from '../../../agent/registry/discover.ts';
import type { ConnectorManifest, FieldSpec, FieldType, StreamSpec } from '../../../connectors/sdk/index.ts';
import { type CompiledPolicy, compilePolicy } from '../../../policies/compile.ts';
import { loadPolicies } from '../../../policies/load.ts';

/** When all of it happens: decides which rules of a policy hold. */
export const NOW = '2026-11-21T01:00:00.000Z';

/** An operator's file that opens every text below, to be scanned. */
const OPEN_TEXT = fileURLToPath(new URL('open-text.yaml', import.meta.url));

/** The policies that are measured, over the shipped manifests with the texts that only this benchmark has. */
export async function benchPolicies(): Promise<{ standard: CompiledPolicy; opened: CompiledPolicy }> {
  const manifests = (await discover()).definitions.map(({ manifest }) => withTexts(manifest));
  const compile = async (names: readonly string[]) => {
    const { policy, problems } = compilePolicy(manifests, await loadPolicies(names), { now: NOW });
    if (problems.length > 0) throw new Error(`the policy does not compile: ${JSON.stringify(problems)}`);
    return policy;
  };
  return { standard: await compile(['standard']), opened: await compile(['standard', OPEN_TEXT]) };
}

const TEXT: FieldSpec = {
  type: 'text',
  class: 'text',
  treatment: 'drop',
  description: 'Free text.',
  sample: 'text',
};

/** No shipped connector reads these: they are what an operator could ask for. */
const EXTRA_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes/symptoms': ['message'],
  'postgresql/transactions': ['query'],
  'github/pull_requests': ['body'],
  'github/deployments': ['note', 'note_more'],
};

const EXTRA_STREAMS: Readonly<Record<string, readonly StreamSpec[]>> = {
  kubernetes: [
    stream('container_logs', 'kubernetes.container_logs/v1', {
      namespace: field('name'),
      pod: field('name'),
      container: field('name'),
      node: field('name'),
      'lines[]': TEXT,
    }),
  ],
  postgresql: [
    stream('server_log', 'postgresql.server_log/v1', {
      database: field('name'),
      pid: field('integer'),
      severity: field('token'),
      sqlstate: field('token'),
      message: TEXT,
      detail: TEXT,
    }),
  ],
};

function withTexts(manifest: ConnectorManifest): ConnectorManifest {
  const streams = manifest.streams.map((declared) => {
    const extra = EXTRA_FIELDS[`${manifest.id}/${declared.id}`] ?? [];
    return {
      ...declared,
      fields: { ...declared.fields, ...Object.fromEntries(extra.map((name) => [name, TEXT])) },
    };
  });
  return { ...manifest, streams: [...streams, ...(EXTRA_STREAMS[manifest.id] ?? [])] };
}

function stream(id: string, kind: string, fields: Readonly<Record<string, FieldSpec>>): StreamSpec {
  return {
    id,
    kind,
    description: 'Free text.',
    classes: ['symptom'],
    primaryKey: ['key'],
    cursor: null,
    fields,
  };
}

function field(type: FieldType): FieldSpec {
  return { type, class: 'identifier', treatment: 'keep', description: 'A name.', sample: 'name' };
}
