import { readYaml } from '../yaml.ts';

/** Why a request file is not proved to only read. */
export type RequestDenyCode = 'NOT_YAML' | 'VERB' | 'METHOD' | 'PATH' | 'RESOURCE' | 'VALUES' | 'SHAPE';

export interface RequestProblem {
  readonly code: RequestDenyCode;
  /** Where in the file: `list.path`. */
  readonly path: string;
  readonly message: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Found {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
  readonly owner: Fields;
}

/** Reads a request file as plain data, or says why it is none. */
export function readRequest(text: string, file: string): { data: Fields } | { problem: RequestProblem } {
  const { data, problems } = readYaml(text, file);
  if (problems.length === 0 && isFields(data)) return { data };
  const message = problems[0]?.message ?? 'is not a mapping';
  return { problem: { code: 'NOT_YAML', path: '', message } };
}

/** Every key of a document, at any depth. */
export function* everyField(fields: Fields, prefix = ''): Generator<Found> {
  for (const [key, value] of Object.entries(fields)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    yield { path, key, value, owner: fields };
    for (const [index, inner] of (Array.isArray(value) ? value : [value]).entries()) {
      if (isFields(inner)) yield* everyField(inner, Array.isArray(value) ? `${path}[${index}]` : path);
    }
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
