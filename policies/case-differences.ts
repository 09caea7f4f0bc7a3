/** Where what happened is not what a test expects. */
export interface Difference {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** What can not be known beforehand, because a key decides: matched by how it begins. */
const KEYED = ['pseudonym:*', 'hmac-sha256:*'];
const MAX_SHOWN = 120;
/** Of a value that is not there. */
export const NOTHING = 'nothing';

/** Every place at which two values differ, in the order of the expected one. */
export function differences(expected: unknown, got: unknown, path = ''): Difference[] {
  if (typeof expected === 'string' && KEYED.includes(expected)) {
    const begins = expected.slice(0, -1);
    return typeof got === 'string' && got.startsWith(begins) ? [] : [difference(path, expected, got)];
  }
  if (Array.isArray(expected) && Array.isArray(got)) return inLists(expected, got, path);
  if (isObject(expected) && isObject(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return keys.flatMap((key) =>
      differences(own(expected, key), own(got, key), path === '' ? key : `${path}.${key}`),
    );
  }
  return Object.is(expected, got) ? [] : [difference(path, expected, got)];
}

/** As sets: what is missing, and what is there without being expected. */
export function missingAndExtra(
  path: string,
  expected: readonly string[],
  got: readonly string[],
): Difference[] {
  const missing = expected.filter((name) => !got.includes(name));
  const extra = got.filter((name) => !expected.includes(name));
  return [
    ...missing.map((name) => ({ path, expected: name, got: 'nothing' })),
    ...extra.map((name) => ({ path, expected: 'nothing', got: name })),
  ];
}

/** Values at `wait_ms`, `changes[0].path` or `changes[].path`; of the last, those of all elements. */
export function valuesAt(body: unknown, path: string): readonly unknown[] {
  const steps = path.replace(/^body\./, '').match(/[^.[\]]+|\[\d*\]/g) ?? [];
  return steps.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((value) => at(value, step)),
    [body],
  );
}

export function isAboutAll(path: string): boolean {
  return path.includes('[]');
}

export function difference(path: string, expected: unknown, got: unknown): Difference {
  return { path, expected: shown(expected), got: shown(got) };
}

function at(value: unknown, step: string): readonly unknown[] {
  if (step === '[]') return Array.isArray(value) ? value : [];
  if (step.startsWith('[')) {
    const element: unknown = Array.isArray(value) ? value[Number(step.slice(1, -1))] : undefined;
    return element === undefined ? [] : [element];
  }
  const property = isObject(value) ? own(value, step) : undefined;
  return property === undefined ? [] : [property];
}

function inLists(expected: readonly unknown[], got: readonly unknown[], path: string): Difference[] {
  const length = Math.max(expected.length, got.length);
  return Array.from({ length }, (_, index) =>
    differences(expected[index], got[index], `${path}[${index}]`),
  ).flat();
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function shown(value: unknown): string {
  if (value === undefined) return NOTHING;
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
