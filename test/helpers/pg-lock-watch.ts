import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** What a second session saw of the locks while something else went on. */
export interface LockSight {
  readonly samples: number;
  /** Longest that a session of the agent had waited for a lock, in milliseconds by the server's clock; null: it never did. */
  readonly longestWaitMs: number | null;
  /** Sessions that at some moment waited behind one of the agent. */
  readonly blockedByAgent: readonly number[];
  /** Sessions of the agent that were seen. */
  readonly agents: readonly number[];
  /** Sessions without a name that wait for a lock: logins that have not got far enough to have one. */
  readonly hungLogins: readonly number[];
}

const EVERY_MS = 20;

/** Functions only: nothing here takes a lock, so that it is answered while the catalogs are locked. */
const SAMPLE = {
  name: 'lock-watch',
  text: `SELECT a.pid, coalesce(a.application_name, '') AS name, w.wait_ms,
                pg_catalog.pg_blocking_pids(a.pid) AS behind
         FROM pg_catalog.pg_stat_get_activity(NULL) AS a
         LEFT JOIN (SELECT l.pid,
                           max(date_part('epoch', clock_timestamp() - l.waitstart) * 1000) AS wait_ms
                    FROM pg_catalog.pg_lock_status() AS l WHERE NOT l.granted GROUP BY l.pid) AS w ON w.pid = a.pid`,
};

interface Sample {
  readonly pid: number;
  readonly name: string;
  readonly wait_ms: number | null;
  readonly behind: readonly number[];
}

/** Lets the session learn what it needs of the catalogs while they are free. Once, before any watch. */
export async function prepareWatch(watcher: pg.Client): Promise<void> {
  for (let round = 0; round < 7; round += 1) await watcher.query(SAMPLE);
}

/** Looks every 20 ms until told to stop, by a session of its own that `prepareWatch` has been called with. */
export function watchLocks(watcher: pg.Client, agent = 'exhibit'): () => Promise<LockSight> {
  const seen: Sample[][] = [];
  let stopped = false;
  const watching = (async () => {
    do {
      const { rows } = await watcher.query<Sample>(SAMPLE);
      seen.push(rows);
      await sleep(EVERY_MS);
    } while (!stopped);
  })();
  return async () => {
    stopped = true;
    await watching;
    return sightOf(seen, agent);
  };
}

function sightOf(seen: readonly (readonly Sample[])[], agent: string): LockSight {
  const samples = seen.flat();
  const agents = new Set(samples.filter(({ name }) => name === agent).map(({ pid }) => pid));
  const waits = samples.flatMap(({ pid, wait_ms }) => (agents.has(pid) && wait_ms !== null ? [wait_ms] : []));
  const blocked = samples.filter(
    ({ pid, behind }) => !agents.has(pid) && behind.some((other) => agents.has(other)),
  );
  const hung = samples.filter(
    ({ pid, name, wait_ms }) => !agents.has(pid) && name === '' && wait_ms !== null,
  );
  return {
    samples: seen.length,
    longestWaitMs: waits.length === 0 ? null : Math.max(...waits),
    blockedByAgent: [...new Set(blocked.map(({ pid }) => pid))],
    agents: [...agents],
    hungLogins: [...new Set(hung.map(({ pid }) => pid))],
  };
}
