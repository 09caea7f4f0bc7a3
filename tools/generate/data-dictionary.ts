import { discover } from '../../agent/registry/discover.ts';
import type { ConnectorManifest, FieldSpec, StreamSpec } from '../../connectors/sdk/index.ts';
import { compilePolicy } from '../../policies/compile.ts';
import { loadPolicies } from '../../policies/load.ts';

/** Every stream and field that can leave a source: class, treatment by manifest and by preset, and a sample. */
export async function dataDictionary(): Promise<string> {
  const { definitions, problems } = await discover();
  if (problems.length > 0)
    throw new Error(`a manifest is not valid: ${problems[0]?.file} ${problems[0]?.message}`);
  const manifests = definitions.map((definition) => definition.manifest);
  const presets = await Promise.all(
    ['standard', 'strict'].map(async (name) => {
      const { policy } = compilePolicy(manifests, await loadPolicies([name]), {
        now: new Date(0).toISOString(),
      });
      const treatments = new Map(
        [...policy.of('any').streams].flatMap(([stream, plan]) =>
          plan.fields.map((field) => [`${stream} ${field.path}`, field.treatment] as const),
        ),
      );
      return (stream: string, path: string) => treatments.get(`${stream} body.${path}`) ?? 'drop';
    }),
  );
  return [HEADER, ...manifests.map((manifest) => connectorSection(manifest, presets))].join('\n');
}

const HEADER = `# Data dictionary

Made from the manifests by \`npm run generate\`; do not edit. Everything that a connector can bring out of a source is
here: a field that is not can not exist downstream. *Manifest* is the most open treatment the connector declares;
*standard* and *strict* are what the shipped policies make of it. A policy may narrow any of it, and widen it only by
naming stream and field. Treatments are explained in [evidence-format.md](evidence-format.md#treatments).
`;

type Treatments = (stream: string, path: string) => string;

function connectorSection(manifest: ConnectorManifest, presets: readonly Treatments[]): string {
  return [
    `## ${manifest.title} (\`${manifest.id}\` ${manifest.version})`,
    '',
    manifest.summary,
    '',
    `Never read: ${manifest.compliance.neverReads.join('; ')}.`,
    '',
    `Rights looked for beyond those that reads need, for \`privileges.refuse\`: ${manifest.rights.map((right) => `\`${right}\``).join(', ')}.`,
    '',
    '| read | what is sent | mode | every | feeds | needs |',
    '|---|---|---|---|---|---|',
    ...manifest.reads.map(
      (read) =>
        `| ${read.id} | \`${read.file}\` | ${read.mode} | ${seconds(read.interval)} | ${read.emits.join(', ')} | ${cell(read.needs.join(', ') || '–')} |`,
    ),
    '',
    ...manifest.streams.flatMap((stream) => streamSection(manifest.id, stream, presets)),
  ].join('\n');
}

function streamSection(connector: string, stream: StreamSpec, presets: readonly Treatments[]): string[] {
  return [
    `### ${stream.kind}`,
    '',
    `${stream.description} Class: ${stream.classes.join(', ')}.`,
    '',
    '| field | what it is | type | class | manifest | standard | strict | sample |',
    '|---|---|---|---|---|---|---|---|',
    ...Object.entries(stream.fields).map(([path, field]) =>
      fieldRow(connector, stream.id, path, field, presets),
    ),
    '',
  ];
}

function fieldRow(
  connector: string,
  stream: string,
  path: string,
  field: FieldSpec,
  presets: readonly Treatments[],
): string {
  const treatments = [field.treatment, ...presets.map((preset) => preset(`${connector}/${stream}`, path))];
  const cells = [
    `\`${path}\``,
    field.description,
    field.type,
    field.class,
    ...treatments,
    `\`${String(field.sample)}\``,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function seconds(ms: number): string {
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
