import type { z } from 'zod';
import {
  ConnectorError,
  entityUri,
  type Gap,
  type Observation,
  observe,
  type RunContext,
  type Window,
} from '../sdk/index.ts';
import type { Answer, Call, GitHubClient } from './client.ts';
import type { Etags } from './etags.ts';
import type { Query } from './queries.ts';
import type { Tally } from './tally.ts';
import type { Span } from './window.ts';

export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** `owner/name`, as configured. */
  readonly full: string;
}

/** One read of one repository: what all five reads share. */
export interface Reading {
  readonly repository: Repository;
  readonly branches: readonly string[] | undefined;
  readonly query: Query;
  readonly span: Span;
  readonly now: Date;
  readonly client: GitHubClient;
  readonly etags: Etags;
  readonly tally: Tally;
  readonly run: RunContext;
  /** Keeps the cursor from passing something that is not finished yet. */
  holdBack(at: number): void;
}

export function repositoryOf(full: string): Repository {
  const [owner = '', name = ''] = full.split('/');
  return { owner, name, full };
}

/** `github://acme/shop/commit/4f2c…` */
export function entityOf(reading: Reading, ...segments: readonly (string | number)[]): string {
  const { owner, name } = reading.repository;
  return entityUri('github', owner, name, ...segments.map(String));
}

export function windowOf(span: Span): Window {
  return { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() };
}

export async function emit(reading: Reading, observation: Omit<Observation, 'scope'>): Promise<void> {
  reading.run.meter.useRows(1);
  await reading.run.emit(observe({ ...observation, scope: { repository: reading.repository.full } }));
}

export async function emitGap(reading: Reading, gap: Omit<Gap, 'entity' | 'window'>): Promise<void> {
  reading.tally.partial(gap.reason);
  await reading.run.emit({ ...gap, entity: entityOf(reading), window: windowOf(reading.span) });
}

/** Fills the path's `{owner}` and `{repo}`; the other placeholders come with `parameters`. */
export function callOf(
  reading: Reading,
  call: { readonly path: string; readonly parameters: Readonly<Record<string, string | number>> },
  parameters: Readonly<Record<string, string | number>> = {},
): Call {
  const { owner, name } = reading.repository;
  return { path: call.path, parameters: { ...call.parameters, ...parameters, owner, repo: name } };
}

export async function get(reading: Reading, call: Call, etag?: string): Promise<Answer> {
  return reading.client.get(call, {
    subject: subjectOf(reading),
    permission: reading.query.permission,
    etag,
  });
}

export function subjectOf(reading: Reading): string {
  return `${reading.query.read} of ${reading.repository.full}`;
}

/** Checks an answer's shape; only the fields that a schema names go on. */
export function shaped<T>(reading: Reading, schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ConnectorError(
    'BAD_RESPONSE',
    `the API's answer for ${subjectOf(reading)} has an unexpected shape`,
    {
      hint: 'A proxy may have answered in its place; else report it with the version of the server.',
      cause: parsed.error,
    },
  );
}

/** The items of a list that have the expected shape; the others are counted as missing, not dropped in silence. */
export function shapedItems<T>(
  reading: Reading,
  schema: z.ZodType<T>,
  items: readonly unknown[],
): readonly T[] {
  const good: T[] = [];
  for (const item of items) {
    const parsed = schema.safeParse(item);
    if (parsed.success) good.push(parsed.data);
    else reading.tally.missing(1, `some ${subjectOf(reading)} have an unexpected shape`);
  }
  return good;
}
