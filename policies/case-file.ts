import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type ConnectorManifest, syncMode } from '../connectors/sdk/manifest.ts';
import type { DenyCode } from './admit.ts';
import { undeclaredFields, unknownFields } from './case-fields.ts';
import type { Withheld } from './clear.ts';
import { plainMessage } from './messages.ts';
import { canBeRight, knownRights } from './rights.ts';
import { hintFor, withSuggestions } from './suggest.ts';
import { nearest, type Problem, readYaml, type YamlFile } from './yaml.ts';

/**
 * Tests of policies, as an operator writes them: records and reads, and what the policies must make of them. Editors
 * check them with the JSON Schema that is made from this (`exhibit policy schema --tests`).
 */

const DENY_CODES: Readonly<Record<DenyCode, true>> = {
  UNKNOWN_READ: true,
  UNPROVEN_READ: true,
  STALE_POLICY: true,
  PRIVILEGE_REFUSED: true,
  CAPABILITY_DENIED: true,
  STREAM_DENIED: true,
  STREAM_STOPPED: true,
  MODE_DENIED: true,
  BAD_WINDOW: true,
};
const WITHHELD: Readonly<Record<Withheld['withheld'], true>> = {
  stream: true,
  scope: true,
  shape: true,
  detector: true,
  stopped: true,
  stale: true,
};
const decisions = ['admitted', ...keysOf(DENY_CODES)] as const;

const identifier = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'must be lower case: letters, digits, _ and -');
const time = z.iso.datetime('must be a time in UTC such as 2026-12-31T18:00:00Z');
const moment = time.transform((text) => new Date(text).toISOString());
const names = z.array(z.string().min(1));

const caseRecord = z
  .strictObject({
    connection: identifier.default('test').meta({ description: 'For policies about single connections.' }),
    connector: identifier,
    stream: identifier,
    read: identifier.optional().meta({ description: 'Default: a read that feeds the stream.' }),
    class: z.enum(['change', 'symptom', 'state']),
    entity: z.string().min(1).optional().meta({ description: 'A URI; default: one that is well formed.' }),
    related: names.optional(),
    key: z.string().min(1).default('1'),
    occurredAt: time.optional().meta({ description: 'Default: now.' }),
    scope: z.record(z.string(), z.string()).optional().meta({ description: 'Such as { namespace: shop }.' }),
    body: z.record(z.string(), z.unknown()).meta({ description: 'As the source would tell it.' }),
  })
  .meta({ description: 'A record as a connector observes it.' });

const caseRead = z
  .strictObject({
    connection: identifier.default('test'),
    connector: identifier,
    read: identifier,
    mode: syncMode.optional().meta({ description: "Default: the read's own." }),
    excess: names.default([]).meta({ description: 'Rights that the account holds and no read needs.' }),
  })
  .meta({ description: 'A read that somebody asks for.' });

const expectation = z.strictObject({
  body: z.record(z.string(), z.unknown()).optional().meta({ description: 'All that leaves, exactly.' }),
  fields: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Single values by path: wait_ms, changes[0].path, or changes[].path for all.' }),
  absent: names.optional().meta({ description: 'Paths that do not leave.' }),
  dropped: names.optional().meta({ description: 'Exactly the declared fields that were left out.' }),
  redactions: z
    .array(z.strictObject({ path: z.string().min(1), rule: z.string().min(1) }))
    .optional()
    .meta({ description: 'Exactly what detectors and treatments changed.' }),
  rules: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Which rule let a field out: { wait_ms: "acme#waits" }' }),
  entity: z.string().min(1).optional(),
  withheld: z
    .enum(keysOf(WITHHELD))
    .optional()
    .meta({ description: 'The record does not leave at all, and why.' }),
  decision: z.enum(decisions).optional().meta({ description: 'admitted, or why a read is refused.' }),
  streams: names.optional().meta({ description: 'Exactly the streams that an admitted read may feed.' }),
});
export type Expectation = z.infer<typeof expectation>;

const OF_A_READ: ReadonlySet<string> = new Set(['decision', 'streams']);

const policyCase = z
  .strictObject({
    name: z.string().min(1),
    now: moment.optional().meta({ description: 'When this happens; default: that of the file.' }),
    record: caseRecord.optional(),
    read: caseRead.optional(),
    expect: expectation.refine((expected) => Object.keys(expected).length > 0, 'expects nothing'),
  })
  .superRefine((one, context) => {
    if ((one.record === undefined) === (one.read === undefined)) {
      context.addIssue({ code: 'custom', message: 'must have either a record or a read' });
      return;
    }
    for (const key of one.record === undefined ? Object.keys(one.expect) : ['streams']) {
      if (one.record === undefined && OF_A_READ.has(key)) continue;
      if (!(key in one.expect)) continue;
      const message = one.record === undefined ? 'is not known of a read' : 'is not known of a record';
      context.addIssue({ code: 'custom', path: ['expect', key], message });
    }
  });
