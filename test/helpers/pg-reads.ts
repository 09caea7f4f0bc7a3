import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { connector } from '../../connectors/postgresql/index.ts';
import { type JsonValue, type Observation, Secret } from '../../connectors/sdk/index.ts';
import { admitted, fakeDeps, loadReads, recordingRun } from '../../connectors/sdk/testing/index.ts';

const reads = loadReads(`${import.meta.dirname}/../../connectors/postgresql`);

const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal });
  },
};

/** The connector on a real server, with the state of each of its reads kept from one call to the next. */
export interface PgReads {
  /** Everything that the read emits. Throws when it reports a gap: these tests stage incidents, not lacks. */
  read(id: string): Promise<readonly Observation[]>;
  /** The first record that matches. Throws when there is none. */
  one(id: string, matches?: (record: Observation) => boolean): Promise<Observation>;
  close(): Promise<void>;
}

export function pgReads(dsn: string, overrides: Readonly<Record<string, unknown>> = {}): PgReads {
  const config = connector.config.parse({ dsn: new Secret(dsn), ...overrides });
  const source = connector.create(config, fakeDeps({ connection: 'orders-db', reads, clock }));
  const states = new Map<string, Map<string, JsonValue>>();
  async function read(id: string): Promise<readonly Observation[]> {
    const state = states.get(id) ?? new Map<string, JsonValue>();
    states.set(id, state);
    const run = recordingRun({ state, clock });
    await source.read(run, admitted({ read: id, streams: [id] }), new AbortController().signal);
    if (run.gaps.length > 0) throw new Error(`the read ${id} left a gap: ${JSON.stringify(run.gaps)}`);
    return run.observations;
  }
  return {
    read,
    one: async (id, matches = () => true) => {
      const records = await read(id);
      const found = records.find(matches);
      if (found === undefined) throw new Error(`${id} says nothing of it: ${JSON.stringify(records)}`);
      return found;
    },
    close: () => source.close(),
  };
}

/**
 * Counters arrive late: until the server says of itself that it is so. Before PostgreSQL 15 another session may still
 * be shown counters half a second older. Throws after fifteen seconds.
 */
export async function untilTrue(client: pg.Client, condition: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline) {
    const { rows } = await client.query<{ readonly yes: boolean; readonly version: number }>(
      `SELECT (${condition}) AS yes, current_setting('server_version_num')::int AS version`,
    );
    if (rows[0]?.yes === true) return rows[0].version < 150_000 ? sleep(1_000) : undefined;
    await sleep(50);
  }
  throw new Error(`this did not come true: ${condition}`);
}
