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
/** Which entry of the file an entry of a list was, by the path of the list in the file. */
type Places = ReadonlyMap<string, readonly number[]>;

const HEAD = {
  apiVersion: 'exhibit/v1',
  kind: 'Policy',
  metadata: { name: 'unnamed', version: '0', description: 'unnamed' },
};

const WINDOW = { from: '2000-01-01T00:00:00Z', expires: '2000-01-01T01:00:00Z' };

/**
 * For what an entry needs and nothing else is checked against: without a description, a rule that also names a field
 * wrongly would be left out as a whole, and that be told only when it has one.
 */
const STAND_INS: Readonly<Record<string, Section>> = {
  rules: { description: 'unnamed' },
  views: { description: 'unnamed' },
  detectors: { action: 'mask' },
  capabilities: { owner: 'unnamed', reason: 'unnamed', expires: '9999-12-31T00:00:00Z' },
  retention: { keep: '1d' },
  breakGlass: { reason: 'nobody said why', requestedBy: 'unnamed', approvedBy: 'unnamed-approver' },
};
/**
 * Lists whose entries are checked one by one. Without one of its streams or classes, a rule would be told that its fields
 * are none of theirs, and a pattern without a part is another one.
 */
const LOOSE: ReadonlySet<string> = new Set(['fields', 'reads', 'refuse', 'allow', 'deny']);
const WITH_ID: ReadonlySet<string> = new Set(['rules', 'breakGlass']);

/**
 * Leaves out what the schema complains of: first the very keys, and what of them is needed has a stand-in; then, where
 * there can be none, the entry they stand in. What is left is checked like any policy, so that a slip in one rule does not hide those in others.
 * Undefined when there is nothing to be made of it.
 */
export function salvage(source: YamlFile, found: z.ZodError): PartialPolicy | undefined {
  const data = copyOf(source.data);
  if (data === undefined) return undefined;
  const patterns = lengthOf(data['patterns']);
  for (const issue of found.issues) dropKeys(data, issue);
  const places = closeInner(data);
  standIn(data);
  const twice = policyFile.safeParse(data).error?.issues.filter(isRepeatedId) ?? [];
  for (const { path } of twice) renameEntry(data, path);
  for (const { path } of policyFile.safeParse(data).error?.issues ?? []) dropEntry(data, path);
  for (const [name, kept] of closeGaps(data)) places.set(name, kept);
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
    // A gap keeps the other entries at their places.
    if (Array.isArray(parent)) dropFromList(data, issue.path, parent);
    else delete parent[String(key)];
  }
}

function dropFromList(data: Section, path: readonly PropertyKey[], list: unknown[]): void {
  if (path.length <= 2 || !LOOSE.has(String(path.at(-2)))) return dropEntry(data, path);
  list[Number(path.at(-1))] = undefined;
}

function standIn(data: Section): void {
  for (const [section, needed] of Object.entries(STAND_INS)) {
    const list = data[section];
    if (!Array.isArray(list)) continue;
    for (const [index, entry] of list.entries()) {
      if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) continue;
      const own = entry as Section;
      const id = WITH_ID.has(section) ? { id: `unnamed-${index}` } : {};
      const hasWindow = own['from'] !== undefined && own['expires'] !== undefined;
      const window = section === 'breakGlass' && !hasWindow ? WINDOW : {};
      list[index] = { ...id, ...needed, ...own, ...window };
    }
  }
}

/** Of the lists in the entries of lists, and in the sections that are none. */
function closeInner(data: Section): Map<string, readonly number[]> {
  const places = new Map<string, readonly number[]>();
  const close = (value: unknown, path: string): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      close(inner, `${path}.${key}`);
      if (!Array.isArray(inner) || path === '') continue;
      const kept = keptOf(inner);
      if (kept.length === inner.length) continue;
      places.set(`${path}.${key}`, kept);
      (value as Section)[key] = kept.map((index) => inner[index] as unknown);
    }
  };
  close(data, '');
  return places;
}

function keptOf(list: readonly unknown[]): readonly number[] {
  return list.flatMap((entry, index) => (entry === undefined ? [] : [index]));
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
    const kept = keptOf(list);
    places.set(`.${name}`, kept);
    data[name] = kept.map((index) => list[index] as unknown);
  }
  return places;
}

function placeOf(path: readonly PropertyKey[], places: Places): readonly PropertyKey[] {
  const was: PropertyKey[] = [];
  for (const step of path) {
    const list = was.map((one) => `.${String(one)}`).join('');
    was.push(typeof step === 'number' ? (places.get(list)?.[step] ?? step) : step);
  }
  return was;
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
