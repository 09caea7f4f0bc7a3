import { parse } from 'yaml';
import { z } from 'zod';
import { type ConnectorDeps, ConnectorError, duration } from '../sdk/index.ts';

const call = {
  method: z.literal('GET'),
  path: z.string().regex(/^(\/([a-z_]+|\{[a-z_]+\}))+$/, 'must be a path of words and {parameters}'),
  parameters: z.record(z.string().regex(/^[a-z_]+$/), z.union([z.string(), z.int()])),
};

const listCall = z.strictObject({
  ...call,
  /** Pages read at most, per filter. */
  pages: z.int().positive(),
  /** Items the API gives at most for one filter, however many there are. */
  cap: z.int().positive().optional(),
});
export type ListCall = z.infer<typeof listCall>;

const itemCall = z.strictObject({
  ...call,
  /** Calls at most, per repository and run. */
  limit: z.int().positive(),
});
export type ItemCall = z.infer<typeof itemCall>;

/** A read as data: what is asked of the API, and how its answers relate to the window. */
export const query = z.strictObject({
  read: z.string(),
  permission: z.string().regex(/^[a-z_]+:read$/),
  window: z.strictObject({
    /** Field of a list item that decides whether it is in the window. */
    time: z.string(),
    /** How far before the cursor the next run starts. */
    overlap: duration,
    /** How far before the window items are still looked at for what happened to them in it. */
    lookback: duration.default(0),
  }),
  list: listCall,
  detail: itemCall.optional(),
  statuses: itemCall.optional(),
  attempts: itemCall.optional(),
});
export type Query = z.infer<typeof query>;

export function loadQuery(deps: ConnectorDeps, read: string): Query {
  const text = deps.reads.get(read);
  if (text === undefined) {
    throw new ConnectorError('UNSUPPORTED', `there is no read "${read}" in the github connector`);
  }
  return query.parse(parse(text));
}

/** The calls of a query for single items; asking for one that the file does not have is a fault of ours. */
export function itemCallOf(of: Query, name: 'detail' | 'statuses' | 'attempts'): ItemCall {
  const found = of[name];
  if (found === undefined)
    throw new ConnectorError('INTERNAL', `queries/${of.read}.yaml has no call "${name}"`);
  return found;
}
