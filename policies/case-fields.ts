import type { ConnectorManifest } from '../connectors/sdk/index.ts';
import { hintFor } from './suggest.ts';
import type { Problem, YamlFile } from './yaml.ts';

/** What of a case names fields. */
interface Expecting {
  readonly record?:
    | {
        readonly connector: string;
        readonly stream: string;
        readonly body: Readonly<Record<string, unknown>>;
      }
    | undefined;
  readonly expect: {
    readonly fields?: Readonly<Record<string, unknown>> | undefined;
    readonly rules?: Readonly<Record<string, string>> | undefined;
    readonly absent?: readonly string[] | undefined;
    readonly dropped?: readonly string[] | undefined;
  };
}

/**
 * Fields that a case expects something of, and that neither its stream declares nor its record holds: that one of them is
 * absent would be true whatever the policy says.
 */
export function unknownFields(
  { record, expect }: Expecting,
  index: number,
  source: YamlFile,
  manifests: readonly ConnectorManifest[],
): Problem[] {
  const stream = manifests
    .find(({ id }) => id === record?.connector)
    ?.streams.find(({ id }) => id === record?.stream);
  if (record === undefined || stream === undefined) return [];
  const declared = Object.keys(stream.fields);
  const held = new Set(declared);
  addPaths(record.body, '', held);
  const isKnown = (path: string) => {
    const name = general(path);
    if (stream.columns === 'views' && name.startsWith('rows[].')) return true;
    return held.has(name) || declared.some((field) => isUnder(field, name));
  };
  return namedIn(expect).flatMap(({ at, path }) => {
    if (isKnown(path)) return [];
    const message = `is not a field of ${record.connector}/${record.stream}, and the record holds none like it`;
    return [
      {
        ...source.place(['cases', index, 'expect', ...at], message),
        hint: hintFor(path.replace(/^body\./, ''), declared),
      },
    ];
  });
}

/**
 * Fields of a record that its stream does not declare: one that is misspelled never leaves, whatever the policy says. That
 * such a field stays can be what a case is about; then it names the field under `absent`.
 */
export function undeclaredFields(
  { record, expect }: Expecting,
  index: number,
  source: YamlFile,
  manifests: readonly ConnectorManifest[],
): Problem[] {
  const stream = manifests
    .find(({ id }) => id === record?.connector)
    ?.streams.find(({ id }) => id === record?.stream);
  if (record === undefined || stream === undefined) return [];
  const declared = Object.keys(stream.fields);
  const meant = [...(expect.absent ?? []), ...(expect.dropped ?? [])].map(general);
  const isKnown = (path: string) =>
    (stream.columns === 'views' && path.startsWith('rows[].')) ||
    // A value of another shape than a declared field has is the gate's business.
    declared.some((field) => field === path || isUnder(field, path) || isUnder(path, field)) ||
    meant.some((field) => field === path || isUnder(field, path) || isUnder(path, field));
  return unknownPlaces(record.body, isKnown).map(({ at, path }) => ({
    ...source.place(
      ['cases', index, 'record', 'body', ...at],
      `is not a field of ${record.connector}/${record.stream}`,
    ),
    hint: `${hintFor(path, declared)}; to test that it stays, name it under absent`,
  }));
}

/** The outermost of the places that are not known. */
function unknownPlaces(
  value: unknown,
  isKnown: (path: string) => boolean,
  outer: Named = { at: [], path: '' },
): readonly Named[] {
  if (outer.path !== '' && !isKnown(outer.path)) return [outer];
  if (value === null || typeof value !== 'object') return [];
  const inner = Array.isArray(value)
    ? value.map((entry: unknown, index) => ({ entry, step: index, path: `${outer.path}[]` }))
    : Object.entries(value).map(([key, entry]: [string, unknown]) => {
        return { entry, step: key, path: outer.path === '' ? key : `${outer.path}.${key}` };
      });
  return inner.flatMap(({ entry, step, path }) =>
    unknownPlaces(entry, isKnown, { at: [...outer.at, step], path }),
  );
}

/** `body.changes[0].path` as manifests name it. */
export function general(path: string): string {
  return path.replace(/^body\./, '').replaceAll(/\[\d+\]/g, '[]');
}

function isUnder(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

interface Named {
  readonly at: readonly PropertyKey[];
  readonly path: string;
}

function namedIn({
  fields = {},
  rules = {},
  absent = [],
  dropped = [],
}: Expecting['expect']): readonly Named[] {
  return [
    ...Object.keys(fields).map((path) => ({ at: ['fields', path], path })),
    ...Object.keys(rules).map((path) => ({ at: ['rules', path], path })),
    ...absent.map((path, index) => ({ at: ['absent', index], path })),
    ...dropped.map((path, index) => ({ at: ['dropped', index], path })),
  ];
}

/** `changes`, `changes[]`, `changes[].to`: every place of a value, with all entries of a list in one. */
function addPaths(value: unknown, path: string, paths: Set<string>): void {
  if (path !== '') paths.add(path);
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const entry of value) addPaths(entry, `${path}[]`, paths);
    return;
  }
  for (const [key, inner] of Object.entries(value))
    addPaths(inner, path === '' ? key : `${path}.${key}`, paths);
}