export type PolicyCase = z.infer<typeof policyCase>;

export const policyTestFile = z.strictObject({
  apiVersion: z.literal('exhibit/v1'),
  kind: z.literal('PolicyTest'),
  description: z.string().min(1).optional(),
  policies: names
    .min(1)
    .meta({ description: 'Presets and files, in order of layering; paths start at this file.' }),
  now: moment
    .optional()
    .meta({ description: 'When the cases happen, so that what expires can be tested; default: now.' }),
  cases: z.array(policyCase).min(1),
});
export type PolicyTestFile = z.infer<typeof policyTestFile>;

export interface LoadedCases {
  readonly source: YamlFile;
  readonly tests: PolicyTestFile;
}

/** Reads a file of tests and checks that what it names exists. */
export async function loadCases(
  file: string,
  manifests: readonly ConnectorManifest[],
): Promise<LoadedCases | { readonly problems: readonly Problem[] }> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return { problems: [{ file, line: 1, column: 1, path: '', message: 'can not be read' }] };
  }
  return parseCases(text, file, manifests);
}

export function parseCases(
  text: string,
  file: string,
  manifests: readonly ConnectorManifest[],
): LoadedCases | { readonly problems: readonly Problem[] } {
  const source = readYaml(text, file);
  if (source.problems.length > 0) return { problems: source.problems };
  const parsed = policyTestFile.safeParse(source.data, { error: plainMessage });
  if (!parsed.success) return { problems: withSuggestions(source.locate(parsed.error), policyTestFile) };
  const problems = parsed.data.cases.flatMap((one, index) => [
    ...unknownNames(one, index, source, manifests),
    ...unknownFields(one, index, source, manifests),
    ...undeclaredFields(one, index, source, manifests),
    ...unknownRights(one, index, source, manifests),
  ]);
  return problems.length > 0 ? { problems } : { source, tests: parsed.data };
}

/** A test about a stream that does not exist would pass for the wrong reason. */
function unknownNames(
  one: PolicyCase,
  index: number,
  source: YamlFile,
  manifests: readonly ConnectorManifest[],
): Problem[] {
  const kind = one.record === undefined ? 'read' : 'record';
  const { connector, stream, read } = { stream: undefined, read: undefined, ...one.read, ...one.record };
  const at = (key: string, message: string, typed: string, known: readonly string[]): Problem => ({
    ...source.place(['cases', index, kind, key], message),
    hint: hintFor(typed, known),
  });
  const manifest = manifests.find(({ id }) => id === connector);
  if (manifest === undefined) {
    const known = manifests.map(({ id }) => id);
    return [at('connector', 'is not a connector', connector ?? '', known)];
  }
  const problems: Problem[] = [];
  const streams = manifest.streams.map(({ id }) => id);
  if (stream !== undefined && !streams.includes(stream)) {
    problems.push(at('stream', `is not a stream of ${manifest.id}`, stream, streams));
  }
  const reads = manifest.reads.map(({ id }) => id);
  const isKnown = read === undefined || reads.includes(read) || one.expect.decision === 'UNKNOWN_READ';
  if (!isKnown) problems.push(at('read', `is not a read of ${manifest.id}`, read, reads));
  return problems;
}

/** No account can hold a right that its connector never tells of, so nothing would be refused for it. */
function unknownRights(
  { read }: PolicyCase,
  index: number,
  source: YamlFile,
  manifests: readonly ConnectorManifest[],
): Problem[] {
  const known = knownRights(manifests.filter(({ id }) => id === read?.connector));
  return (read?.excess ?? []).flatMap((right, at) => {
    if (known.length === 0 || canBeRight(right, known)) return [];
    const message = `is not a right that ${read?.connector} tells of`;
    const place = source.place(['cases', index, 'read', 'excess', at], message);
    const meant = nearest(right, known);
    const list = `\`exhibit connector show ${read?.connector}\` lists them`;
    return [{ ...place, hint: meant === undefined ? list : `did you mean "${meant}"?` }];
  });
}

function keysOf<K extends string>(object: Readonly<Record<K, true>>): K[] {
  return Object.keys(object) as K[];
}
