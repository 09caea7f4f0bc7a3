import { sampleField, sampleManifest, sampleRead } from '../../connectors/sdk/testing/index.ts';
import { type LoadedPolicy, parsePolicy } from '../load.ts';
import { formatProblems } from '../yaml.ts';

/** A connector with a field of every openness, for tests of policies. */
export const DEMO_MANIFEST = sampleManifest({
  capabilities: ['full', 'cdc', 'writeback'],
  reads: [
    sampleRead('locks', { emits: ['locks', 'people'] }),
    sampleRead('people'),
    sampleRead('row_changes', { mode: 'cdc', emits: ['locks'] }),
    sampleRead('server_log', { emits: ['locks'], capability: 'server-log' }),
  ],
  streams: [
    {
      id: 'locks',
      kind: 'demo.locks/v1',
      description: 'Locks',
      classes: ['symptom', 'change'],
      primaryKey: ['pid'],
      cursor: null,
      fields: {
        pid: sampleField('integer', 'measurement', 'keep'),
        relation: sampleField('name', 'identifier', 'keep'),
        value: sampleField('scalar', 'configuration', 'digest'),
        note: sampleField('text', 'text', 'drop'),
        'holders[].role': sampleField('name', 'person', 'pseudonymize'),
      },
    },
    {
      id: 'people',
      kind: 'demo.people/v1',
      description: 'People',
      classes: ['state'],
      primaryKey: ['name'],
      cursor: null,
      fields: { name: sampleField('name', 'person', 'pseudonymize') },
    },
  ],
});

/** A layer named `name`, version 1, with what a test says in YAML after the metadata. Throws with every problem. */
export function layer(name: string, rest: string): LoadedPolicy {
  const yaml = `apiVersion: exhibit/v1\nkind: Policy\nmetadata: { name: ${name}, version: "1", description: for tests }\n${rest}\n`;
  const parsed = parsePolicy(yaml, `${name}.yaml`);
  if ('problems' in parsed) throw new Error(formatProblems(parsed.problems));
  return parsed;
}

/** Lets out all metadata of the demo connector as its manifest declares it. */
export const METADATA = layer(
  'base',
  'rules:\n  - { id: metadata, description: x, streams: ["*"], classes: [measurement, identifier, configuration, person] }',
);
