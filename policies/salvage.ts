import type { z } from 'zod';
import { type PolicyFile, policyFile } from './policy.ts';
import type { Problem, YamlFile } from './yaml.ts';

/** The parts of a policy file that have a good shape, when others have not. Nothing is decided by it. */
export interface PartialPolicy {
  /** Places problems where they stand in the whole file. */
  readonly source: YamlFile;
  readonly policy: PolicyFile;
  /** What the schema says only of files whose parts have a good shape. */
  readonly problems: readonly Problem[];
  /** Detectors may be named in it that stand in the parts that were left out. */
  readonly lacksPatterns: boolean;
}

type Section = Record<string, unknown>;
/** Which entry of the file an entry of a list was. */
type Places = ReadonlyMap<string, readonly number[]>;

const HEAD = {
  apiVersion: 'exhibit/v1',
  kind: 'Policy',
  metadata: { name: 'unnamed', version: '0', description: 'unnamed' },
};

/**
 * Leaves out what the schema complains of: first the very keys, then, where one of them was needed, the entry they
 * stand in. What is left is checked like any policy, so that a slip in one rule does not hide those in others.
 * Undefined when there is nothing to be made of it.
 */
export function salvage(source: YamlFile, found: z.ZodError): PartialPolicy | undefined {
  const data = copyOf(source.data);
  if (data === undefined) return undefined;
  const patterns = lengthOf(data['patterns']);
  for (const issue of found.issues) dropKeys(data, issue);
  const twice = policyFile.safeParse(data).error?.issues.filter(isRepeatedId) ?? [];
  for (const { path } of twice) renameEntry(data, path);
  for (const { path } of policyFile.safeParse(data).error?.issues ?? []) dropEntry(data, path);
  const places = closeGaps(data);
  const last = policyFile.safeParse(data);
  if (!last.success) return undefined;
  return {
    source: { ...source, place: (path, message) => source.place(placeOf(path, places), message) },
    policy: last.data,
    problems: twice
      .filter(({ path }) => !found.issues.some((issue) => String(issue.path) === String(path)))
      .map(({ path, message }) => source.place(path, message)),
    lacksPatterns: last.data.patterns.length < patterns,
  };
}

/** The one thing that the schema says of several entries at once. */
function isRepeatedId({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'custom' && path.length === 3 && path[2] === 'id';
}

function renameEntry(data: Section, path: readonly PropertyKey[]): void {
  const entry = at(data, path.slice(0, 2));
  if (entry !== undefined && !Array.isArray(entry)) entry['id'] = `unnamed-${String(path[1])}`;
}

function dropKeys(data: Section, issue: z.core.$ZodIssue): void {
  const parent = at(data, issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1));
  if (parent === undefined) return;
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(-1);
  for (const key of keys) {
    // A gap keeps the other entries at their places; a list of texts is better left out as a whole.
    if (Array.isArray(parent)) dropFromList(data, issue.path);
    else delete parent[String(key)];
  }
}

function dropFromList(data: Section, path: readonly PropertyKey[]): void {
  if (path.length <= 2) return dropEntry(data, path);
  const parent = at(data, path.slice(0, -2));
  if (parent !== undefined && !Array.isArray(parent)) delete parent[String(path.at(-2))];
}

function dropEntry(data: Section, [section, index]: readonly PropertyKey[]): void {
  const name = String(section);
  const list = data[name];
  if (Object.hasOwn(HEAD, name)) data[name] = HEAD[name as keyof typeof HEAD];
  else if (Array.isArray(list) && typeof index === 'number') list[index] = undefined;
  else delete data[name];
}

function closeGaps(data: Section): Places {
  const places = new Map<string, readonly number[]>();
  for (const [name, list] of Object.entries(data)) {
    if (!Array.isArray(list)) continue;
    const kept = list.flatMap((entry, index) => (entry === undefined ? [] : [index]));
    places.set(name, kept);
    data[name] = kept.map((index) => list[index] as unknown);
  }
  return places;
}

function placeOf(path: readonly PropertyKey[], places: Places): readonly PropertyKey[] {
  const [section, index, ...rest] = path;
  const was = typeof index === 'number' ? places.get(String(section))?.[index] : undefined;
  return was === undefined ? path : [String(section), was, ...rest];
}

function at(data: Section, path: readonly PropertyKey[]): Section | unknown[] | undefined {
  let value: unknown = data;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Section)[String(step)];
  }
  return value === null || typeof value !== 'object' ? undefined : (value as Section | unknown[]);
}

function copyOf(data: unknown): Section | undefined {
  const isMapping = data !== null && typeof data === 'object' && !Array.isArray(data);
  return isMapping ? { ...HEAD, ...(structuredClone(data) as Section) } : undefined;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : value === undefined ? 0 : 1;
}
