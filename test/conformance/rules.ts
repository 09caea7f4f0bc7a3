import type { ConnectorManifest, FieldSpec, StreamSpec } from '../../connectors/sdk/index.ts';
import { VALIDATORS } from '../../policies/field-types.ts';

/** A rule that every manifest is held to; the message says what is wrong and where. */
export type ManifestRule = (manifest: ConnectorManifest) => string[];

/**
 * Policies allow by data class, so a wrong class in a manifest would be a hole in every policy. These are the rules
 * that a person reviewing a manifest would apply.
 */
export const MANIFEST_RULES: Readonly<Record<string, ManifestRule>> = {
  'free text is class text or person and never kept': eachField((field) =>
    field.type !== 'text' || ['text', 'person', 'configuration'].includes(field.class)
      ? null
      : `is text of class ${field.class}`,
  ),
  'people and addresses are pseudonymized or less open': eachField((field) =>
    ['person', 'network'].includes(field.class) && ['keep', 'generalize'].includes(field.treatment)
      ? `is of class ${field.class} and kept`
      : null,
  ),
  'class text is dropped unless a policy opens it': eachField((field) =>
    field.class === 'text' && !['drop', 'count', 'digest'].includes(field.treatment)
      ? 'lets free text out by default'
      : null,
  ),
  'timestamps are class timestamp': eachField((field) =>
    (field.type === 'timestamp') === (field.class === 'timestamp') ? null : 'mixes type and class timestamp',
  ),
  'samples have the type they are samples of': eachField((field) =>
    field.treatment === 'keep' && field.sample !== null && !VALIDATORS[field.type](field.sample)
      ? `has a sample that its own type ${field.type} refuses`
      : null,
  ),
  'every data class used is declared under compliance': (manifest) => {
    const used = new Set(
      manifest.streams.flatMap((stream) => Object.values(stream.fields).map((field) => field.class)),
    );
    return [...used]
      .filter((name) => !manifest.compliance.dataCategories.includes(name))
      .map((name) => `${name} is not declared`);
  },
  'every stream is fed by a read': (manifest) => {
    const fed = new Set(manifest.reads.flatMap((read) => read.emits));
    return manifest.streams
      .filter((stream) => !fed.has(stream.id))
      .map((stream) => `${stream.id} is fed by no read`);
  },
  // Several streams may tell the same kind of fact, which then has a name of its own.
  'kinds carry the name of connector and stream': (manifest) =>
    manifest.streams
      .filter(
        ({ id, kind }) =>
          kind.split('/')[0] !== `${manifest.id}.${id}` &&
          !(
            kind.startsWith(`${manifest.id}.`) &&
            manifest.streams.filter((other) => other.kind === kind).length > 1
          ),
      )
      .map((stream) => `${stream.kind} should start with ${manifest.id}.${stream.id}/`),
  'primary keys and cursors are fields': (manifest) =>
    manifest.streams.flatMap((stream) =>
      [...stream.primaryKey, ...(stream.cursor === null ? [] : [stream.cursor])]
        .filter(
          (name) => !['entity', 'key', 'occurredAt'].includes(name) && stream.fields[name] === undefined,
        )
        .map((name) => `${stream.id}: ${name} is not a field`),
    ),
};

function eachField(check: (field: FieldSpec, stream: StreamSpec) => string | null): ManifestRule {
  return (manifest) =>
    manifest.streams.flatMap((stream) =>
      Object.entries(stream.fields).flatMap(([path, field]) => {
        const problem = check(field, stream);
        return problem === null ? [] : [`${stream.id}.${path} ${problem}`];
      }),
    );
}
